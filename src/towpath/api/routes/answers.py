"""Answering a task by the link of a mail: GET only looks, as mail scanners follow links; POST answers."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from towpath.api.bodies import counted, not_json
from towpath.api.door import GuardedPlain
from towpath.errors import InputError
from towpath.service.answer_links import answer, linked_task

PATH = "/answer/{token}"
BODY_LIMIT = 100_000
_PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{subject}</title>
<meta name="viewport" content="width=device-width"><h1>{subject}</h1><p>{description}</p>
<form method="post">{buttons}</form></html>"""
_DONE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{text}</title><h1>{text}</h1></html>"""
_TEXTS = {
    "en": {"approved": "Approve", "rejected": "Reject", "done": "Done", "thanks": "Thank you: your answer is in.",
           "closed": "This has been answered already."},
    "zh": {"approved": "批准", "rejected": "拒绝", "done": "完成", "thanks": "谢谢，您的答复已记录。",
           "closed": "此事已有答复。"},
}  # fmt: skip


async def look(request: Request) -> Response:
    """The task and its buttons."""
    task = await run_in_threadpool(linked_task, request.app.state.platform, request.path_params["token"])
    texts, lang = _language(request)
    outcomes = ("approved", "rejected") if task["kind"] == "approval" else ("done",)
    buttons = "".join(f'<button name="outcome" value="{name}">{escape(texts[name])}</button> ' for name in outcomes)
    if task["status"] not in ("Open", "Claimed"):
        return _html(_DONE.format(lang=lang, text=escape(texts["closed"])), 409)
    said = {name: escape(task[name] or "") for name in ("subject", "description")}
    return _html(_PAGE.format(lang=lang, buttons=buttons, **said))


async def give(request: Request) -> Response:
    """The answer; 409 for the second one."""
    body = await Request(request.scope, counted(request.receive, BODY_LIMIT)).body()
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    asked = _form(body) if is_form else _json(body)
    outcome, response = asked.get("outcome"), asked.get("response")
    if not isinstance(outcome, str | None) or not isinstance(response, Mapping | None):
        raise InputError("an answer has an 'outcome' and may have a 'response'", code="request.invalid")
    platform, token = request.app.state.platform, request.path_params["token"]
    done = await run_in_threadpool(answer, platform, token, outcome, response)
    request.app.state.nudge()
    texts, lang = _language(request)
    if is_form:
        return _html(_DONE.format(lang=lang, text=escape(texts["thanks"])))
    told = {name: done[name] for name in ("id", "status", "outcome")}
    return Response(msgspec.json.encode(told), media_type="application/json")


def _form(body: bytes) -> dict[str, Any]:
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=100)
    return {"outcome": fields.get("outcome", [None])[0]}


def _json(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise not_json(error) from None


def _language(request: Request) -> tuple[Mapping[str, str], str]:
    lang = "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
    return _TEXTS[lang], lang


def _html(page: str, status: int = 200) -> Response:
    return Response(page, status, media_type="text/html; charset=utf-8")


routes = [
    GuardedPlain(PATH, look, methods=["GET"], permission=None),
    GuardedPlain(PATH, give, methods=["POST"], permission=None),
]
