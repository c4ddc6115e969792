"""Aggregate: one item with lists of what many items hold."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import MISSING, last_name, look, only, without, write

Json = dict[str, Any]


class Collected(BaseModel):
    """One field whose values are collected."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str = Field(description="The field of the items.")
    into: str | None = Field(None, description="Name of the list; the field's own name when nothing is said.")

    @property
    def name(self) -> str:
        """The name of the list."""
        return self.into or last_name(self.field)


class Params(NodeParams):
    """What is collected, and under which names."""

    mode: Literal["items", "fields"] = Field(
        "items", description="Collect whole items in one list, or single fields in a list each."
    )
    into: str = Field("items", description="With whole items: name of the list.")
    include: tuple[str, ...] = Field((), description="With whole items: only these of their fields.")
    exclude: tuple[str, ...] = Field((), description="With whole items: without these of their fields.")
    fields: tuple[Collected, ...] = Field((), description="With fields: which ones, and the names of their lists.")
    flatten: bool = Field(False, description="With fields: a value that is itself a list adds its elements.")
    keep_missing: bool = Field(False, description="With fields: an item without a value adds null instead of nothing.")

    @model_validator(mode="after")
    def _has_fields(self) -> Params:
        if (self.mode == "fields") != bool(self.fields):
            raise ValueError("say in 'fields' what to collect when mode is 'fields', and only then")
        return self


def run(batch: Batch[Params]) -> None:
    """One item out for each run."""
    params = batch.params
    for _, positions in batch.by_visit():
        rows = [batch.items[position].json for position in positions]
        if rows:
            batch.gather(positions, _fields(params, rows) if params.mode == "fields" else _items(params, rows))


def _items(params: Params, rows: list[Json]) -> Json:
    chosen = [only(row, params.include) for row in rows] if params.include else rows
    return {params.into: [without(row, params.exclude) for row in chosen]}


def _fields(params: Params, rows: list[Json]) -> Json:
    made: Json = {}
    for collected in params.fields:
        made = write(made, collected.name, _values(params, rows, collected.field))
    return made


def _values(params: Params, rows: list[Json], path: str) -> list[Any]:
    values: list[Any] = []
    for row in rows:
        value = look(row, path)
        if value is MISSING or value is None:
            values += [None] if params.keep_missing else []
        elif params.flatten and isinstance(value, list):
            values += value
        else:
            values.append(value)
    return values


node_type = NodeType(
    name="data.aggregate",
    title="Aggregate",
    description="Makes one item of all items of the run, with lists of what they hold.",
    icon="group",
    group="data",
    params=Params,
    run=run,
    examples=(
        {"into": "contacts"},
        {"mode": "fields", "fields": [{"field": "email", "into": "recipients"}, {"field": "owner.name"}]},
    ),
)
