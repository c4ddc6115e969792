"""n8n's Form Trigger."""

from __future__ import annotations

import re
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.form_fields import form_fields, n8n_fields
from towpath.formats.n8n.texts import is_expression

_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


def read(given: Given) -> Mapped:
    """The page, and what is said at the end."""
    path = str(given.fixed("options.path") or given.fixed("path") or given.webhook_id or given.id).strip("/")
    if not _PATH.fullmatch(path):
        raise UnmappedError(f"its path {path!r} has unusual signs", "Use letters, digits, - and _.")
    title = str(given.fixed("formTitle"))
    params: dict[str, Any] = {"path": path, "fields": form_fields(given)}
    if title:
        params["title"] = title
    description = given.get("formDescription", "")
    if description and not is_expression(description):
        params["description"] = description
    if given.fixed("options.buttonLabel", ""):
        params["button"] = str(given.fixed("options.buttonLabel"))
    params |= _end(given)
    warnings = ["n8n's address was /form/<path>; here it is /forms/<path>"]
    if given.fixed("authentication", "none") != "none":
        warnings.append("its sign-in is not taken over: everybody who knows the address may fill it in")
    if given.fixed("responseMode") not in ("onReceived", "lastNode"):
        warnings.append("people see the form's end, not what a Respond node says")
    return Mapped("trigger.form", params, warnings=tuple(warnings))


def _end(given: Given) -> dict[str, Any]:
    said = given.get("options.respondWithOptions.values", {})
    if said.get("respondWith") == "redirect":
        url = said.get("redirectUrl", "")
        return {"redirect": url} if isinstance(url, str) and url.startswith(("https://", "http://")) else {}
    text = said.get("formSubmittedText", "")
    return {"done": text} if isinstance(text, str) and text and not is_expression(text) else {}


def write(params: Json) -> Json | None:
    """All but a title that nobody gave."""
    if "title" not in params:
        return None
    options: dict[str, Any] = {"path": params.get("path")}
    if "button" in params:
        options["buttonLabel"] = params["button"]
    if "done" in params:
        options["respondWithOptions"] = {"values": {"respondWith": "text", "formSubmittedText": params["done"]}}
    elif "redirect" in params:
        options["respondWithOptions"] = {"values": {"respondWith": "redirect", "redirectUrl": params["redirect"]}}
    made = {"formTitle": params["title"], "formFields": n8n_fields(params.get("fields", ())), "options": options}
    return {**made, "formDescription": params["description"]} if "description" in params else made


dialect = Dialect(
    "n8n-nodes-base.formTrigger",
    (1, 2, 2.1, 2.2, 2.3, 2.4, 2.5),
    read,
    {1: {"formTitle": "", "formDescription": "", "responseMode": "onReceived", "options": {}}},
    target="trigger.form",
    write=write,
    writes=2.2,
)
