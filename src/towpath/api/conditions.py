"""Conditions, orders and time windows as they come in requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query

from towpath.errors import ExpressionError, InputError
from towpath.expr import parse_condition
from towpath.insight import Window
from towpath.model.condition import Condition, condition_from_json
from towpath.model.moment import from_text
from towpath.model.table import Order

Since = Annotated[str | None, Query(description="From this time on, ISO 8601.", examples=["2026-03-01"])]
Until = Annotated[str | None, Query(description="Up to, not including, this time.", examples=["2026-04-01"])]
At = Annotated[str | None, Query(description="A point in time, ISO 8601.", examples=["2026-03-01T09:30:00Z"])]
Limit = Annotated[int, Query(ge=0, le=1000, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")]


def condition(where: str | Mapping[str, Any] | Sequence[Any] | None) -> Condition | None:
    """A condition written as text or in its JSON form."""
    if where is None or where == "":
        return None
    try:
        return parse_condition(where) if isinstance(where, str) else condition_from_json(where)
    except RecursionError:
        raise ExpressionError("the condition is nested too deeply", code="condition.too_deep") from None


def orders(names: Sequence[str]) -> list[Order]:
    """Sort keys: ``score`` upwards, ``-score`` downwards."""
    return [Order(name.removeprefix("-"), descending=name.startswith("-")) for name in names if name.strip("-")]


def window(since: str | None, until: str | None) -> Window:
    """The time between two ISO 8601 texts."""
    return Window(moment("since", since), moment("until", until))


def moment(name: str, text: str | None) -> int | None:
    """Microseconds of an ISO 8601 text; InputError ``request.time`` names the parameter."""
    try:
        return from_text(text)
    except (ValueError, OverflowError):
        raise InputError(
            f"{name}: {text!r} is not a time", code="request.time", hint="Write 2026-03-01 or 2026-03-01T09:30:00Z."
        ) from None
