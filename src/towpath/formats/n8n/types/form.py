"""n8n's Form: a later page, or the last one."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.form_fields import form_fields, n8n_fields
from towpath.formats.n8n.texts import ours, theirs


def read(given: Given) -> Mapped:
    """Fields written as JSON and files at the end have no counterpart."""
    if given.fixed("operation") == "completion":
        return _end(given)
    if given.fixed("defineForm", "fields") != "fields":
        raise UnmappedError("its fields are written as JSON", "Draw them as fields.")
    if given.get("limitWaitTime"):
        raise UnmappedError("it waits for a limited time")
    fields = form_fields(given)
    if not fields:
        raise UnmappedError("its page has no fields")
    params: dict[str, Any] = {"fields": fields}
    for option, name in (("formTitle", "title"), ("formDescription", "description")):
        if given.get(f"options.{option}"):
            params[name] = ours(given.get(f"options.{option}"))
    if given.fixed("options.buttonLabel", ""):
        params["button"] = str(given.fixed("options.buttonLabel"))
    return Mapped("web.form", params)


def _end(given: Given) -> Mapped:
    kind = given.fixed("respondWith", "text")
    params: dict[str, Any] = {"mode": "end"}
    if kind == "redirect":
        return Mapped("web.form", {**params, "redirect": ours(given.get("redirectUrl", ""))})
    if kind == "showText":
        return Mapped("web.form", {**params, "description": ours(given.get("responseText", ""))})
    if kind != "text":
        raise UnmappedError(f"its last page is of the kind {kind!r}")
    for option, name in (("completionTitle", "title"), ("completionMessage", "description")):
        if given.get(option):
            params[name] = ours(given.get(option))
    return Mapped("web.form", params)


def write(params: Json) -> Json | None:
    """Pages that keep the item's fields or give up cannot be said."""
    if params.get("mode", "page") == "end":
        if "redirect" in params:
            return {"operation": "completion", "respondWith": "redirect", "redirectUrl": theirs(params["redirect"])}
        return {
            "operation": "completion",
            "completionTitle": theirs(params.get("title", "")),
            "completionMessage": theirs(params.get("description", "")),
        }
    if set(params) - {"fields", "title", "description", "button"}:
        return None
    names = {"title": "formTitle", "description": "formDescription", "button": "buttonLabel"}
    options = {word: theirs(params[name]) for name, word in names.items() if name in params}
    return {"operation": "page", "formFields": n8n_fields(params.get("fields", ())), "options": options}


dialect = Dialect(
    "n8n-nodes-base.form",
    (1, 2.3, 2.4, 2.5),
    read,
    {1: {"operation": "page", "options": {}}},
    target="web.form",
    write=write,
)
