"""Back-test of a draft: which records would have taken which way in a past period, against what the published one did.

Nothing leaves: no mail, no call, no write (``dry_run.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from towpath.engine.enrolment import rules_of
from towpath.engine.plan import Plan, compile_plan
from towpath.engine.segment import decode_segment
from towpath.engine.tables import RUN, SEGMENT, VERSION, WORKFLOW
from towpath.engine.triggers import RecordTrigger
from towpath.errors import InputError, WorkflowError
from towpath.model.change import Change
from towpath.model.condition import All, Comparison, Field
from towpath.model.table import Order
from towpath.model.workflow import Node, WorkflowDefinition
from towpath.ports.store import Reader
from towpath.service.dry_run import Caught, dry_run, way
from towpath.service.past_changes import past_changes
from towpath.service.platform import Platform
from towpath.service.published import record_triggers
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.workflows import check, workflow_id_of

MOST_STARTS = 50_000
ROUND = 1000
DAY = 86_400_000_000
Fired = tuple[int, Change, RecordTrigger]


@dataclass(frozen=True, slots=True)
class PathCount:
    """One way, and how many runs took it: of the draft, and of what was published."""

    path: str
    draft: int
    published: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that the draft treats otherwise; None where one of the two did not start."""

    record: str
    draft: str | None
    published: str | None


@dataclass(slots=True)
class Backtest:
    """What a draft would have done in a period; times are microseconds. ``cut`` where there were too many starts."""

    workflow: str
    since: int
    until: int
    changes: int = 0
    starts: int = 0
    published_starts: int = 0
    same: int = 0
    other_path: int = 0
    only_draft: int = 0
    only_published: int = 0
    cut: bool = False
    paths: list[PathCount] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    caught: Caught = field(default_factory=Caught)


def backtest(
    platform: Platform, definition: WorkflowDefinition, since: int, until: int, *, examples: int = 20
) -> Backtest:
    """Run a draft over the changes from ``since`` to ``until``, and compare with the runs that there were.

    WorkflowError with every problem of the draft; InputError where no change of a record starts it.
    """
    plan = compiled(platform, definition)
    triggers = triggers_of(plan)
    result = Backtest(plan.workflow, since, until)
    fired, published = in_snapshot(platform, lambda state: _look(platform, state, triggers, result))
    drafted = list(_play(platform, fired, result))
    _compare(result, drafted, published, examples)
    return result


def triggers_of(plan: Plan) -> list[RecordTrigger]:
    """The triggers that past changes can be held against. InputError where there is none."""
    triggers = [trigger for trigger in record_triggers(plan) if trigger.when == "committed"]
    if not triggers:
        hint = "Only workflows with a record trigger can be held against past changes."
        raise InputError("no change of a record starts this workflow", code="backtest.no_record_trigger", hint=hint)
    return triggers


def compiled(platform: Platform, definition: WorkflowDefinition) -> Plan:
    """A draft ready to run. WorkflowError with its problems."""
    problems = [problem for problem in check(platform, definition) if problem.severity == "error"]
    if problems:
        raise WorkflowError(f"{definition.name!r} cannot run: {problems[0]}", problems=problems)
    definition = definition.model_copy(update={"id": workflow_id_of(definition), "nodes": _unpinned(definition)})
    return compile_plan(definition, platform.registry, calendars=platform.published.calendars)


def _unpinned(definition: WorkflowDefinition) -> dict[str, Node]:
    """Pinned items are for trying out a draft, and not what past records would have met."""
    return {key: node.model_copy(update={"pinned": None}) for key, node in definition.nodes.items()}


def _look(
    platform: Platform, state: Snapshot, triggers: Sequence[RecordTrigger], result: Backtest
) -> tuple[list[Fired], list[tuple[str, str]]]:
    """The changes that start the draft, oldest first, and (record, way) of the published runs of the period."""
    fired, result.changes = fired_changes(state, triggers, result.since, result.until)
    return fired, _published(platform, state, result)


def fired_changes(
    state: Snapshot, triggers: Sequence[RecordTrigger], since: int, until: int
) -> tuple[list[Fired], int]:
    """The changes of a period that start the triggers' workflow, oldest first, and how many changes there were."""
    fired: list[Fired] = []
    changes = 0
    by_object: dict[str, list[RecordTrigger]] = {}
    for trigger in triggers:
        by_object.setdefault(trigger.object, []).append(trigger)
    for name, mine in by_object.items():
        for at, change in past_changes(state, name, since, until):
            changes += 1
            fired += [(at, change, trigger) for trigger in mine if _starts(trigger, change)]
    fired.sort(key=lambda row: (row[0], row[1].id))
    return _enrolled(triggers[0].plan, fired), changes


def _starts(trigger: RecordTrigger, change: Change) -> bool:
    looped = change.cause.chain.count((trigger.plan.workflow, change.id))
    allowed = looped <= trigger.plan.definition.settings.reentry
    return allowed and change.kind in trigger.kinds and trigger.fires(change)


def _enrolled(plan: Plan, fired: list[Fired]) -> list[Fired]:
    """Those that the draft's enrolment rules let in; whoever was inside once counts as known from the period alone."""
    rules = rules_of(plan)
    if rules is None:
        return fired
    entered: set[str] = set()
    kept = []
    for at, change, trigger in fired:
        if rules.outside(change.new) is not None:
            continue
        if change.id in entered and not rules.enters_again(change.new or {}, change):
            continue
        entered.add(change.id)
        kept.append((at, change, trigger))
    return kept


def _play(platform: Platform, fired: list[Fired], result: Backtest) -> Iterator[tuple[str, str]]:
    """(record, way) of the draft's runs, in order."""
    result.cut = len(fired) > MOST_STARTS
    for part in _rounds(fired[:MOST_STARTS]):
        done = dry_run(platform, part[0][2], [(at, change) for at, change, _ in part])
        for name in ("mails", "calls", "records", "people"):
            setattr(result.caught, name, getattr(result.caught, name) + getattr(done.caught, name))
        yield from zip((change.id for _, change, _ in part), done.paths, strict=True)


def _rounds(fired: Iterable[Fired]) -> Iterator[list[Fired]]:
    """Starts that can go together: of one trigger and one day, each record once."""
    part: list[Fired] = []
    records: set[str] = set()
    for row in fired:
        at, change, trigger = row
        apart = part and (
            part[0][2] is not trigger or change.id in records or at // DAY != part[0][0] // DAY or len(part) >= ROUND
        )
        if apart:
            yield part
            part, records = [], set()
        part.append(row)
        records.add(change.id)
    if part:
        yield part


def _published(platform: Platform, state: Snapshot, result: Backtest) -> list[tuple[str, str]]:
    """The runs that were started in the period by any version of the workflow, oldest first."""
    if not state.tx.get(WORKFLOW, [result.workflow], ("id",)):
        return []
    of_workflow = Comparison(Field("workflow"), "==", result.workflow)
    found: list[tuple[int, str, str]] = []
    for (number,) in state.tx.select(VERSION, ("number",), of_workflow):
        found += _runs(state.tx, platform.published.plan(state.tx, number), result)
    return [(record, path) for _, record, path in sorted(found)]


def _runs(tx: Reader, plan: Plan, result: Backtest) -> list[tuple[int, str, str]]:
    of_version = Comparison(Field("version"), "==", plan.number)
    period = (Comparison(Field("started_at"), ">=", result.since), Comparison(Field("started_at"), "<", result.until))
    runs = {
        run: (started, record, status)
        for run, started, record, status in tx.select(
            RUN, ("id", "started_at", "record", "status"), All((of_version, *period))
        )
        if record is not None
    }
    steps: dict[str, list[tuple[str, str | None]]] = {run: [] for run in runs}
    for (data,) in tx.select(SEGMENT, ("data",), of_version, order=(Order("ended_at"),)) if runs else []:
        segment = decode_segment(data)
        for visit in segment.visits:
            if visit.outcome == "ok":
                for place in range(len(segment.runs)) if visit.runs is None else visit.runs:
                    if segment.runs[place] in steps:
                        steps[segment.runs[place]].append((visit.node, visit.port))
    return [(started, record, way(plan, steps[run], status)) for run, (started, record, status) in runs.items()]


def _compare(result: Backtest, drafted: list[tuple[str, str]], published: list[tuple[str, str]], examples: int) -> None:
    """Hold each record's runs against each other, first with first, second with second."""
    result.starts, result.published_starts = len(drafted), len(published)
    counts = Counter(path for _, path in drafted), Counter(path for _, path in published)
    ways = sorted({*counts[0], *counts[1]}, key=lambda path: (-counts[0][path], -counts[1][path], path))
    result.paths = [PathCount(path, counts[0][path], counts[1][path]) for path in ways]
    ours, theirs = _by_record(drafted), _by_record(published)
    for record in dict.fromkeys((*ours, *theirs)):
        mine, other = ours.get(record, []), theirs.get(record, [])
        for place in range(max(len(mine), len(other))):
            draft = mine[place] if place < len(mine) else None
            real = other[place] if place < len(other) else None
            _note(result, Difference(record, draft, real), examples)


def _by_record(runs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for record, path in runs:
        found.setdefault(record, []).append(path)
    return found


def _note(result: Backtest, pair: Difference, examples: int) -> None:
    if pair.draft == pair.published:
        result.same += 1
        return
    if pair.published is None:
        result.only_draft += 1
    elif pair.draft is None:
        result.only_published += 1
    else:
        result.other_path += 1
    if len(result.differences) < examples:
        result.differences.append(pair)
