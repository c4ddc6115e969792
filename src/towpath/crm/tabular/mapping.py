"""Which column of a table goes into which field: guessed from the names, or said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from towpath.crm.tabular.synonyms import synonyms
from towpath.errors import InputError, Where, did_you_mean
from towpath.model.schema import FieldSchema, ObjectSchema


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes. ``lookup`` names the field of the referred object by which a text finds its record."""

    field: str
    lookup: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns of a table in order, and the target of each that is used."""

    schema: ObjectSchema
    columns: tuple[str, ...]
    targets: Mapping[str, Target] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The columns that go nowhere."""
        return tuple(column for column in self.columns if column not in self.targets)

    @property
    def lookups(self) -> dict[str, str]:
        """The fields whose texts must still be resolved, with the field of the referred object to search by."""
        return {target.field: target.lookup for target in self.targets.values() if target.lookup}


def guess_mapping(schema: ObjectSchema, columns: Sequence[str]) -> ColumnMapping:
    """Each column to the field of the same name, label or meaning; the closest one wins where two claim a field."""
    names = _spellings(schema)
    ranked: dict[str, tuple[int, str]] = {}
    for column in columns:
        found = _field_for(_plain(column), schema, names)
        if found and (found[0] not in ranked or found[1] < ranked[found[0]][0]):
            ranked[found[0]] = (found[1], column)
    targets = {column: _target(schema, name) for name, (_, column) in ranked.items()}
    return ColumnMapping(schema, tuple(columns), {c: targets[c] for c in columns if c in targets})


def explicit_mapping(schema: ObjectSchema, columns: Sequence[str], given: Mapping[str, str]) -> ColumnMapping:
    """Column to field as said: ``{"E-mail": "email", "Account": "accountId:name"}``; the part after the colon is the
    field by which the referred record is found.

    Raises InputError for columns and fields that do not exist and for two columns on one field.
    """
    targets: dict[str, Target] = {}
    used: dict[str, str] = {}
    for column, text in given.items():
        if column not in columns:
            raise _refused(f"The table has no column {column!r}.", "load.unknown_column", did_you_mean(column, columns))
        name, _, lookup = text.partition(":")
        found = _writable(schema, name)
        if name in used:
            message = f"The columns {used[name]!r} and {column!r} both go to the field {name!r}."
            raise _refused(message, "load.field_twice", "Leave one of them out.")
        if lookup and found.type != "reference":
            raise _refused(f"{schema.name}.{name} refers to no object.", "load.no_lookup", "Leave out the colon.")
        used[name] = column
        targets[column] = Target(name, lookup or None)
    return ColumnMapping(schema, tuple(columns), targets)


def _writable(schema: ObjectSchema, name: str) -> FieldSchema:
    found = schema.field(name)
    if found is None or (found.read_only and name != "id"):
        known = [each.name for each in schema.fields if not each.read_only]
        reason = "has no field" if found is None else "does not let anybody write"
        raise InputError(
            f"{schema.name} {reason} {name!r}.",
            code="schema.unknown_field" if found is None else "schema.read_only",
            hint=did_you_mean(name, known),
            where=Where(object=schema.name, field=name),
        )
    return found


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _spellings(schema: ObjectSchema) -> dict[str, tuple[str, int]]:
    """Plain spelling to (field, distance): the name, then the label, then other words for it."""
    spellings: dict[str, tuple[str, int]] = {}
    writable = {each.name: each for each in schema.fields if not each.read_only}
    for word, name in synonyms(schema.name).items():
        if name in writable:
            spellings[word] = (name, 2)
    for name, each in writable.items():
        spellings[_plain(each.label or name)] = (name, 1)
    for name in writable:
        spellings[_plain(name)] = (name, 0)
    return spellings


def _field_for(column: str, schema: ObjectSchema, spellings: Mapping[str, tuple[str, int]]) -> tuple[str, int] | None:
    if column == "id":
        return "id", 0
    found = spellings.get(column)
    if found is None:  # "Lead Source" is the source of a lead
        short = column.removeprefix(schema.name.lower())
        rest = spellings.get(short) if short != column else None
        found = (rest[0], rest[1] + 3) if rest else None
    return found


def _target(schema: ObjectSchema, name: str) -> Target:
    found = schema.field(name)
    return Target(name, "name" if found and found.type == "reference" else None)


def _refused(message: str, code: str, hint: str | None) -> InputError:
    return InputError(message, code=code, hint=hint)
