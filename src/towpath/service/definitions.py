"""Definitions beside workflows (calendars, validation rules and the like): apply, list, show, remove.

They are in force for every process from the next transaction on, as newly published workflows are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from towpath.crm.assignment.people import unknown_people
from towpath.crm.assignment.pool import AssignmentPool
from towpath.crm.assignment.pools import OWNER
from towpath.crm.catalogue import Catalogue, load_catalogue
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
        change = _Change(platform, tx, load_catalogue(tx), now, actor)
        care = _CARE.get(kind, _Care())
        care.check(change, definition)
        write_definition(tx, kind, definition, now, actor)
        bump(tx)
        care.follow(change, definition)

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
        change = _Change(platform, tx, load_catalogue(tx), platform.clock.now(), "system")
        _CARE.get(kind, _Care()).leave(change, name)
        remove_definition(tx, kind, name)
        bump(tx)

    platform.store.write(work)


def calendar_of(platform: Platform, name: str | None = None) -> BusinessTime:
    """A calendar to count with: the one of that name, else the default one, else Monday to Friday 09:00-17:00 UTC."""
    return platform.store.read(lambda tx: _calendar(tx, name))


def _calendar(tx: Reader, name: str | None = None) -> BusinessTime:
    return Calendars(load_definitions(tx, {"calendar": Calendar}).of("calendar")).of(name)


# What each kind asks for beside its document


@dataclass(frozen=True, slots=True)
class _Change:
    """The transaction that puts a definition in force or takes it out."""

    platform: Platform
    tx: Transaction
    catalogue: Catalogue
    now: int
    actor: str


def _nothing(change: _Change, what: Any) -> None:
    """Most kinds need no more than their document."""


@dataclass(frozen=True, slots=True)
class _Care:
    """What is checked before a definition of a kind is in force, what follows, and what comes before it leaves."""

    check: Callable[[_Change, Any], object] = _nothing
    follow: Callable[[_Change, Any], object] = _nothing
    leave: Callable[[_Change, str], object] = _nothing


def _check_pool(change: _Change, pool: AssignmentPool) -> None:
    conditions = [pool.counts, *(member.when for member in pool.members)]
    used = [name for written in conditions if written is not None for name in fields_of(read_written(written))]
    _check_fields(change, pool.object, [*used, OWNER, *([pool.sticky] if pool.sticky else [])])
    unknown = unknown_people(Session(change.tx, change.catalogue, change.now, change.platform.ids), pool)
    if unknown:
        raise NotFoundError(
            f"there is no user or team {unknown[0]!r}, or there are several", code="people.unknown",
            hint="Give an id, or a name or e-mail address that only one has; towpath users list shows them.",
            params={"who": unknown[0]},
        )  # fmt: skip


def _renew_pool(change: _Change, pool: AssignmentPool) -> None:
    unit = Unit(change.platform, change.tx)  # one that knows the new definition
    unit.records.pools.renew(pool.name)
    unit.finish()


def _check_validation(change: _Change, rule: ValidationRule) -> None:
    fields = [*fields_of(read_written(rule.refuse)), *([rule.field] if rule.field else [])]
    _check_fields(change, rule.object, fields)


def _check_fields(change: _Change, object_name: str, names: Iterable[str]) -> None:
    plan = ObjectPlan(change.catalogue.schema(object_name))
    for name in sorted(set(names)):
        if name.partition(".")[0] not in plan.forms:
            raise unknown_field(plan.schema, name)


def _follow_blueprint(change: _Change, blueprint: Blueprint) -> None:
    keep_version(change.tx, blueprint, change.now, change.actor)
    _map_records(change, blueprint)


def _leave_blueprint(change: _Change, name: str) -> None:
    _map_records(change, load_definitions(change.tx, KINDS).get("blueprint", name).model_copy(update={"active": False}))


def _map_records(change: _Change, blueprint: Blueprint) -> None:
    tx, ids = change.tx, change.platform.ids
    map_records(tx, change.catalogue, blueprint, change.now, ids, change.actor, _calendar(tx))


def _refuse_in_use(change: _Change, name: str) -> None:
    """A calendar that a version counts by stays: its parked runs could not go on without."""
    for workflow, version, document in change.tx.select(VERSION, ("name", "version", "definition")):
        if document.get("settings", {}).get("calendar") == name:
            raise ConflictError(
                f"{workflow!r} version {version} counts by the calendar {name!r}",
                code="definition.in_use",
                hint="Apply other hours under this name instead.",
                params={"name": name, "workflow": workflow, "version": version},
            )


_CARE: Mapping[str, _Care] = {
    "assignment": _Care(_check_pool, _renew_pool, lambda c, name: forget(c.tx, name)),
    "blueprint": _Care(lambda c, found: check_blueprint(c.catalogue, found), _follow_blueprint, _leave_blueprint),
    "calendar": _Care(leave=_refuse_in_use),
    "duplicates": _Care(
        lambda c, rule: check_rule(c.catalogue, rule),
        lambda c, rule: index_records(c.tx, c.catalogue, rule, c.now),
        lambda c, name: forget_rule(c.tx, name),
    ),
    "milestones": _Care(lambda c, policy: check_policy(c.catalogue, policy)),
    "scoring": _Care(
        lambda c, model: check_model(c.catalogue, model), lambda c, model: begin_scoring(c.tx, model, c.now)
    ),
    "validation": _Care(_check_validation),
}
