"""The kinds of records over HTTP: list and show objects, add custom objects and fields."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body
from pydantic import Field

from towpath.api.routing import Routes, ThePlatform
from towpath.model.schema import FieldSchema, ObjectSchema
from towpath.service import schema

routes = Routes("schema", "Objects")
FIELD = {"name": "planet", "type": "choice", "choices": ["Earth", "Mars"], "label": "Planet"}
Choice = Annotated[str, Field(min_length=1, max_length=200)]
OBJECT = {"name": "Visit", "label": "Visit", "plural": "Visits", "fields": [{"name": "name", "required": True}, FIELD]}


@routes.get("/api/objects", response_model=list[ObjectSchema])
def list_objects(platform: ThePlatform) -> Any:
    """All objects with their fields."""
    return schema.list_objects(platform)


@routes.post("/api/objects", "create", status=201, response_model=ObjectSchema)
def add_object(platform: ThePlatform, body: Annotated[ObjectSchema, Body(examples=[OBJECT])]) -> Any:
    """Add a custom object."""
    return schema.add_object(platform, body)


@routes.get("/api/objects/{object}", response_model=ObjectSchema)
def get_object(platform: ThePlatform, object: str) -> Any:
    """One object."""
    return schema.show_object(platform, object)


@routes.post("/api/objects/{object}/fields", "update", status=201, response_model=ObjectSchema)
def add_fields(
    platform: ThePlatform,
    object: str,
    fields: Annotated[list[FieldSchema], Body(min_length=1, max_length=100, examples=[[FIELD]])],
) -> Any:
    """Add custom fields."""
    return schema.add_fields(platform, object, fields)


@routes.post("/api/objects/{object}/fields/{field}/choices", "update", status=201, response_model=ObjectSchema)
def add_choices(
    platform: ThePlatform,
    object: str,
    field: str,
    choices: Annotated[list[Choice], Body(min_length=1, max_length=500, examples=[["Very hot"]])],
) -> Any:
    """Let a choice field take more choices."""
    return schema.add_choices(platform, object, field, choices)
