"""Waits for an event from outside, or for a record to meet a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import Field, model_validator

from towpath.engine.batch import Batch, Visit
from towpath.engine.conditions import WrittenCondition
from towpath.engine.fields import condition_problems, object_problems
from towpath.engine.node import CheckContext, NodeType, Port
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.errors import NodeError, Where
from towpath.expr import compile_condition
from towpath.model.duration import Duration
from towpath.model.problem import Problem
from towpath.ports.records import Record
from towpath.ports.time import SECOND

CAME, TIMEOUT = 0, 1


class Params(NodeParams):
    """What is waited for: an event by name and key, or a record by condition; and how long."""

    event: str | None = Field(
        None, min_length=1, max_length=100, description="Name of the event, for example mail.clicked."
    )
    key: Dynamic[Text] | None = Field(
        None, description="Which one of these events: a value that it carries too, for example an e-mail."
    )
    object: str | None = Field(None, description="Instead of an event: the kind of record that is watched.")
    id: Dynamic[str] | None = Field(
        None, description="Id of the record that is watched; the run's record when nothing is said."
    )
    condition: WrittenCondition | None = Field(
        None, description="What the record must meet; any change will do when nothing is said."
    )
    timeout: Duration | None = Field(None, description="How long to wait at most; then the item leaves by 'timeout'.")
    into: str = Field(
        "event", min_length=1, description="Field of the item that gets what the event brought, or the record."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Params:
        if (self.event is None) == (self.object is None):
            raise ValueError("name an 'event' or an 'object' to wait for")
        if self.event is not None and (self.key is None or self.id is not None or self.condition is not None):
            raise ValueError("an event is told apart by its 'key'; 'id' and 'condition' belong to an 'object'")
        if self.object is not None and self.key is not None:
            raise ValueError("a record is told apart by its 'id'; 'key' belongs to an 'event'")
        return self


def run(batch: Batch[Params]) -> None:
    """Items wait; runs whose records meet the condition already go on at once."""
    params = batch.params
    due = batch.now + round(params.timeout * SECOND) if params.timeout is not None else None
    if params.key is not None:
        _wait_for_events(batch, batch.resolve(params.key), due)
        return
    watched = _watched(batch)
    records = _read(batch, watched)
    for position, record_id in watched.items():
        if record_id not in records:
            batch.fail(position, _not_found(str(params.object), record_id))
    _look(batch, {p: i for p, i in watched.items() if i in records}, records, lambda visit: due)


def _wait_for_events(batch: Batch[Params], keys: Sequence[tuple[int, str]], due: int | None) -> None:
    """Items of one run with one key wait as one: the later ones remember the place of the first."""
    first: dict[tuple[int, str], int] = {}
    for position, key in keys:
        visit, place = batch.owners[position], batch.places[position]
        leader = first.setdefault((id(visit), key), place)
        if leader == place:
            batch.wait_for(position, f"event:{batch.params.event}:{key}", due=due)
        else:
            parking = batch.park(visit)
            parking.memo = {**(parking.memo or {}), place: leader}


def resume(batch: Batch[Params]) -> None:
    """Events go on as they came; changed records are looked at again until the time is up."""
    params = batch.params
    if params.object is not None:
        ids = [record_id for visit in batch.visits for record_id in visit.token.memo]
        watched = {position: record_id for position, record_id in enumerate(ids) if record_id}
        _look(batch, watched, _read(batch, watched), lambda visit: visit.token.due)
        return
    for position, _ in batch.results:
        visit, place = batch.owners[position], batch.places[position]
        answered = (visit.token.memo or {}).get(place, place)
        if answered in visit.answers:
            batch.derive(position, {**batch.items[position].json, params.into: visit.answers[answered]}, CAME)
        else:
            batch.forward(position, TIMEOUT)


def _watched(batch: Batch[Params]) -> dict[int, str]:
    """The id of the record that each item waits for, by position."""
    if batch.params.id is not None:
        return dict(batch.resolve(batch.params.id))
    watched = {}
    for position in batch.live():
        record_id = batch.runs[position].record
        if record_id is None:
            batch.fail(position, _no_record())
        else:
            watched[position] = record_id
    return watched


def _read(batch: Batch[Params], watched: Mapping[int, str]) -> dict[str, Record]:
    return batch.context.records.get(str(batch.params.object), list(dict.fromkeys(watched.values())))


def _look(
    batch: Batch[Params],
    watched: Mapping[int, str],
    records: Mapping[str, Record],
    due_of: Callable[[Visit], int | None],
) -> None:
    """A run whose items all have what they wait for, or whose time is up, goes on; the others wait (again)."""
    met = _met(batch, watched, records)
    for first, visit in zip(batch.first, batch.visits, strict=True):
        positions = [p for p in range(first, first + len(visit.token.inputs[0])) if p in watched]
        due = due_of(visit)
        missing = any(
            p not in met and watched[p] in records for p in positions
        )  # a deleted record will not change any more
        if missing and (due is None or due > batch.now):
            _wait(batch, visit, first, {p: watched[p] for p in positions}, met, due)
        else:
            for position in positions:
                _leave(batch, position, met.get(position))


def _met(batch: Batch[Params], watched: Mapping[int, str], records: Mapping[str, Record]) -> dict[int, Record]:
    """The records that are as their items want them, by position."""
    condition = batch.params.condition
    holds = compile_condition(condition.condition) if condition else None
    told = {(id(batch.owners[p]), watched.get(p)): answer for p, answer in batch.results if answer is not None}
    met = {}
    for position, _ in batch.results:
        record = records.get(watched.get(position, ""))
        if record is None:
            continue
        answer = told.get((id(batch.owners[position]), watched[position]))  # items may watch one record
        old = answer.get("old") if isinstance(answer, Mapping) else None
        if answer is True or (holds(record, old) if holds else answer is not None):
            met[position] = record
    return met


def _wait(
    batch: Batch[Params],
    visit: Visit,
    first: int,
    watched: Mapping[int, str],
    met: Mapping[int, Record],
    due: int | None,
) -> None:
    """What is met stays met while the run waits for the rest."""
    size = len(visit.token.inputs[0])
    batch.park(visit, due=due, memo=[watched.get(position) for position in range(first, first + size)])
    for position, record_id in watched.items():
        visit.answers.pop(position - first, None)
        if position in met:
            visit.answers[position - first] = True
        else:
            batch.wait_for(position, f"change:{batch.params.object}:{record_id}", due=due)


def _leave(batch: Batch[Params], position: int, record: Record | None) -> None:
    if record is None:
        batch.forward(position, TIMEOUT)
    else:
        batch.derive(position, {**batch.items[position].json, batch.params.into: record}, CAME)


def _no_record() -> NodeError:
    return NodeError(
        "the run is not about a record",
        code="node.no_record",
        hint="Say in 'id' which record is watched.",
        where=Where(field="id"),
    )


def _not_found(object_name: str, record_id: str) -> NodeError:
    return NodeError(
        f"there is no {object_name} with the id {record_id!r}",
        code="node.not_found",
        hint="It may have been deleted before the wait began.",
        where=Where(object=object_name, record=record_id, field="id"),
    )


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Object and fields must exist."""
    if params.object is not None:
        yield from object_problems(context, params.object)
        yield from condition_problems(context, params.object, params.condition, "condition")


node_type = NodeType(
    name="wait.event",
    title="Wait for an event",
    description="Waits until an event with a given key comes in, or a record meets a condition, or a set time is over.",
    icon="bell",
    group="wait",
    touches="wait",
    params=Params,
    run=run,
    resume=resume,
    check=check,
    outputs=(Port("out", "Came"), Port("timeout", "Did not come")),
    examples=(
        {"event": "mail.clicked", "key": "{{ $json.email }}", "timeout": "3 days"},
        {"object": "Lead", "condition": 'status == "Qualified"', "timeout": "2 weeks"},
    ),
)
