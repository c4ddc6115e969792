"""Short spellings for objects and fields written as data: labels from names, system fields on every object."""

from __future__ import annotations

import re
from typing import Any

from towpath.model.schema import FieldSchema, FieldType, ObjectSchema

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])|_+")


def label_of(name: str) -> str:
    """The words of a name for people: ``doNotEmail`` is "Do not email", ``ownerId`` "Owner"."""
    words = [word for word in _WORD.findall(name) if not word.startswith("_")] or [name]
    if len(words) > 1 and words[-1] == "Id":
        words.pop()
    text = " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words)
    return text[:1].upper() + text[1:]


def field(name: str, type: FieldType = "text", **more: Any) -> FieldSchema:
    """A field labelled by its name."""
    return FieldSchema(**{"name": name, "type": type, "label": label_of(name), **more})


def choice(name: str, *choices: str, default: str | None = None, **more: Any) -> FieldSchema:
    """A field that holds one of the choices."""
    return field(name, "choice", choices=choices, default=default, **more)


def reference(name: str, target: str, **more: Any) -> FieldSchema:
    """A field that holds the id of a record of another object."""
    return field(name, "reference", reference=target, **more)


def checkbox(name: str, **more: Any) -> FieldSchema:
    """A field that is true or false, false unless said otherwise."""
    return field(name, "checkbox", **{"default": False, **more})


SYSTEM_FIELDS = (
    field("id", read_only=True, max_length=26),
    field("createdAt", "datetime", label="Created", read_only=True),
    field("updatedAt", "datetime", label="Updated", read_only=True),
    field("deletedAt", "datetime", label="Deleted", read_only=True),
    reference("ownerId", "User"),
)
SYSTEM_NAMES = tuple(system.name for system in SYSTEM_FIELDS)


def define(name: str, *fields: FieldSchema, plural: str | None = None, name_field: str = "name") -> ObjectSchema:
    """A built-in object with the system fields before its own."""
    label = label_of(name)
    return ObjectSchema(
        name=name, label=label, plural=plural or f"{label}s", fields=SYSTEM_FIELDS + fields, name_field=name_field
    )
