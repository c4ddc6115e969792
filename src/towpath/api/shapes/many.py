"""Shapes of changes to many records at once, and of groups."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from towpath.api.shapes.base import Answer, Body, Json, example
from towpath.api.shapes.records import Where
from towpath.service.bulk import MOST


class ManyBody(Body):
    """Which records: ``ids``, or all that match ``where`` (``[]`` matches all, an empty text is refused)."""

    model_config = Body.model_config | example({"ids": ["01kaqe8v0q3s8t6xv2m9d4c7ba"]})

    ids: list[str] | None = Field(None, max_length=MOST)
    where: Where = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.ids is None) == (self.where in (None, "")):
            raise ValueError("give either ids or where")
        return self


class RestoreManyBody(Body):
    """The ids of deleted records."""

    model_config = Body.model_config | example({"ids": ["01kaqe8v0q3s8t6xv2m9d4c7ba"]})

    ids: list[str] = Field(max_length=MOST)


class UpdateManyBody(ManyBody):
    """The values that all of them get; or ``rows``, the values of each by its id."""

    model_config = Body.model_config | example(
        {"where": [{"field": "status", "operator": "==", "value": "New"}], "values": {"rating": "Hot"}}
    )

    values: Json = {}
    rows: dict[str, Json] | None = Field(None, max_length=MOST)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        given = [self.ids is not None, self.where not in (None, ""), self.rows is not None]
        if given.count(True) != 1 or (self.rows is not None) == bool(self.values):
            raise ValueError("give ids or where with values, or rows")
        return self


class ManyError(Answer):
    """A record that was left as it is, and why."""

    record: str
    error: Json


class ManyAnswer(Answer):
    """The ids of the records that were changed; the others, with the reason."""

    changed: list[str]
    errors: list[ManyError]


class UpdateManyAnswer(ManyAnswer):
    """Also what the values were before, as ``rows`` that take the change back."""

    before: dict[str, Json]


class GroupsBody(Body):
    """Count the records that match by the values of a field, and sum number fields."""

    model_config = Body.model_config | example({"by": "stage", "sums": ["amount"]})

    by: str
    where: Where = None
    sums: list[str] = Field([], max_length=10)


class GroupRow(Answer):
    """One value, the number of records that have it, and their sums by field."""

    value: Any
    count: int
    sums: dict[str, float | None]
