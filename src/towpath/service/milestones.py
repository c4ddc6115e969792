"""Milestones as a service: clocks follow what is saved, ladders are climbed in time, and how it stands can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm.alarms import Alarm
from towpath.crm.approvals.people import People
from towpath.crm.catalogue import Catalogue
from towpath.crm.milestones import CLOCK, ReadyMilestone, ReadyPolicy, Row, named_fields
from towpath.crm.problems import unknown_field
from towpath.engine.events import Notice
from towpath.errors import TowpathError
from towpath.model.change import Cause, Change
from towpath.model.condition import Comparison, Field
from towpath.model.milestones import MilestonePolicy, Rung
from towpath.model.moment import to_text
from towpath.model.service_clock import ServiceClock
from towpath.ports.records import Record
from towpath.ports.store import Reader
from towpath.service.open_unit import OpenUnit
from towpath.service.platform import Platform

KIND = "milestone"
_ENGINE = Cause("engine")


def check_policy(catalogue: Catalogue, policy: MilestonePolicy) -> None:
    """The fields that a policy names must be there. Raises SchemaError."""
    schema = catalogue.schema(policy.object)
    for name in sorted(named_fields(policy)):
        if schema.field(name.partition(".")[0]) is None:
            raise unknown_field(schema, name)


def follow_milestones(unit: OpenUnit) -> None:
    """Turn the clocks of the records that a transaction changes."""
    changed = unit.records.changes()
    for object_name, policies in unit.platform.saving.milestones.items():
        changes = [change for change in changed if change.object == object_name]
        if changes:
            _follow(unit, policies, changes)


def _follow(unit: OpenUnit, policies: Sequence[ReadyPolicy], changes: Sequence[Change]) -> None:
    now, stored = unit.platform.clock.now(), _stored(unit.tx, [change.id for change in changes])
    new, known, shown = list[Row](), list[Row](), dict[str, dict[str, Any]]()
    for change in changes:
        rows = stored.get(change.id, {})
        if change.new is None or change.kind == "deleted":
            _forget(unit, list(rows.values()))
            continue
        policy = _policy(policies, rows, change.new)
        for milestone in policy.milestones if policy else ():
            row = rows.get(milestone.milestone.name)
            after = policy.follow(milestone, row, change.new, now, unit.platform.published.calendars.of)  # type: ignore[union-attr]
            if after is not None and after != row:
                (new if row is None else known).append(after)
                _set_alarm(unit, policy, milestone, after)  # type: ignore[arg-type]
                if milestone.milestone.due is not None:
                    shown.setdefault(change.id, {})[milestone.milestone.due] = _due(unit, policy, milestone, after)  # type: ignore[arg-type]
    _write(unit, new, known)
    if shown:
        _good(unit.records.update(changes[0].object, list(shown), list(shown.values()), _ENGINE))


def react(unit: OpenUnit, alarms: Sequence[Alarm]) -> None:
    """Climb the ladders of clocks whose time has come."""
    stored, climbed = _stored(unit.tx, [alarm.subject.partition("|")[0] for alarm in alarms]), list[Row]()
    _load(unit, [row for rows in stored.values() for row in rows.values()])
    for alarm in alarms:
        record_id, _, name = alarm.subject.partition("|")
        row = stored.get(record_id, {}).get(name)
        policy = _named(unit, row) if row else None
        milestone = policy.milestone(name) if policy else None
        if row is not None and policy is not None and milestone is not None and row.kept_at is None:
            climbed.append(_climb(unit, policy, milestone, row))
    _write(unit, [], climbed)


def _load(unit: OpenUnit, rows: Sequence[Row]) -> None:
    """Read the records of all clocks at once; each climb finds its own in the session."""
    by_object: dict[str, list[str]] = {}
    for row in rows:
        by_object.setdefault(row.object, []).append(row.record)
    for object_name, ids in by_object.items():
        unit.records.get(object_name, ids)


def _climb(unit: OpenUnit, policy: ReadyPolicy, milestone: ReadyMilestone, row: Row) -> Row:
    now, time = unit.platform.clock.now(), policy.time(milestone, unit.platform.published.calendars.of)
    clock, record = ServiceClock.from_json(dict(row.clock)), unit.records.get(row.object, [row.record])
    for number, rung in enumerate(_ladder(milestone)):
        due = clock.reaches(time, rung.at)
        if number < row.rung:
            continue
        if due is None or due > now or row.record not in record:
            break
        late = due if rung.at >= 1 and row.breached_at is None else row.breached_at
        row = row._replace(rung=number + 1, breached_at=late)
        _rung(unit, milestone, rung, record[row.record], row.object)
    _set_alarm(unit, policy, milestone, row)
    return row


def _rung(unit: OpenUnit, milestone: ReadyMilestone, rung: Rung, record: Record, object_name: str) -> None:
    now, name = unit.platform.clock.now(), milestone.milestone.name
    people, owner = People(unit.records, to_text(now)), record.get("ownerId")
    told = people.meant(rung.tell, owner, record) if rung.tell else [{"id": owner}]
    kind = "milestone_breach" if rung.at >= 1 else "milestone"
    about = record.get("subject") or record.get("name") or record["id"]
    for user in told:
        data = {"object": object_name, "record": record["id"], "milestone": name, "share": rung.at, "user": user["id"]}
        unit.notices.append(Notice(now, kind, f"{rung.at:.0%} of {name!r} is used: {about}", data=data))
    values = dict(rung.set)
    if rung.give is not None:
        values |= _given(unit, people, rung, owner, record)
    if values:
        _good(unit.records.update(object_name, [record["id"]], [values], _ENGINE))


def _given(unit: OpenUnit, people: People, rung: Rung, owner: str | None, record: Record) -> dict[str, Any]:
    """The record goes to the person, or to the team, where anybody may take it."""
    give = rung.give
    if give is not None and give.team is not None:
        rows = unit.records.find_by("Team", "name", [give.team])[give.team]
        return {"teamId": rows[0]["id"], "ownerId": None} if rows else {}
    meant = people.meant(give, owner, record) if give else []
    return {"ownerId": meant[0]["id"]} if meant else {}


def _ladder(milestone: ReadyMilestone) -> list[Rung]:
    """The rungs in order; that the time is over is always one of them."""
    rungs = list(milestone.milestone.ladder)
    if not any(rung.at == 1 for rung in rungs):
        rungs.append(Rung(at=1))
    return sorted(rungs, key=lambda rung: rung.at)


def clocks(platform: Platform, record: str) -> list[dict[str, Any]]:
    """How the promises about a record stand: due, used and left in business seconds, breached, kept."""

    def work(tx: Reader) -> list[dict[str, Any]]:
        return [_view(platform, row) for row in _stored(tx, [record]).get(record, {}).values()]

    return platform.store.read(work)


def _view(platform: Platform, row: Row) -> dict[str, Any]:
    now, clock = platform.clock.now(), ServiceClock.from_json(dict(row.clock))
    policies = platform.saving.milestones.get(row.object, ())
    policy = next((each for each in policies if each.policy.name == row.policy), None)
    milestone = policy.milestone(row.milestone) if policy else None
    calendars = platform.published.calendars.of
    time = policy.time(milestone, calendars) if policy and milestone else calendars(None)
    used, due = clock.used(time, now) / 1e6, clock.due(time)
    return {
        "milestone": row.milestone, "policy": row.policy, "state": "kept" if row.kept_at else clock.state,
        "due": None if due is None else to_text(due), "used": used, "allowed": clock.target / 1e6,
        "left": clock.target / 1e6 - used, "breached": row.breached_at is not None, "rounds": row.rounds,
    }  # fmt: skip


def _policy(policies: Sequence[ReadyPolicy], rows: Mapping[str, Row], record: Mapping[str, Any]) -> ReadyPolicy | None:
    """The policy that holds the record already, else the first that fits."""
    names = {row.policy for row in rows.values()}
    held = next((each for each in policies if each.policy.name in names), None)
    return held or next((each for each in policies if each.enters(record, None)), None)


def _named(unit: OpenUnit, row: Row) -> ReadyPolicy | None:
    policies = unit.platform.saving.milestones.get(row.object, ())
    return next((each for each in policies if each.policy.name == row.policy), None)


def _stored(tx: Reader, records: Sequence[str]) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    wanted = tuple(sorted(set(records)))
    for row in tx.select(CLOCK, CLOCK.names, Comparison(Field("record"), "in", wanted)) if wanted else ():
        found.setdefault(row[0], {})[row[3]] = Row(*row)
    return found


def _set_alarm(unit: OpenUnit, policy: ReadyPolicy, milestone: ReadyMilestone, row: Row) -> None:
    time, due = policy.time(milestone, unit.platform.published.calendars.of), None
    rungs = _ladder(milestone)
    if row.kept_at is None and row.rung < len(rungs):
        due = ServiceClock.from_json(dict(row.clock)).reaches(time, rungs[row.rung].at)
    unit.records.set_alarm(KIND, f"{row.record}|{row.milestone}", due)


def _due(unit: OpenUnit, policy: ReadyPolicy, milestone: ReadyMilestone, row: Row) -> str | None:
    if row.kept_at is not None:
        return None
    due = ServiceClock.from_json(dict(row.clock)).due(policy.time(milestone, unit.platform.published.calendars.of))
    return None if due is None else to_text(due)


def _forget(unit: OpenUnit, rows: Sequence[Row]) -> None:
    if rows:
        unit.tx.delete(CLOCK, [(row.record, row.milestone) for row in rows])
    for row in rows:
        unit.records.set_alarm(KIND, f"{row.record}|{row.milestone}", None)


def _write(unit: OpenUnit, new: Sequence[Row], known: Sequence[Row]) -> None:
    if new:
        unit.tx.insert(CLOCK, CLOCK.names, new)
    if known:
        columns = ("clock", "rung", "breached_at", "kept_at", "used", "rounds")
        rows = [(*(getattr(row, name) for name in columns), row.record, row.milestone) for row in known]
        unit.tx.update(CLOCK, columns, rows)


def _good(outcomes: Sequence[Any]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, TowpathError):
            raise outcome
