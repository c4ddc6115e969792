"""Runs a version over records as they once were and catches every effect: nothing is sent, and nothing is kept.

Each round works inside a transaction that is undone, on a clock that is set to the time of the changes. Waits of time
are over at once; a node of the outside world passes its items on; where a run waits for a person or an event its way
ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from towpath.engine.claim import Claim
from towpath.engine.context import Context
from towpath.engine.events import Event, Start
from towpath.engine.load import load
from towpath.engine.lockstep import Lockstep
from towpath.engine.plan import Plan
from towpath.engine.state import RunState
from towpath.engine.trace import Trace, TraceStep
from towpath.engine.triggers import RecordTrigger
from towpath.model.change import Change
from towpath.ports.store import Transaction
from towpath.ports.time import Ids
from towpath.service.platform import Platform
from towpath.service.unit import Unit

ROUNDS = 1000  # waits that one run is taken over at most


@dataclass(slots=True)
class Caught:
    """What the runs would have done to the outside and to records, had it been let out."""

    mails: int = 0
    calls: int = 0
    records: int = 0
    people: int = 0


@dataclass(slots=True)
class DryRun:
    """The way of each start, in order, and what was caught."""

    paths: list[str] = field(default_factory=list)
    caught: Caught = field(default_factory=Caught)


class UndoError(Exception):
    """Rolls the transaction of a round back."""


class Then:
    """A clock at the time of the changes, which waits move on."""

    def __init__(self, moment: int) -> None:
        self.moment = moment

    def now(self) -> int:
        """Microseconds."""
        return self.moment


def dry_run(platform: Platform, trigger: RecordTrigger, changes: Sequence[tuple[int, Change]]) -> DryRun:
    """The ways that the changes' records take, the oldest change first; no record may come twice."""
    done = DryRun()

    def work(tx: Transaction) -> None:
        _round(platform, tx, trigger, changes, done)
        raise UndoError

    with suppress(UndoError):
        platform.store.write(work)
    return done


def _round(
    platform: Platform, tx: Transaction, trigger: RecordTrigger, changes: Sequence[tuple[int, Change]], done: DryRun
) -> None:
    plan, clock = trigger.plan, Then(max(at for at, _ in changes))
    _put_back(platform, tx, trigger.object, [change for _, change in changes])
    unit = Unit(platform, tx)
    trace = Trace()
    context = Context(
        clock, platform.ids, platform.chance, unit.records, environment=platform.environment,
        sandbox=platform.sandbox, find_workflow=platform.published.number, mocks=outside(plan), bulk=True,
    )  # fmt: skip
    starts = [_start(plan, change, platform.ids) for _, change in changes]
    event = Event("", "start", plan.number, trigger.node, trigger.object, True, starts)
    runs = load(Claim(plan.number, [event]), plan, context)
    advance(plan, context, clock, runs, trace)
    steps: dict[str, list[TraceStep]] = {}
    for step in trace.steps:
        steps.setdefault(step.run, []).append(step)
    done.paths = [way(plan, [(s.node, _port(plan, s)) for s in steps.get(r.id, []) if s.outcome == "ok"], r.status)
                  for r in runs]  # fmt: skip
    count_caught(plan, trace, unit, done.caught)


def _put_back(platform: Platform, tx: Transaction, object_name: str, changes: Sequence[Change]) -> None:
    """The records as they were right after their changes."""
    plan = platform.catalogue.plan(object_name)
    names = [name for name in plan.names if name != "id"]
    rows = []
    for change in changes:
        record = change.new if change.new is not None else change.old
        if record is not None:
            rows.append((*(record[name] for name in names), change.id))
    tx.update(plan.table, names, sorted(rows, key=_by_id))


def _by_id(row: Sequence[Any]) -> str:
    return str(row[-1])


def _start(plan: Plan, change: Change, ids: Ids) -> Start:
    items = [change.old] if change.kind == "deleted" and change.old is not None else None
    old = change.old if plan.uses_old else None
    return Start(ids.new(), change.id, items, old, (*change.cause.chain, (plan.workflow, change.id)))


def outside(plan: Plan) -> dict[str, Any]:
    """In place of every node of the outside world that no items are pinned to: its items go on as they came."""
    return {node.id: _as_it_came for node in plan.nodes if node.type.touches == "external" and node.spec.pinned is None}


def _as_it_came(item: dict[str, Any]) -> dict[str, Any]:
    return item


def advance(plan: Plan, context: Context, clock: Then, runs: list[RunState], trace: Trace) -> None:
    """Take the runs over all their waits of time."""
    going = runs
    for _ in range(ROUNDS):
        lockstep = Lockstep(plan, context, going, trace)
        lockstep.advance()
        going = [run for run in going if run.status == "waiting" and _due(run) is not None]
        if not going:
            return
        clock.moment = max(clock.moment, min(due for run in going if (due := _due(run)) is not None))
        for run in going:
            _wake(run, clock.moment)
        going = [run for run in going if run.stack]


def _due(run: RunState) -> int | None:
    return min((token.due for token in run.parked if token.due is not None), default=None)


def _wake(run: RunState, now: int) -> None:
    ready = [token for token in run.parked if token.due is not None and token.due <= now]
    if not ready:  # it waits longer than others of the round: its time comes all the same
        first = min(token.due for token in run.parked if token.due is not None)
        ready = [token for token in run.parked if token.due == first]
    run.parked = [token for token in run.parked if token not in ready]
    for token in ready:
        token.pending = {}
    run.stack.extend(sorted(ready, key=lambda token: -token.number))
    run.status = "running"


def _port(plan: Plan, step: TraceStep) -> str | None:
    node = plan.nodes[plan.index[step.node]]
    used = [port for port, items in step.outputs.items() if items]
    return used[0] if len(node.outputs) > 1 and len(used) == 1 else None


def way(plan: Plan, steps: Sequence[tuple[str, str | None]], status: str) -> str:
    """A run's way: the steps after its trigger, each with the way out it took where there are several."""
    names = [
        plan.definition.node_name(node) + (f" [{port}]" if port else "")
        for node, port in steps
        if node in plan.index and plan.nodes[plan.index[node]].type.trigger is None
    ]
    ending = {"waiting": ["…"], "failed": ["failed"], "cancelled": ["cancelled"]}.get(status, [])
    return " → ".join([*names, *ending]) or "nothing"


def count_caught(plan: Plan, trace: Trace, unit: Unit, caught: Caught) -> None:
    """Write down what the steps would have sent and changed."""
    kinds: Counter[str] = Counter()
    for step in trace.steps:
        node = plan.nodes[plan.index[step.node]]
        count = sum(map(len, step.inputs))
        if node.type.name == "mail.send":
            kinds["mails"] += count
        elif node.type.touches == "external":
            kinds["calls"] += count
    caught.mails, caught.calls = kinds["mails"], kinds["calls"]
    changes = unit.records.changes()
    caught.people = sum(change.object == "Task" for change in changes)
    caught.records = len(changes) - caught.people
