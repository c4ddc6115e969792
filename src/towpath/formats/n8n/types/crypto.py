"""n8n's Crypto: digests and random texts."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError
from towpath.formats.n8n.texts import is_expression, ours, theirs

_ACTIONS = {"hash": "hash", "hmac": "hmac", "generate": "random"}
_WORDS = {ours_name: theirs_name for theirs_name, ours_name in _ACTIONS.items()}


def read(given: Given) -> Mapped:
    """Signing needs a private key, which belongs into a connection."""
    action = str(given.fixed("action"))
    if action not in _ACTIONS:
        raise UnmappedError(f"its action {action!r} has no counterpart in Towpath", "Call a service that signs.")
    params: dict[str, Any] = {"action": _ACTIONS[action], "into": str(given.fixed("dataPropertyName"))}
    if action == "generate":
        params |= {"form": str(given.fixed("encodingType")), "length": given.get("stringLength")}
        return Mapped("data.crypto", params)
    params |= {"algorithm": str(given.fixed("type")), "form": str(given.fixed("encoding"))}
    if given.fixed("binaryData", False):
        params["file"] = str(given.fixed("binaryPropertyName"))
    else:
        params["value"] = ours(given.get("value"))
    warnings = []
    if action == "hmac":
        secret = given.get("secret", "")
        params["secret"] = secret if is_expression(secret) else "={{ $env.N8N_HMAC_SECRET }}"
        if not is_expression(secret):
            warnings.append("its secret stays in n8n: put it into the variable N8N_HMAC_SECRET and allow that")
    return Mapped("data.crypto", params, warnings=tuple(warnings))


def write(params: Json) -> Json | None:
    """All but secrets, which are not written into files."""
    action = params.get("action", "hash")
    if action == "hmac" or params.get("algorithm") == "SHA1":
        return None
    made: dict[str, Any] = {"action": _WORDS[action], "dataPropertyName": params.get("into", "data")}
    if action == "random":
        return {**made, "encodingType": params.get("form", "hex"), "stringLength": params.get("length", 32)}
    made |= {"type": params.get("algorithm", "SHA256"), "encoding": params.get("form", "hex")}
    if "file" in params:
        return {**made, "binaryData": True, "binaryPropertyName": params["file"]}
    return {**made, "value": theirs(params.get("value", ""))}


dialect = Dialect(
    "n8n-nodes-base.crypto",
    (1, 2),
    read,
    {1: {"action": "hash", "type": "MD5", "value": "", "dataPropertyName": "data", "encoding": "hex",
         "encodingType": "uuid", "stringLength": 32, "binaryPropertyName": "data"}},
    target="data.crypto",
    write=write,
)  # fmt: skip
