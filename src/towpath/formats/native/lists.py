"""Nodes and edges may be written as lists whose entries carry their ``id``; this makes them maps keyed by id."""

from __future__ import annotations

from typing import Any

from towpath.errors import did_you_mean
from towpath.model.problem import Problem


def keyed(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The document with maps for nodes, edges and lanes; entries without a usable id are reported and left out."""
    made = dict(document)
    for part, kind in (("nodes", "node"), ("edges", "edge"), ("lanes", "lane")):
        if isinstance(made.get(part), list):
            made[part] = _keyed(made[part], part, kind, problems)
    return made


def _keyed(entries: list[Any], part: str, kind: str, problems: list[Problem]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for index, entry in enumerate(entries):
        place = f"{part}[{index}]"
        if not isinstance(entry, dict):
            problems.append(Problem("format.value", f"{place} is not an object", field=place))
            continue
        identifier = as_id(entry.get("id", str(index + 1) if kind == "edge" else None))
        if not isinstance(identifier, str):
            hint = did_you_mean("id", [key for key in entry if key not in ("source", "target", "type", "name")])
            problems.append(
                Problem(
                    "format.missing_id",
                    f"{place} has no id",
                    field=f"{place}.id",
                    hint=hint or f"Give the {kind} an id.",
                )
            )
        elif identifier in made:
            hint = "Ids are unique among nodes and among edges; edges join nodes by them."
            problems.append(
                Problem(
                    "format.duplicate_id", f"there are two {part} with the id {identifier!r}", field=place, hint=hint
                )
            )
        else:
            made[identifier] = {key: value for key, value in entry.items() if key != "id"}
    return made


def as_id(value: object) -> object:
    """A whole number as its text, because ``id: 1`` is what people write; anything else unchanged."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
