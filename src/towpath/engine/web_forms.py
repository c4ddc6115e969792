"""Forms on web pages: their fields, and what was filled in as values, or what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FieldKind = Literal["text", "textarea", "number", "email", "password", "date", "select", "radio", "checkboxes", "file",
                    "hidden", "note"]  # fmt: skip
MAX_TEXT = 100_000
END_OF_FORM = "application/vnd.towpath.form-end+json"  # the content type of a reply that is a form's last page


class FormField(BaseModel):
    """One field of a form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(min_length=1, max_length=500, description="What stands before it; with note, the text itself.")
    name: str | None = Field(
        None, min_length=1, max_length=200, description="The item's field; the label if not given."
    )
    kind: FieldKind = Field("text", description="What is filled in; note is a text between fields.")
    required: bool = Field(False, description="It must be filled in.")
    options: tuple[str, ...] = Field((), description="With select, radio and checkboxes: what is chosen from.")
    several: bool = Field(False, description="With select and file: more than one.")
    placeholder: str | None = Field(None, description="An example, shown while the field is empty.")
    default: str | None = Field(None, description="What stands in it at first; with hidden, its value.")

    @property
    def key(self) -> str:
        """The name in the item."""
        return self.name or self.label


def filled_in(
    fields: Sequence[FormField], given: Mapping[str, Any], files: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values by the item's names, and what is wrong, by place. ``given`` and ``files`` are by ``field-<place>``."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for place, field in enumerate(fields):
        name = f"field-{place}"
        if field.kind == "note":
            continue
        if field.kind == "file":
            if field.required and name not in files:
                wrong[name] = "required"
            continue
        raw = given.get(name)
        texts = [str(part) for part in (raw if isinstance(raw, list) else [raw]) if part not in (None, "")]
        if not texts and field.required:
            wrong[name] = "required"
        elif any(len(text) > MAX_TEXT for text in texts):
            wrong[name] = "too_long"
        else:
            value, fault = _value(field, texts)
            values[field.key] = value
            if fault:
                wrong[name] = fault
    return values, wrong


def _value(field: FormField, texts: list[str]) -> tuple[Any, str | None]:
    if field.options and any(text not in field.options for text in texts):
        return None, "unknown_choice"
    if field.kind == "checkboxes" or (field.kind == "select" and field.several):
        return texts, None
    if not texts:
        return None, None
    text = texts[0]
    if field.kind == "number":
        return _number(text)
    if field.kind == "date":
        try:
            return date.fromisoformat(text).isoformat(), None
        except ValueError:
            return None, "not_a_date"
    if field.kind == "email" and (text.count("@") != 1 or text.startswith("@") or text.endswith("@") or " " in text):
        return None, "not_an_email"
    return text, None


def _number(text: str) -> tuple[Any, str | None]:
    try:
        number = float(text)
    except ValueError:
        return None, "not_a_number"
    if not math.isfinite(number):
        return None, "not_a_number"
    return int(number) if number.is_integer() and abs(number) < 2**53 else number, None


def page_of(title: str, description: str | None, fields: Sequence[FormField], button: str | None) -> dict[str, Any]:
    """What a page shows, as plain JSON."""
    return {
        "title": title,
        "description": description,
        "button": button,
        "fields": [field.model_dump(mode="json", exclude_defaults=True) for field in fields],
    }


def fields_of(page: Mapping[str, Any]) -> list[FormField]:
    """The fields of a page."""
    return [FormField.model_validate(field) for field in page["fields"]]
