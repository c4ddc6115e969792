"""Definitions beside workflows (calendars, validation rules and the like): apply, list, show, remove.

They are in force for every process from the next transaction on, as newly published workflows are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from towpath.crm.assignment.people import unknown_people
from towpath.crm.assignment.pool import AssignmentPool
from towpath.crm.assignment.pools import OWNER
from towpath.crm.catalogue import load_catalogue
from towpath.crm.definitions import (
    DEFINITION,
    load_definitions,
    model_of,
    read_definition,
    remove_definition,
    unknown_definition,
    write_definition,
)
from towpath.crm.plan import ObjectPlan
from towpath.crm.problems import unknown_field
from towpath.crm.session import Session
from towpath.crm.validation import ValidationRule, read_written
from towpath.engine.tables import VERSION
from towpath.errors import ConflictError, InputError, NotFoundError, Where
from towpath.model.blueprint import Blueprint
from towpath.model.business_time import BusinessTime, Calendars
from towpath.model.calendar import Calendar
from towpath.model.condition import Comparison, Condition, Field, fields_of
from towpath.model.duplicates import DuplicateRule
from towpath.model.milestones import MilestonePolicy
from towpath.model.scoring import ScoreModel
from towpath.model.table import Order
from towpath.ports.store import Reader, Transaction
from towpath.service.assignment import forget
from towpath.service.blueprint_versions import check_blueprint, keep_version, map_records
from towpath.service.duplicate_keys import check_rule, forget_rule, index_records
from towpath.service.kinds import KINDS
from towpath.service.milestones import check_policy
from towpath.service.platform import Platform
from towpath.service.published import bump
from towpath.service.scoring import begin_scoring, check_model
from towpath.service.unit import Unit


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """One definition as it is kept; the time is microseconds UTC."""

    kind: str
    name: str
    document: dict[str, Any]
    changed_at: int | None = None
    changed_by: str | None = None


def apply_definition(
    platform: Platform, document: Mapping[str, Any], *, kind: str | None = None, actor: str = "system",
    file: str | None = None,
) -> StoredDefinition:  # fmt: skip
    """Put a definition in force; its ``kind`` stands in the document unless it is given.

    Raises FormatError or InputError, and SchemaError for objects and fields that are not there.
    """
    kind = kind or document.get("kind")
    if not isinstance(kind, str):
        hint = f"Write for example 'kind: calendar'. Kinds: {', '.join(sorted(KINDS))}."
        raise InputError("the document names no kind", code="definition.no_kind", hint=hint, where=Where(file=file))
    definition: Any = read_definition(KINDS, kind, document, file)
    now = platform.clock.now()

    def work(tx: Transaction) -> None:
        _check(platform, tx, definition)
        write_definition(tx, kind, definition, now, actor)
        if isinstance(definition, Blueprint):
            _follow_blueprint(platform, tx, definition, actor)
        elif isinstance(definition, ScoreModel):
            begin_scoring(tx, definition, now)
        elif isinstance(definition, DuplicateRule):
            index_records(tx, load_catalogue(tx), definition, now)
        bump(tx)
        if isinstance(definition, AssignmentPool):
            unit = Unit(platform, tx)  # one that knows the new definition
            unit.records.pools.renew(definition.name)
            unit.finish()

    platform.store.write(work)
    whole = definition.model_dump(mode="json", exclude_defaults=True)
    return StoredDefinition(kind, definition.name, whole, now, actor)


def list_definitions(platform: Platform, kind: str | None = None) -> list[StoredDefinition]:
    """All definitions, or those of a kind, in order of kind and name."""
    if kind is not None:
        model_of(KINDS, kind)
    where: Condition | None = None if kind is None else Comparison(Field("kind"), "==", kind)

    def work(tx: Reader) -> list[StoredDefinition]:
        rows = tx.select(DEFINITION, DEFINITION.names, where, order=(Order("kind"), Order("name")))
        return [StoredDefinition(*row) for row in rows]

    return platform.store.read(work)


def get_definition(platform: Platform, kind: str, name: str) -> StoredDefinition:
    """One definition; NotFoundError with the nearest name."""
    found = {each.name: each for each in list_definitions(platform, kind)}
    if name not in found:
        raise unknown_definition(kind, name, found)
    return found[name]


def delete_definition(platform: Platform, kind: str, name: str) -> None:
    """Take a definition out of force; NotFoundError when there is none."""
    model_of(KINDS, kind)

    def work(tx: Transaction) -> None:
        if kind == "calendar":
            _refuse_in_use(tx, name)
        if kind == "duplicates":
            forget_rule(tx, name)
        if kind == "blueprint":
            gone = load_definitions(tx, KINDS).get(kind, name).model_copy(update={"active": False})
            map_records(tx, load_catalogue(tx), gone, platform.clock.now(), platform.ids, "system", _calendar(tx))
        remove_definition(tx, kind, name)
        if kind == "assignment":
            forget(tx, name)
        bump(tx)

    platform.store.write(work)


def _refuse_in_use(tx: Reader, name: str) -> None:
    """A calendar that a version counts by stays: its parked runs could not go on without."""
    for workflow, version, document in tx.select(VERSION, ("name", "version", "definition")):
        if document.get("settings", {}).get("calendar") == name:
            raise ConflictError(
                f"{workflow!r} version {version} counts by the calendar {name!r}",
                code="definition.in_use",
                hint="Apply other hours under this name instead.",
                params={"name": name, "workflow": workflow, "version": version},
            )


def calendar_of(platform: Platform, name: str | None = None) -> BusinessTime:
    """A calendar to count with: the one of that name, else the default one, else Monday to Friday 09:00-17:00 UTC."""
    return platform.store.read(lambda tx: _calendar(tx, name))


def _calendar(tx: Reader, name: str | None = None) -> BusinessTime:
    return Calendars(load_definitions(tx, {"calendar": Calendar}).of("calendar")).of(name)


def _follow_blueprint(platform: Platform, tx: Transaction, blueprint: Blueprint, actor: str) -> None:
    catalogue, now = load_catalogue(tx), platform.clock.now()
    keep_version(tx, blueprint, now, actor)
    map_records(tx, catalogue, blueprint, now, platform.ids, actor, _calendar(tx))


def _check(platform: Platform, tx: Transaction, definition: Any) -> None:
    """What a definition says of objects, fields and people must be true."""
    if isinstance(definition, Blueprint):
        check_blueprint(load_catalogue(tx), definition)
    if isinstance(definition, MilestonePolicy):
        check_policy(load_catalogue(tx), definition)
    if isinstance(definition, ScoreModel):
        check_model(load_catalogue(tx), definition)
    if isinstance(definition, DuplicateRule):
        check_rule(load_catalogue(tx), definition)
    if isinstance(definition, ValidationRule):
        fields = [*fields_of(read_written(definition.refuse)), *([definition.field] if definition.field else [])]
        _check_fields(tx, definition.object, fields)
    if isinstance(definition, AssignmentPool):
        conditions = [definition.counts, *(member.when for member in definition.members)]
        used = [name for written in conditions if written is not None for name in fields_of(read_written(written))]
        _check_fields(tx, definition.object, [*used, OWNER, *([definition.sticky] if definition.sticky else [])])
        _check_people(platform, tx, definition)


def _check_fields(tx: Reader, object_name: str, names: Iterable[str]) -> None:
    plan = ObjectPlan(load_catalogue(tx).schema(object_name))
    for name in sorted(set(names)):
        if name.partition(".")[0] not in plan.forms:
            raise unknown_field(plan.schema, name)


def _check_people(platform: Platform, tx: Transaction, pool: AssignmentPool) -> None:
    unknown = unknown_people(Session(tx, load_catalogue(tx), platform.clock.now(), platform.ids), pool)
    if unknown:
        raise NotFoundError(
            f"there is no user or team {unknown[0]!r}, or there are several", code="people.unknown",
            hint="Give an id, or a name or e-mail address that only one has; towpath users list shows them.",
            params={"who": unknown[0]},
        )  # fmt: skip
