"""What holds for a node or a workflow beside its parameters: retries, errors, pinned data, settings, credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.formats.n8n.node_list import Entry
from towpath.formats.n8n.shapes import Document

_ON_ERROR = {"continueRegularOutput": "continue", "continueErrorOutput": "branch", "stopWorkflow": "stop"}


def node_options(entry: Entry) -> dict[str, Any]:
    """The fields of our node that n8n's options say."""
    raw = entry.raw
    made: dict[str, Any] = {"on_error": on_error(entry), "disabled": entry.disabled}
    if raw.get("executeOnce") is True:
        made["once"] = True
    if raw.get("alwaysOutputData") is True:
        made["always_output"] = True
    if raw.get("retryOnFail") is True:
        wait = _number(raw.get("waitBetweenTries"), 1000)
        tries = max(2, min(int(_number(raw.get("maxTries"), 3)), 100))
        made["retry"] = {"attempts": tries, "delay": wait / 1000, "factor": 1.0, "jitter": 0.0}
    if isinstance(raw.get("notes"), str) and raw["notes"]:
        made["notes"] = raw["notes"]
    position = raw.get("position")
    if isinstance(position, Mapping):
        position = [position.get("x"), position.get("y")]
    if isinstance(position, list) and len(position) == 2:
        made["position"] = {"x": _number(position[0], 0), "y": _number(position[1], 0)}
    made["connections"] = tuple(name for name, _ in credentials(entry))
    return made


def on_error(entry: Entry) -> str:
    """What a failed item does; ``continueOnFail`` is the older spelling of going on."""
    if entry.raw.get("continueOnFail") is True:
        return "continue"
    return _ON_ERROR.get(str(entry.raw.get("onError")), "stop")


def credentials(entry: Entry) -> list[tuple[str, str]]:
    """``(name, kind)`` of each credential; only the name is taken, never what is in it."""
    given = entry.raw.get("credentials")
    found = []
    for kind, value in given.items() if isinstance(given, Mapping) else ():
        name = value.get("name") if isinstance(value, Mapping) else value
        found.append((name if isinstance(name, str) and name else str(kind), str(kind)))
    return found


def pinned_items(document: Document, entry: Entry) -> tuple[dict[str, Any], ...] | None:
    """The items pinned to a node: the JSON of each."""
    pins = document.get("pinData")
    rows = pins.get(entry.name) if isinstance(pins, Mapping) else None
    if not isinstance(rows, list):
        return None
    return tuple(_json_of(row) for row in rows if isinstance(row, dict))


def _json_of(row: dict[str, Any]) -> dict[str, Any]:
    return row["json"] if isinstance(row.get("json"), dict) else row


def workflow_settings(document: Document) -> dict[str, Any]:
    """Our settings."""
    given = document.get("settings")
    settings: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    made: dict[str, Any] = {}
    zone = settings.get("timezone")
    if isinstance(zone, str) and zone not in ("", "DEFAULT"):
        made["timezone"] = zone
    handler = settings.get("errorWorkflow")
    if isinstance(handler, Mapping):
        handler = handler.get("value")
    if isinstance(handler, str) and handler and handler != "DEFAULT":
        made["error_workflow"] = handler
    seconds = settings.get("executionTimeout")
    if isinstance(seconds, int | float) and seconds > 0:
        made["limits"] = {"wall_time": float(seconds)}
    if runs_breadth_first(document):
        made["order"] = "breadth"
    return made


def runs_breadth_first(document: Document) -> bool:
    """Whether the workflow has n8n's old order of execution, v0, which is that of files that say nothing."""
    given = document.get("settings")
    return (given.get("executionOrder", "v0") if isinstance(given, Mapping) else "v0") != "v1"


def _number(value: Any, default: float) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
    return float(value) if fits else default
