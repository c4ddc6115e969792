"""Making a transition: the checks in their order, then the field and what comes with it, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towpath.crm.approvals.people import People
from towpath.crm.blueprints.compiled import ReadyBlueprint
from towpath.crm.blueprints.standing import Moved, Standing, Standings
from towpath.errors import AccessError, ConflictError, InputError, NotFoundError, TowpathError, Where, did_you_mean
from towpath.model.blueprint import Transition
from towpath.model.change import Cause
from towpath.model.moment import to_text
from towpath.model.span import after
from towpath.ports.records import Record, Records


@dataclass(frozen=True, slots=True)
class Given:
    """What the person gives with a transition."""

    values: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    files: Sequence[str] = ()
    checklist: Sequence[str] = ()


def make_transition(
    records: Records,
    standings: Standings,
    record: Record,
    name: str,
    expected: str | None,
    who: Record | None,
    given: Given,
    cause: Cause,
) -> tuple[Record, Transition]:
    """Move a record on; it as it is then. ``who`` None is an administrator or the system.

    ConflictError (409): it is in another state. AccessError (403): not the person's to make. InputError (422): the
    criteria are not met, or what is to be given with it is missing or wrong, with one fault per field.
    """
    standing, held = held_by(standings, record)
    transition = _named(held, standing, name)
    if (expected is not None and expected != standing.state) or not transition.leaves(standing.state):
        raise _moved_on(held, standing, expected, transition)
    if not may_make(People(records, to_text(standings.now)), transition, record, who):
        raise AccessError(
            f"the transition {name!r} is not yours to make", code="blueprint.not_owner",
            hint=f"Its owners: {', '.join(map(str, transition.owners))}.", params={"transition": name},
        )  # fmt: skip
    if not held.criteria[name](record, None):
        raise _not_met(held, transition, record)
    _check_during(held, transition, record, given)
    moved = Moved(name, "transition", given.note)
    return move(records, standings, record, held, transition, given, moved, cause), transition


def move(
    records: Records,
    standings: Standings,
    record: Record,
    held: ReadyBlueprint,
    transition: Transition,
    given: Given,
    moved: Moved,
    cause: Cause,
) -> Record:
    """Write the field, what was given with it, and the fields and tasks that follow; in the transaction at hand."""
    standings.moving[record["id"]] = moved
    values = {**given.values, **transition.after.set, held.field: transition.to}
    with records.opened(record["id"]):
        (outcome,) = records.update(held.blueprint.object, [record["id"]], [values], cause)
    if isinstance(outcome, TowpathError):
        raise outcome
    _keep_note(records, outcome, held, transition, given, standings.now, cause)
    _give_tasks(records, outcome, held, transition, standings.now, cause)
    return outcome


def held_by(standings: Standings, record: Record) -> tuple[Standing, ReadyBlueprint]:
    """Where a record stands, and its blueprint; ConflictError when none holds it."""
    standing = standings.of([record["id"]]).get(record["id"])
    held = standings.blueprint(standing) if standing else None
    if standing is None or held is None:
        raise ConflictError(
            "no blueprint holds this record", code="blueprint.not_held", where=Where(record=record["id"])
        )
    return standing, held


def may_make(people: People, transition: Transition, record: Record, who: Record | None) -> bool:
    """Whether the person is an owner of the transition."""
    if who is None or not transition.owners:
        return who is None or bool(who["active"])
    owner = record.get("ownerId")
    meant = (user for resolver in transition.owners for user in people.meant(resolver, owner, record))
    return bool(who["active"]) and any(user["id"] == who["id"] for user in meant)


def _named(held: ReadyBlueprint, standing: Standing, name: str) -> Transition:
    try:
        return held.blueprint.transition(name)
    except KeyError:
        known = [transition.name for transition in held.leaving(standing.state)]
        raise NotFoundError(
            f"the blueprint {held.blueprint.name!r} has no transition {name!r}", code="blueprint.unknown_transition",
            hint=did_you_mean(name, known), params={"transition": name},
        ) from None  # fmt: skip


def _moved_on(held: ReadyBlueprint, standing: Standing, expected: str | None, transition: Transition) -> ConflictError:
    wanted = expected if expected is not None else ", ".join(transition.source)
    ways = ", ".join(repr(way.name) for way in held.leaving(standing.state)) or "none"
    hint = f"Transitions from {standing.state!r}: {ways}."
    if expected not in (None, standing.state):
        hint = f"Somebody else has moved it on. {hint}"
    return ConflictError(
        f"the record is in {standing.state!r}, not in {wanted!r}", code="blueprint.state",
        hint=hint, where=Where(record=standing.record),
        params={"state": standing.state, "expected": wanted},
    )  # fmt: skip


def _not_met(held: ReadyBlueprint, transition: Transition, record: Record) -> InputError:
    text = transition.reason or f"the record does not meet what the transition {transition.name!r} asks"
    where = Where(object=held.blueprint.object, record=record["id"])
    return InputError(text, code="blueprint.criteria", where=where, params={"transition": transition.name})


def _check_during(held: ReadyBlueprint, transition: Transition, record: Record, given: Given) -> None:
    during, faults = transition.during, dict[str, str]()
    new = {**record, **given.values}
    asked = {*during.required, *during.optional}
    for name in sorted(set(given.values) - asked):
        faults[name] = "is not asked for by this transition"
    for name in during.required:
        if new.get(name) in (None, "", []):
            faults[name] = "must have a value"
    if during.note and not (given.note or "").strip():
        faults["note"] = "must be written"
    if len(given.files) < during.files:
        faults["files"] = f"needs {during.files}, has {len(given.files)}"
    missing = [point for point in during.checklist if point not in given.checklist]
    if missing:
        faults["checklist"] = f"not ticked: {', '.join(missing)}"
    if not faults and held.refuses[transition.name]({**new, held.field: transition.to}, record):
        faults["record"] = during.message or "is refused by the transition"
    if faults:
        raise _during(transition, faults, record)


def _during(transition: Transition, faults: Mapping[str, str], record: Record) -> InputError:
    text = "; ".join(f"{name} {fault}" for name, fault in faults.items())
    error = InputError(
        f"the transition {transition.name!r} lacks something: {text}", code="blueprint.during",
        where=Where(record=record["id"]), params={"transition": transition.name, "faults": dict(faults)},
    )  # fmt: skip
    error.problems = [  # type: ignore[attr-defined] # the API lists them, one per field
        {"field": name, "code": "blueprint.during", "message": f"{name} {fault}"} for name, fault in faults.items()
    ]
    return error


def _keep_note(
    records: Records, record: Record, held: ReadyBlueprint, transition: Transition, given: Given, now: int, cause: Cause
) -> None:
    """What was written, attached and ticked is kept as an activity of the record."""
    if not (given.note or given.files or given.checklist):
        return
    data = {"transition": transition.name, "files": list(given.files), "checklist": list(given.checklist)}
    row = {
        "subject": transition.name, "type": "Note", "body": given.note, "occurredAt": to_text(now), "data": data,
        "relatedObject": held.blueprint.object, "relatedId": record["id"],
    }  # fmt: skip
    records.create("Activity", [row], cause)


def _give_tasks(
    records: Records, record: Record, held: ReadyBlueprint, transition: Transition, now: int, cause: Cause
) -> None:
    people, rows = People(records, to_text(now)), []
    for task in transition.after.tasks:
        meant = people.meant(task.to, record.get("ownerId"), record) if task.to else []
        owner = meant[0]["id"] if meant and task.to and not task.to.group else record.get("ownerId")
        due = to_text(after(now, task.due, records.business_time)) if task.due is not None else None
        rows.append(
            {
                "subject": task.subject, "ownerId": None if task.to and task.to.group else owner, "dueAt": due,
                "role": task.to.role if task.to else None,
                "relatedObject": held.blueprint.object, "relatedId": record["id"],
            }
        )  # fmt: skip
    for outcome in records.create("Task", rows, cause) if rows else ():
        if isinstance(outcome, TowpathError):
            raise outcome
