"""n8n's Code: JavaScript or Python, for all items or for each."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.python_code import with_dicts

JAVASCRIPT, PYTHON = "code.javascript", "code.python"
_MODES = {"runOnceForAllItems": "all", "runOnceForEachItem": "each"}


def read(given: Given) -> Mapped:
    """The code goes over word for word, but for how Python reads the fields of items."""
    language, mode = given.fixed("language"), given.fixed("mode")
    if mode not in _MODES:
        raise UnmappedError(f"its mode {mode!r} is not known")
    kind, name = (JAVASCRIPT, "jsCode") if language == "javaScript" else (PYTHON, "pythonCode")
    params: dict[str, Any] = {"code": str(given.params.get(name, ""))}
    if not params["code"].strip():
        raise UnmappedError("it has no code")
    if _MODES[mode] == "each":
        params["mode"] = "each"
    warnings: tuple[str, ...] = ()
    if language == "python" and (code := with_dicts(params["code"])) != params["code"]:
        params["code"], warnings = code, ("its items are dicts: item.json.name became item['json']['name']",)
    return Mapped(kind, params, warnings=warnings)


def write(params: Json) -> Json | None:
    """JavaScript; other limits than the usual ones cannot be said."""
    if set(params) - {"code", "mode"}:
        return None
    made = {"jsCode": params.get("code", "")}
    return {**made, "mode": "runOnceForEachItem"} if params.get("mode") == "each" else made


dialect = Dialect(
    "n8n-nodes-base.code",
    (1, 2),
    read,
    {1: {"mode": "runOnceForAllItems", "language": "javaScript"}},
    target=JAVASCRIPT,
    write=write,
    writes=2,
)
