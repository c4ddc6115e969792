"""A plain document to a WorkflowDefinition, with every fault of its shape found at once."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from towpath.errors import Where, WorkflowError, did_you_mean
from towpath.formats.native.limits import MAX_PARTS, too_many
from towpath.formats.native.lists import as_id, keyed
from towpath.formats.native.upgrades import upgrade
from towpath.model.problem import Problem
from towpath.model.workflow import Baseline, Edge, Lane, Limits, Node, Position, Retry, Settings, WorkflowDefinition

_ROUNDS = 8  # a repaired document may show faults that the first ones hid
_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    (): WorkflowDefinition, ("nodes", "*"): Node, ("edges", "*"): Edge, ("lanes", "*"): Lane, ("settings",): Settings,
    ("nodes", "*", "retry"): Retry, ("nodes", "*", "position"): Position, ("settings", "limits"): Limits,
    ("settings", "baseline"): Baseline,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read: the definition without its faulty parts (None when too little is left), and the faults."""

    definition: WorkflowDefinition | None
    problems: tuple[Problem, ...] = ()


def refusal(problems: Sequence[Problem], file: str | None = None) -> WorkflowError:
    """The error that carries all problems of a document and says the first."""
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    first = problems[0]
    where = Where(file=file, node=first.node, field=first.field)
    return WorkflowError(f"{first.message}{more}", code=first.code, hint=first.hint, where=where, problems=problems)


def read_document(document: dict[str, Any]) -> Reading:
    """Read a plain JSON object. Raises FormatError only for a format that cannot be read, or far too many parts."""
    problems: list[Problem] = []
    for part, limit in MAX_PARTS.items():
        if isinstance(document.get(part), dict | list) and len(document[part]) > limit:
            raise too_many(part, len(document[part]))
    rest = _with_text_ids(keyed(upgrade(document), problems))
    for _ in range(_ROUNDS):
        try:
            return Reading(WorkflowDefinition.model_validate(rest), tuple(problems))
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems += [problem for detail in details if (problem := _problem(detail)) not in problems]
            rest = copy.deepcopy(rest)
            usable = [_leave_out(rest, detail) for detail in details]
            if not all(usable):
                break
    return Reading(None, tuple(problems))


def _with_text_ids(document: dict[str, Any]) -> dict[str, Any]:
    edges = document.get("edges")
    if not isinstance(edges, dict):
        return document
    made = {name: _edge_with_text_ids(edge) if isinstance(edge, dict) else edge for name, edge in edges.items()}
    return {**document, "edges": made}


def _edge_with_text_ids(edge: dict[str, Any]) -> dict[str, Any]:
    return {key: as_id(value) if key in ("source", "target") else value for key, value in edge.items()}


def _leave_out(document: dict[str, Any], detail: ErrorDetails) -> bool:
    """Take the faulty part out, so that the rest can be read; False when nothing useful would be left."""
    *path, last = [part for part in detail["loc"] if part != "[key]"] or [""]
    if not path and last == "name":
        document["name"] = "Untitled"
        return True
    if detail["type"] == "missing":
        if path[:1] != ["edges"] or len(path) != 2:
            return False
        path, last = path[:1], path[1]
    inside: Any = document
    for part in path:
        try:
            inside = inside[part]
        except (KeyError, IndexError, TypeError):
            return True  # it went with a part around it
    if isinstance(inside, dict):
        inside.pop(last, None)
    elif path:
        return _leave_out(document, {**detail, "type": "value", "loc": tuple(path)})
    return True


def _problem(detail: ErrorDetails) -> Problem:
    location = [str(part) for part in detail["loc"]]
    node, edge, field = None, None, location
    if location[:1] == ["nodes"] and len(location) > 1:
        node, field = location[1], location[2:]
    elif location[:1] == ["edges"] and len(location) > 1:
        edge, field = location[1], location[2:]
    code, message, hint = _finding(detail, location)
    return Problem(code, message, node=node, edge=edge, field=".".join(field) or None, hint=hint)


def _finding(detail: ErrorDetails, location: list[str]) -> tuple[str, str, str | None]:
    name = location[-1] if location else ""
    if detail["type"] == "extra_forbidden":
        return "format.unknown_field", f"there is no {name!r} here", did_you_mean(name, _known(location[:-1]))
    if detail["type"] == "missing":
        return "format.missing_field", f"{name!r} is missing", f"Write '{name}:' here."
    message = detail["msg"].removeprefix("Value error, ")
    return "format.value", f"{name!r}: {message[:1].lower()}{message[1:]}", None


def _known(location: list[str]) -> list[str]:
    path = tuple(
        "*" if index == 1 and location[0] in ("nodes", "edges", "lanes") else part
        for index, part in enumerate(location)
    )
    model = _MODELS.get(path)
    return list(model.model_fields) if model else []
