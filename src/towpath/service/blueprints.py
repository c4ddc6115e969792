"""Blueprints as a service: which transitions a person can make, making one, and what happens by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from towpath.crm.alarms import Alarm
from towpath.crm.approvals.people import People
from towpath.crm.blueprints.compiled import by_object
from towpath.crm.blueprints.standing import Moved, Ringing, Standing, Standings, schedule
from towpath.crm.blueprints.tables import MOVE, VERSION
from towpath.crm.blueprints.transition import Given, held_by, make_transition, may_make, move
from towpath.crm.definitions import load_definitions
from towpath.engine.events import Event, Notice, OutboxRow, Start
from towpath.errors import NotFoundError, TowpathError
from towpath.model.blueprint import Blueprint, Transition
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.moment import to_text
from towpath.model.table import Order
from towpath.ports.records import Record, Records
from towpath.ports.store import Reader, Transaction
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.staff import person
from towpath.service.unit import Unit, in_unit


def available(platform: Platform, object_name: str, record_id: str, who: str | None = None) -> dict[str, Any]:
    """Where a record stands, and the transitions from there: who may, whether the criteria are met, what is asked."""

    def work(state: Snapshot) -> dict[str, Any]:
        now, stored = platform.clock.now(), load_definitions(state.tx, {"blueprint": Blueprint})
        known = by_object(stored.of("blueprint").values())
        record = _record(state.records, object_name, record_id)
        user = person(state.records, who) if who else None
        standing, held = held_by(Standings(cast("Transaction", state.tx), known, now, platform.ids), record)
        people = People(state.records, to_text(now))
        ways = [
            {
                "name": t.name, "to": t.to, "may": may_make(people, t, record, user),
                "met": held.criteria[t.name](record, None), "reason": t.reason,
                "asks": t.during.model_dump(mode="json", exclude_defaults=True), "automatic": t.automatic is not None,
            }
            for t in held.leaving(standing.state)
        ]  # fmt: skip
        return {
            "blueprint": standing.blueprint, "field": held.field, "state": standing.state,
            "since": to_text(standing.since), "transitions": ways,
        }  # fmt: skip

    return in_snapshot(platform, work)


def transition(
    platform: Platform,
    object_name: str,
    record_id: str,
    name: str,
    *,
    expected_state: str | None = None,
    who: str | None = None,
    values: Mapping[str, Any] | None = None,
    note: str | None = None,
    files: Sequence[str] = (),
    checklist: Sequence[str] = (),
    actor: str = "system",
) -> dict[str, Any]:
    """Make a transition; the record as it is then. See ``make_transition`` for what it refuses."""
    given = Given(dict(values or {}), note, tuple(files), tuple(checklist))

    def work(unit: Unit) -> dict[str, Any]:
        record = _record(unit.records, object_name, record_id)
        user = person(unit.records, who) if who else None
        cause = Cause(user["id"] if user else actor)
        moved, made = make_transition(unit.records, unit.standings, record, name, expected_state, user, given, cause)
        _after(unit, object_name, moved, made)
        return moved

    return in_unit(platform, work)


def write_round(
    platform: Platform, object_name: str, record_id: str, values: Mapping[str, Any], *, actor: str = "system"
) -> dict[str, Any]:
    """Change a record past its blueprint; for those with the permission. It is kept as a deviation."""

    def work(unit: Unit) -> dict[str, Any]:
        with unit.records.opened(record_id):
            (outcome,) = unit.records.update(object_name, [record_id], [values], Cause(actor))
        if isinstance(outcome, TowpathError):
            raise outcome
        text = f"{object_name} {record_id} was changed past its blueprint"
        data = {"object": object_name, "record": record_id, "actor": actor}
        unit.notices.append(Notice(platform.clock.now(), "deviation", text, data=data))
        return outcome

    return in_unit(platform, work)


def moves(
    platform: Platform, *, record: str | None = None, blueprint: str | None = None, deviations: bool = False,
    limit: int = 100,
) -> list[dict[str, Any]]:  # fmt: skip
    """How records came where they are, newest first; with ``deviations`` only what the blueprint does not know."""
    same = {"record": record, "blueprint": blueprint, "deviation": True if deviations else None}
    parts: list[Condition] = [Comparison(Field(n), "==", v) for n, v in same.items() if v is not None]

    def work(tx: Reader) -> list[dict[str, Any]]:
        rows = tx.select(MOVE, MOVE.names, All(tuple(parts)), order=(Order("id", descending=True),), limit=limit)
        return [dict(zip(MOVE.names, row, strict=True)) for row in rows]

    return platform.store.read(work)


def versions(platform: Platform, name: str) -> list[dict[str, Any]]:
    """Every version of a blueprint, the newest first; NotFoundError."""

    def work(tx: Reader) -> list[dict[str, Any]]:
        same = Comparison(Field("name"), "==", name)
        rows = tx.select(VERSION, VERSION.names, same, order=(Order("version", descending=True),))
        return [dict(zip(VERSION.names, row, strict=True)) for row in rows]

    found = platform.store.read(work)
    if not found:
        raise NotFoundError(f"there is no blueprint {name!r}", code="blueprint.unknown", params={"name": name})
    return found


def react(unit: Unit, alarms: Sequence[Alarm]) -> None:
    """What happens by itself in a state: warnings, breaches, reactions, automatic transitions."""
    for standing in unit.standings.of(alarm.subject for alarm in alarms).values():
        _react(unit, standing)


def _react(unit: Unit, standing: Standing) -> None:
    held = unit.standings.blueprint(standing)
    record = unit.records.get(standing.object, [standing.record]).get(standing.record)
    if held is None or record is None:
        return
    now = unit.platform.clock.now()
    for number, (due, ringing) in enumerate(schedule(held, standing, unit.records.business_time)):
        if number < standing.done:
            continue
        if due > now:
            break
        standing = unit.standings.rang(standing, number + 1)
        if _ring(unit, standing, record, ringing):
            return  # the record has moved on, and the alarms of its new state are set with it
    unit.standings.set_alarm(held, standing, unit.records)


def _ring(unit: Unit, standing: Standing, record: Record, ringing: Ringing) -> bool:
    name = record.get("name") or record.get("subject") or standing.record
    if ringing.kind == "warn":
        _tell(unit, "state_warning", f"{name} has been in {standing.state!r} for most of its time", standing, record)
    elif ringing.kind == "breach":
        _tell(unit, "state_breach", f"{name} has been in {standing.state!r} for too long", standing, record)
        return ringing.what is not None and _by_itself(unit, standing, record, ringing.what, "breach")
    elif ringing.kind == "automatic":
        return _by_itself(unit, standing, record, ringing.what, "automatic")
    else:
        _hand_on(unit, standing, record, ringing.what)
    return False


def _by_itself(unit: Unit, standing: Standing, record: Record, name: str, via: str) -> bool:
    held = unit.standings.blueprint(standing)
    made = held.blueprint.transition(name) if held else None
    if held is None or made is None or not held.criteria[name](record, None):
        _tell(unit, "state_stuck", f"the transition {name!r} could not be made by itself", standing, record)
        return False
    moved = Moved(name, via)
    try:
        done = move(unit.records, unit.standings, record, held, made, Given(), moved, Cause("engine"))
    except TowpathError as error:
        _tell(unit, "state_stuck", f"the transition {name!r} failed: {error.message}", standing, record)
        return False
    _after(unit, standing.object, done, made)
    return True


def _hand_on(unit: Unit, standing: Standing, record: Record, reaction: Any) -> None:
    people = People(unit.records, to_text(unit.platform.clock.now()))
    meant = people.meant(reaction.to, record.get("ownerId"), record) if reaction.to else []
    text = f"{record.get('name') or standing.record} is still in {standing.state!r}"
    for user in meant or [{"id": record.get("ownerId")}]:
        _tell(unit, "state_reaction", text, standing, record, user["id"])
    if reaction.do == "reassign" and meant:
        unit.records.update(standing.object, [record["id"]], [{"ownerId": meant[0]["id"]}], Cause("engine"))


def _tell(unit: Unit, kind: str, text: str, standing: Standing, record: Record, user: str | None = None) -> None:
    data = {"object": standing.object, "record": standing.record, "state": standing.state,
            "user": user or record.get("ownerId")}  # fmt: skip
    unit.notices.append(Notice(unit.platform.clock.now(), kind, text, data=data))


def _after(unit: Unit, object_name: str, record: Record, made: Transition) -> None:
    """Mails and workflows, which leave with the transaction."""
    platform, now = unit.platform, unit.platform.clock.now()
    for mail in made.after.mails:
        to = mail.to if "@" in mail.to else record.get(mail.to)
        if to:
            key = platform.ids.new()
            request = {"to": to, "subject": mail.subject, "text": mail.text or mail.subject}
            unit.outbox.append(OutboxRow(key, "", "", 0, 0, 0, "mail", request, False, 1, now, key))
    for name in made.after.start:
        plan = platform.published.plans[platform.published.find(name)]
        node = next((n.id for n in plan.triggers("record") if getattr(n.params, "object", None) == object_name), None)
        start = Start(platform.ids.new(), record["id"], chain=((plan.workflow, record["id"]),))
        unit.events.append(Event(platform.ids.new(), "start", plan.number, node, object_name, False, [start]))


def _record(records: Records, object_name: str, record_id: str) -> Record:
    found = records.get(object_name, [record_id])
    if record_id not in found:
        raise NotFoundError(f"there is no {object_name} {record_id!r}", code="record.not_found")
    return found[record_id]
