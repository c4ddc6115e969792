"""Which value stays where two records become one. An empty value never wins over one that says something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.model.duplicates import DuplicateRule, Survivor

KEPT = frozenset({"id", "createdAt", "updatedAt", "deletedAt"})


def survivor_of(rule: DuplicateRule | None, field: str) -> Survivor:
    """How the value of a field is chosen."""
    return "oldest" if rule is None else rule.survivors.get(field, rule.survivor)


def choose(how: Survivor, values: Sequence[Any]) -> Any:
    """The value that stays, of values from the oldest record to the newest."""
    filled = [value for value in values if value not in (None, "", [], {})]
    if not filled:
        return values[0]
    if how == "longest":
        return max(filled, key=lambda value: len(str(value)))
    if how in ("largest", "smallest"):
        return (max if how == "largest" else min)(filled, key=_rank)
    return filled[0] if how == "oldest" else filled[-1]


def fill_in(rule: DuplicateRule | None, record: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """What a newer row changes in a record that is there."""
    chosen = {n: choose(survivor_of(rule, n), (record.get(n), v)) for n, v in row.items() if n not in KEPT}
    return {name: value for name, value in chosen.items() if value != record.get(name)}


def _rank(value: Any) -> tuple[bool, Any]:
    return (isinstance(value, str), value if isinstance(value, str | int | float) else str(value))
