"""What all shapes share: unknown keys are refused, and times are ISO 8601 texts in UTC."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from towpath.model.moment import to_text


class Answer(BaseModel):
    """Base of what is answered; made from the services' values."""

    model_config = ConfigDict(from_attributes=True)


class Body(BaseModel):
    """Base of what is asked; a misspelt key is an error, not a wish that is silently lost."""

    model_config = ConfigDict(extra="forbid")


def _moment(value: object) -> object:
    return to_text(value) if isinstance(value, int) else value


Moment = Annotated[
    str,
    BeforeValidator(_moment),
    Field(json_schema_extra={"format": "date-time"}, examples=["2026-03-01T09:30:00.000Z"]),
]
Json = dict[str, Any]


def example(value: Json) -> ConfigDict:
    """The configuration that puts one example beside the schema."""
    return ConfigDict(json_schema_extra={"examples": [value]})
