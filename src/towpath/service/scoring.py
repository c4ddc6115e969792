"""Scores kept up to date: at once when a record or one of its activities changes, and all of them every night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from towpath.crm.alarms import Alarm, write_alarms
from towpath.crm.catalogue import Catalogue
from towpath.crm.problems import unknown_field
from towpath.crm.scoring import ReadyScore, conditions_of, crosses
from towpath.crm.scoring_table import SCORE
from towpath.engine.events import Event, Notice, Start
from towpath.errors import InputError, SchemaError, TowpathError, Where
from towpath.model.change import Cause
from towpath.model.condition import Comparison, Field, fields_of
from towpath.model.moment import to_datetime
from towpath.model.offset import to_microseconds
from towpath.model.scoring import ScoreModel
from towpath.model.table import Order
from towpath.ports.records import Record
from towpath.ports.store import Transaction
from towpath.service.open_unit import OpenUnit

KIND = "scoring"
PAGE = 1000
_ENGINE = Cause("engine")


def check_model(catalogue: Catalogue, model: ScoreModel) -> None:
    """What a model says of objects and fields must be true of the schema. Raises SchemaError and InputError."""
    schema, activity = catalogue.schema(model.object), catalogue.schema("Activity")
    facts, events = conditions_of(model)
    named = [*(n for condition in facts for n in fields_of(condition))]
    named += list(model.threshold.set) if model.threshold else []
    for name in sorted({model.field, *named}):
        if schema.field(name.partition(".")[0]) is None:
            raise unknown_field(schema, name)
    for name in sorted({n for condition in events for n in fields_of(condition)}):
        if activity.field(name.partition(".")[0]) is None:
            raise unknown_field(activity, name)
    field = schema.field(model.field)
    if field is None or field.type not in ("number", "integer", "money"):
        raise SchemaError(
            f"{model.object}.{model.field} holds no number", code="scoring.field",
            where=Where(object=model.object, field=model.field), params={"field": model.field},
        )  # fmt: skip
    _zone(model)


def begin_scoring(tx: Transaction, model: ScoreModel, now: int) -> None:
    """Score every record soon, and again every night; a model that is off scores nothing any more."""
    write_alarms(tx, {(KIND, f"{model.name}|"): now if model.active else None})


def follow_scores(unit: OpenUnit) -> None:
    """Score again what the changes of a transaction are about, in the same transaction."""
    for object_name, models in unit.platform.saving.scores.items():
        touched = _touched(unit, object_name, models)
        if touched:
            _score(unit, object_name, models, touched, _ENGINE)


def react(unit: OpenUnit, alarms: Sequence[Alarm]) -> None:
    """The nightly round, a page at a time, so that no transaction is long."""
    by_name = {ready.model.name: ready for models in unit.platform.saving.scores.values() for ready in models}
    for alarm in alarms:
        name, _, last = alarm.subject.partition("|")
        ready = by_name.get(name)
        if ready is None:
            continue
        where = Comparison(Field("id"), ">", last)
        page = unit.records.find(ready.model.object, where, order=(Order("id"),), limit=PAGE)
        _score(unit, ready.model.object, [ready], page, Cause("engine", bulk=True))
        now = unit.platform.clock.now()
        if len(page) == PAGE:
            unit.records.set_alarm(KIND, f"{name}|{page[-1]['id']}", now)
        else:
            unit.records.set_alarm(KIND, f"{name}|", next_night(ready.model, now))


def next_night(model: ScoreModel, now: int) -> int:
    """The next time at which all is scored again, microseconds."""
    zone = _zone(model)
    hour, minute = map(int, model.nightly.split(":"))
    today = to_datetime(now).astimezone(zone)
    at = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while to_microseconds(at) <= now:
        day = at + timedelta(days=1)
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    return to_microseconds(at)


def _touched(unit: OpenUnit, object_name: str, models: Sequence[ReadyScore]) -> list[Record]:
    reads = frozenset().union(*(ready.reads for ready in models))
    ids: dict[str, None] = {}
    for change in unit.records.changes():
        if change.new is None or change.kind == "deleted":
            continue
        if change.object == object_name and (change.kind == "created" or not reads.isdisjoint(change.fields)):
            ids[change.id] = None
        elif change.object == "Activity" and change.new["relatedObject"] == object_name and change.new["relatedId"]:
            ids[change.new["relatedId"]] = None
    return list(unit.records.get(object_name, list(ids)).values()) if ids else []


def _score(
    unit: OpenUnit, object_name: str, models: Sequence[ReadyScore], records: Sequence[Record], cause: Cause
) -> None:
    now, ids = unit.platform.clock.now(), [record["id"] for record in records]
    with_events = any(ready.has_events for ready in models)
    happened = unit.records.find_by("Activity", "relatedId", ids) if with_events and ids else {}
    for ready in models:
        scores = {r["id"]: ready.score(r, _own(object_name, happened.get(r["id"], ())), now) for r in records}
        crossed = _cross(unit.tx, ready.model, scores)
        _write(unit, ready.model, records, scores, crossed, cause)
        _start(unit, ready.model, crossed)


def _own(object_name: str, activities: Iterable[Record]) -> list[Record]:
    return [activity for activity in activities if activity["relatedObject"] == object_name]


def _cross(tx: Transaction, model: ScoreModel, scores: Mapping[str, float]) -> list[str]:
    """The records that cross the threshold upwards now; which may cross it again is kept."""
    if model.threshold is None or not scores:
        return []
    keys = [f"{model.name}|{record}" for record in scores]
    stored = dict(tx.get(SCORE, keys, ("key", "armed")))
    crossed, new, changed = list[str](), list[tuple[str, bool]](), list[tuple[bool, str]]()
    for key, (record, score) in zip(keys, scores.items(), strict=True):
        armed = bool(stored.get(key, True))
        crosses_now, after = crosses(model, armed=armed, score=score)
        crossed += [record] if crosses_now else []
        if after != armed:
            (changed if key in stored else new).append((after, key) if key in stored else (key, after))  # type: ignore[arg-type]
    if new:
        tx.insert(SCORE, ("key", "armed"), new)
    if changed:
        tx.update(SCORE, ("armed",), changed)
    return crossed


def _write(
    unit: OpenUnit, model: ScoreModel, records: Sequence[Record], scores: Mapping[str, float], crossed: Sequence[str],
    cause: Cause,
) -> None:  # fmt: skip
    also, over = model.threshold.set if model.threshold else {}, frozenset(crossed)
    rows = {
        r["id"]: {model.field: scores[r["id"]], **(also if r["id"] in over else {})}
        for r in records
        if r["id"] in over or r[model.field] != scores[r["id"]]
    }
    outcomes = unit.records.update(model.object, list(rows), list(rows.values()), cause) if rows else []
    now = unit.platform.clock.now()
    for record, outcome in zip(rows, outcomes, strict=True):
        if isinstance(outcome, TowpathError):
            data = {"object": model.object, "record": record, "code": outcome.code}
            text = f"the score could not be kept: {outcome.message}"
            unit.notices.append(Notice(now, "scoring", text, data=data))


def _start(unit: OpenUnit, model: ScoreModel, crossed: Sequence[str]) -> None:
    platform = unit.platform
    for name in model.threshold.start if model.threshold and crossed else ():
        number = platform.published.number(name)
        if number is None:
            text = f"the score model {model.name!r} starts {name!r}, which is not published"
            unit.notices.append(Notice(platform.clock.now(), "scoring", text, data={"workflow": name}))
            continue
        plan = platform.published.plans[number]
        node = next((n.id for n in plan.triggers("record") if getattr(n.params, "object", None) == model.object), None)
        starts = [Start(platform.ids.new(), record, chain=((plan.workflow, record),)) for record in crossed]
        unit.events.append(Event(platform.ids.new(), "start", number, node, model.object, False, starts))


def _zone(model: ScoreModel) -> Any:
    try:
        return ZoneInfo(model.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"{model.zone!r} is no time zone", code="scoring.zone", hint="Write for example 'Europe/Berlin'.",
            params={"zone": model.zone},
        ) from None  # fmt: skip
