"""Saved views on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from towpath.api.shapes.base import Answer, Body, Json, Moment, example


class ViewDocument(Body):
    """What a view shows: the conditions of its filter, how they are joined, order, columns, and its board's field."""

    match: Literal["all", "any"] = "all"
    filters: list[Json] = Field([], max_length=50)
    order: list[str] = Field([], max_length=10)
    columns: list[str] = Field([], max_length=100)
    board: str | None = Field(None, description="The choice field whose values are the columns of a board.")


class ViewChange(Body):
    """A view's name, what it shows, whether all see it, and whether a list begins with it."""

    model_config = Body.model_config | example({"name": "Hot leads", "document": {"order": ["-score"]}})

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    document: ViewDocument
    shared: bool = False
    is_default: bool = False


class ViewBody(ViewChange):
    """A new view of an object."""

    model_config = Body.model_config | example(
        {
            "object": "Lead",
            "name": "Hot leads",
            "document": {"filters": [{"field": "score", "operator": ">", "value": 50}], "order": ["-score"]},
            "shared": True,
        }
    )

    object: str


class ViewAnswer(Answer):
    """A view; ``mine`` where the caller may change it."""

    id: str
    object: str
    name: str
    owner: str
    mine: bool
    shared: bool
    is_default: bool
    document: ViewDocument
    changed_at: Moment
