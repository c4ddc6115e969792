"""Public pages of forms, and the addresses that wake runs: who knows a run's address may use it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from towpath.api import form_pages
from towpath.api.bodies import counted
from towpath.api.door import GuardedPlain
from towpath.api.routes.incoming import headers_of
from towpath.api.uploads import MULTIPART, parts_of
from towpath.api.webhook_items import call_of, call_with_parts
from towpath.errors import InputError
from towpath.service.signatures import Upload
from towpath.service.web_forms import (
    BadAnswersError,
    answer_page,
    form_page,
    resume_by_call,
    standing,
    start_by_form,
)

Filled = tuple[dict[str, Any], dict[str, Upload]]


async def first_page(request: Request) -> Response:
    """The form."""
    page = await run_in_threadpool(form_page, request.app.state.platform, request.path_params["path"])
    return _html(form_pages.form(page, _language(request), {}, {}))


async def start(request: Request) -> Response:
    """A run with what was filled in; the browser goes to the run's own page."""
    given, files = await _filled_in(request)
    state = request.app.state
    try:
        run, signed = await run_in_threadpool(start_by_form, state.platform, request.path_params["path"], given, files)
    except BadAnswersError as error:
        return _again(request, error, given)
    state.nudge()
    return RedirectResponse(f"/forms/run/{run}/{signed}", 303)


async def run_page(request: Request) -> Response:
    """The page that the run waits at, news of it, or its end."""
    state, lang = request.app.state, _language(request)
    found = await run_in_threadpool(standing, state.platform, *_run(request))
    if found.kind == "page":
        return _html(form_pages.form(found.page, lang, {}, {}))
    return _html(form_pages.working(lang) if found.kind == "working" else form_pages.end(found.page, lang))


async def answer(request: Request) -> Response:
    """What was filled in at a later page."""
    given, files = await _filled_in(request)
    state = request.app.state
    try:
        await run_in_threadpool(answer_page, state.platform, *_run(request), given, files)
    except BadAnswersError as error:
        return _again(request, error, given)
    state.nudge()
    return RedirectResponse(request.url.path, 303)


async def resume(request: Request) -> Response:
    """Wakes the run that waits for this call; says whether it did."""
    state, headers = request.app.state, headers_of(request)
    body = await Request(request.scope, counted(request.receive, state.settings.webhook_limit)).body()
    parts = (request.method, "resume", request.scope["query_string"], headers, body)
    is_form = headers.get("content-type", "").lower().startswith(MULTIPART)
    call = await call_with_parts(*parts) if is_form else call_of(*parts)
    item = {name: value for name, value in call.item.items() if name != "path"}
    woken = await run_in_threadpool(resume_by_call, state.platform, *_run(request), item)
    state.nudge()
    return Response(msgspec.json.encode({"resumed": woken}), 200 if woken else 409, media_type="application/json")


async def _filled_in(request: Request) -> Filled:
    """Fields and files by their places. InputError for another kind of body."""
    body = await Request(request.scope, counted(request.receive, request.app.state.settings.body_limit)).body()
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith(MULTIPART):
        return await parts_of(content_type, body)
    if not content_type.lower().startswith("application/x-www-form-urlencoded"):
        raise InputError("a form is sent as a form", code="form.content_type", hint="Fill in the page and send it.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise InputError("the form has too many fields", code="form.too_large") from None
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}, {}


def _again(request: Request, error: BadAnswersError, given: dict[str, Any]) -> Response:
    return _html(form_pages.form(error.page, _language(request), given, error.wrong), 422)


def _run(request: Request) -> tuple[str, str]:
    return request.path_params["run"], request.path_params["signature"]


def _language(request: Request) -> str:
    return form_pages.language(request.headers.get("accept-language", ""))


def _html(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, {"content-security-policy": form_pages.POLICY})


RUN_PAGE, RESUME = "/forms/run/{run}/{signature}", "/resume/{run}/{signature}"
routes = [
    GuardedPlain(RUN_PAGE, run_page, methods=["GET"], permission=None),
    GuardedPlain(RUN_PAGE, answer, methods=["POST"], permission=None),
    GuardedPlain(RESUME, resume, methods=["GET", "POST", "PUT"], permission=None),
    GuardedPlain("/forms/{path:path}", first_page, methods=["GET"], permission=None),
    GuardedPlain("/forms/{path:path}", start, methods=["POST"], permission=None),
]
