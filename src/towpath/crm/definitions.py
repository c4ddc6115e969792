"""Definitions kept as data beside workflows, by kind and name: calendars, validation rules and the like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import ValidationError

from towpath.errors import FormatError, InputError, NotFoundError, Where, did_you_mean
from towpath.model.condition import All, Comparison, Field
from towpath.model.schema import Noun
from towpath.model.table import Column, Order, Table
from towpath.ports.store import Reader, Transaction

DEFINITION = Table(
    "definition",
    (
        Column("kind", required=True),
        Column("name", required=True),
        Column("document", "json", required=True),
        Column("changed_at", "integer"),
        Column("changed_by"),
    ),
    key=("kind", "name"),
)

Kinds: TypeAlias = Mapping[str, type[Noun]]
"""The model of each kind; every one has a ``name``."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """All definitions of a store, by kind and name, as one state of it has them."""

    by_kind: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, Any]:
        """The definitions of a kind by name, in order of their names."""
        return self.by_kind.get(kind, {})

    def get(self, kind: str, name: str) -> Any:
        """One definition; NotFoundError ``definition.unknown`` with the nearest name."""
        found = self.of(kind).get(name)
        if found is None:
            raise unknown_definition(kind, name, self.of(kind))
        return found


def unknown_definition(kind: str, name: str, known: Mapping[str, Any]) -> NotFoundError:
    """The error for a definition that is not there."""
    hint = did_you_mean(name, known) or "towpath definitions list shows all; towpath definitions apply adds one."
    message = f"there is no {kind} called {name!r}"
    return NotFoundError(message, code="definition.unknown", hint=hint, params={"kind": kind, "name": name})


def load_definitions(reader: Reader, kinds: Kinds) -> Definitions:
    """Everything as stored; what a later Towpath wrote of kinds unknown here is left alone."""
    found: dict[str, dict[str, Any]] = {}
    for kind, name, document in reader.select(DEFINITION, ("kind", "name", "document"), order=_BY_NAME):
        if kind in kinds:
            found.setdefault(kind, {})[name] = kinds[kind].model_validate({**document, "name": name})
    return Definitions(found)


def model_of(kinds: Kinds, kind: str, file: str | None = None) -> type[Noun]:
    """The model of a kind; InputError ``definition.unknown_kind`` with the nearest one."""
    model = kinds.get(kind)
    if model is None:
        hint = did_you_mean(kind, kinds) or f"Known: {', '.join(sorted(kinds))}."
        message, where = f"there is no kind of definition called {kind!r}", Where(file=file)
        raise InputError(message, code="definition.unknown_kind", hint=hint, where=where, params={"kind": kind})
    return model


def read_definition(kinds: Kinds, kind: str, document: Mapping[str, Any], file: str | None = None) -> Noun:
    """A definition from a plain document. FormatError ``definition.invalid`` names the first fault and its place."""
    model, where = model_of(kinds, kind, file), Where(file=file)
    try:
        return model.model_validate({key: value for key, value in document.items() if key != "kind"})
    except ValidationError as error:
        first, *more = error.errors(include_url=False)
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        rest = f", and {len(more)} more" if more else ""
        message = f"{place}: {first['msg'].removeprefix('Value error, ')}{rest}"
        raise FormatError(
            message, code="definition.invalid", where=where.within(field=place),
            hint=f"Known fields of a {kind}: {', '.join(model.model_fields)}.", params={"kind": kind},
        ) from None  # fmt: skip


def write_definition(tx: Transaction, kind: str, definition: Any, at: int, actor: str) -> None:
    """Add a definition, or put it in the place of the one with its name."""
    document = definition.model_dump(mode="json", exclude_defaults=True)
    if tx.select(DEFINITION, ("name",), _is(kind, definition.name), limit=1):
        columns = ("document", "changed_at", "changed_by")
        tx.update(DEFINITION, columns, [(document, at, actor, kind, definition.name)])
    else:
        tx.insert(DEFINITION, DEFINITION.names, [(kind, definition.name, document, at, actor)])


def remove_definition(tx: Transaction, kind: str, name: str) -> None:
    """Take a definition away; NotFoundError when there is none."""
    names = [row[0] for row in tx.select(DEFINITION, ("name",), Comparison(Field("kind"), "==", kind))]
    if name not in names:
        raise unknown_definition(kind, name, dict.fromkeys(names))
    tx.delete(DEFINITION, [(kind, name)])


def _is(kind: str, name: str) -> All:
    return All((Comparison(Field("kind"), "==", kind), Comparison(Field("name"), "==", name)))


_BY_NAME = (Order("kind"), Order("name"))
