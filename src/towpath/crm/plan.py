"""An object's schema compiled once for all sessions: table, checks, defaults, and what must be looked up on save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm import problems
from towpath.crm.tables import table_of
from towpath.crm.values.bad import BadValue, Check
from towpath.crm.values.field_check import field_check
from towpath.errors import SchemaError
from towpath.model.schema import ObjectSchema
from towpath.model.table import Table

Values = dict[str, Any]


class ObjectPlan:
    """What a session needs to know of an object, ready for fast use.

    ``empty`` is a record with all fields at their defaults, ``blanks`` what null means where it is not null
    (a checkbox is never unknown), ``references`` the object that each reference field points to. ``checks`` are of
    the fields that callers may write, ``forms`` of all; ``judged`` are those that a good value alone does not settle.
    """

    __slots__ = (
        "blanks",
        "checks",
        "empty",
        "forms",
        "json_fields",
        "judged",
        "names",
        "references",
        "required",
        "schema",
        "table",
        "unique",
    )  # fmt: skip

    def __init__(self, schema: ObjectSchema) -> None:
        writable = [field for field in schema.fields if not field.read_only]
        self.schema: ObjectSchema = schema
        self.table: Table = table_of(schema)
        self.names: tuple[str, ...] = self.table.names
        self.forms: dict[str, Check] = {field.name: field_check(field) for field in schema.fields}
        self.checks: dict[str, Check] = {field.name: self.forms[field.name] for field in writable}
        self.blanks: Values = {field.name: bool(field.default) for field in writable if field.type == "checkbox"}
        self.required: frozenset[str] = frozenset(field.name for field in writable if field.required)
        self.unique: frozenset[str] = frozenset(field.name for field in writable if field.unique)
        self.references: dict[str, str] = {field.name: field.reference for field in writable if field.reference}
        self.json_fields: frozenset[str] = frozenset(field.name for field in writable if field.type == "json")
        self.judged: frozenset[str] = self.required | self.unique | self.references.keys()
        defaults = {field.name: field.default for field in writable if field.default is not None}
        self.empty: Values = dict.fromkeys(self.names) | self.blanks | self.check(defaults)

    def check(self, row: Mapping[str, Any]) -> Values:
        """The row in stored form; SchemaError for the first field that does not fit."""
        checks, blanks = self.checks, self.blanks
        values: Values = {}
        name = value = None
        try:
            for name, value in row.items():
                values[name] = blanks.get(name) if value is None and name in checks else checks[name](value)
        except BadValue as bad:
            raise problems.bad_value(self.schema, self._field(name), value, bad) from None
        except KeyError:
            raise self._not_writable(str(name)) from None
        return values

    def check_all(self, rows: Sequence[Mapping[str, Any]]) -> list[Values | SchemaError]:
        """Each row in stored form, or its error."""
        checked: list[Values | SchemaError] = []
        for row in rows:
            try:
                checked.append(self.check(row))
            except SchemaError as error:
                checked.append(error)
            except AttributeError:
                checked.append(problems.not_a_row(self.schema, row))
        return checked

    def stored_form(self, name: str, value: Any) -> Any:
        """The value as the field would hold it; None for null and for what cannot be in the field."""
        if value is None:
            return None
        try:
            return self.forms[name](value)
        except BadValue:
            return None

    def missing(self, values: Mapping[str, Any], *, creating: bool = False) -> SchemaError | None:
        """The error for a required field that the save leaves empty."""
        for name in self.required:
            value = values.get(name, self.empty[name]) if creating else values.get(name, name)
            if value is None:
                return problems.required(self.schema, name)
        return None

    def differences(self, old: Mapping[str, Any], values: Values) -> Values:
        """The values that are not what ``old`` has."""
        changes = {name: value for name, value in values.items() if old[name] != value}
        if not self.json_fields:
            return changes
        for name in self.json_fields & values.keys() - changes.keys():
            if repr(old[name]) != repr(values[name]):  # Python holds true and 1 for equal, JSON does not
                changes[name] = values[name]
        return changes

    def _field(self, name: Any) -> Any:
        return self.schema.field(str(name))

    def _not_writable(self, name: str) -> SchemaError:
        if name in self.names:
            return problems.read_only(self.schema, name)
        return problems.unknown_field(self.schema, name)
