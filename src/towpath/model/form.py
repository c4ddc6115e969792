"""Forms: what a person is asked to fill in, as JSON Schema, and the faults of an answer, one per field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs
import msgspec

from towpath.errors import InputError

WHOLE = ""  # the field of faults that are about the answer as a whole
_PATTERNS = jsonschema_rs.RegexOptions()  # linear time: a pattern written by somebody cannot hold the server up


def form_fault(schema: object) -> str | None:
    """What is wrong with a form; None for one that can be used."""
    if not isinstance(schema, Mapping):
        return "a form is a JSON Schema: an object"
    if schema.get("type", "object") != "object":
        return "a form asks for an object: its 'type' is 'object'"
    try:
        _validator(msgspec.json.encode(schema))
    except (ValueError, jsonschema_rs.ReferencingError) as error:  # ValidationError is a ValueError
        return str(error).partition("\n")[0]
    return None


def answer_faults(schema: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, str]:
    """The faults of an answer by field (``address.city``); empty where it fits. An empty text fills nothing in."""
    filled = {name: value for name, value in answer.items() if value not in (None, "")}
    faults: dict[str, str] = {}
    for error in _validator(msgspec.json.encode(schema)).iter_errors(filled):
        path = [str(part) for part in error.instance_path]
        missing = getattr(error.kind, "property", None)
        faults.setdefault(".".join([*path, *([missing] if missing else [])]), error.message)
    return faults


def form_error(faults: Mapping[str, str]) -> InputError:
    """The faults of an answer as one error that names every field."""
    named = ", ".join(sorted(name for name in faults if name)) or "the answer"
    return InputError(
        f"the form is not filled in as it asks: {named}",
        code="task.form_incomplete",
        hint="; ".join(f"{name}: {text}" if name else text for name, text in sorted(faults.items())),
        params={"fields": sorted(faults), "faults": dict(faults)},
    )


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Any:
    return jsonschema_rs.validator_for(
        msgspec.json.decode(schema), validate_formats=True, retriever=_nowhere, pattern_options=_PATTERNS
    )


def _nowhere(uri: str) -> Any:
    raise ValueError(f"a form is read from nowhere else: {uri}")
