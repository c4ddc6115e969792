"""The CRM schema as data: objects and their typed fields."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FieldType = Literal[
    "text", "long_text", "number", "integer", "money", "date", "datetime", "choice", "multi_choice",
    "email", "phone", "url", "reference", "checkbox", "json",
]  # fmt: skip

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_]{0,62}$"


class Noun(BaseModel):
    """Base of frozen nouns with a JSON form; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class FieldSchema(Noun):
    """One typed field of an object."""

    name: str = Field(pattern=NAME_PATTERN)
    type: FieldType = "text"
    label: str | None = None
    required: bool = False
    unique: bool = False
    indexed: bool = False
    choices: tuple[str, ...] = ()
    reference: str | None = Field(None, description="Name of the object that a reference field points to.")
    default: Any = None
    max_length: int | None = Field(None, ge=1)
    scale: int = Field(2, ge=0, le=6, description="Decimal places kept by money fields.")
    personal: Literal["none", "personal", "sensitive", "secret"] = "none"
    read_only: bool = Field(False, description="Set by the system only (id, created_at, ...).")


class ObjectSchema(Noun):
    """One kind of record: its fields in order, and how people call it."""

    name: str = Field(pattern=NAME_PATTERN)
    label: str
    plural: str
    fields: tuple[FieldSchema, ...]
    name_field: str = Field("name", description="The field that stands for the record in lists.")
    custom: bool = False

    def field(self, name: str) -> FieldSchema | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def field_names(self) -> list[str]:
        """All field names in order, system fields included."""
        return [field.name for field in self.fields]
