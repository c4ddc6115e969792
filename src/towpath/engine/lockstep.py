"""Lockstep execution: all runs of a batch advance together until each is finished or parked.

Each run's next step is the top of its own stack (depth first, branches by position), so its order does not
depend on the batch. Of all nodes where runs stand, the earliest in the plan goes first, which lets stragglers
catch up; runs that stand at one node are handed to it in one call, in the order of the batch.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from towpath.engine import apart, breadth
from towpath.engine.batch import Batch, Visit, visit_of
from towpath.engine.context import Context
from towpath.engine.enrolment import Watch
from towpath.engine.group import Group, Groups, by_port, gathered, merged
from towpath.engine.joins import arrive, fire_pending
from towpath.engine.lineage import inherit
from towpath.engine.plan import NOWHERE, Plan, PlanNode, Target
from towpath.engine.segment import SegmentBuilder
from towpath.engine.settle import Settler
from towpath.engine.stand_ins import use_mock, use_pinned
from towpath.engine.state import Items, RunState, Token
from towpath.engine.step_log import StepLog
from towpath.engine.trace import Trace
from towpath.errors import LimitError, TowpathError, Where
from towpath.model.item import Item
from towpath.ports.time import SECOND

_BY_POSITION = attrgetter("position")


class Lockstep:
    """Advances one batch of runs of one version. Reads and writes only through its context.

    ``groups`` are those of the runs that go together from the start; the others have tokens.
    """

    def __init__(
        self,
        plan: Plan,
        context: Context,
        runs: list[RunState],
        trace: Trace | None = None,
        groups: Groups | None = None,
    ) -> None:
        self.plan = plan
        self.context = context
        self.runs = runs
        self.segment = SegmentBuilder([run.id for run in runs])
        self.settler = Settler(plan, context, self.segment, trace)
        self.trace = trace
        self.watch: Watch | None = None  # who looks at runs before each step, where a workflow has enrolment rules
        self._ready: dict[int, list[RunState]] = {}  # runs by the node of their next token
        self._groups: Groups = groups or {}  # and those that go together, which have none
        for position, run in enumerate(runs):
            run.position = position

    def advance(self) -> None:
        """Run until every run is finished or parked."""
        now = self.context.clock.now()
        moment = datetime.fromtimestamp(now / SECOND, self.plan.nodes[0].zone if self.plan.nodes else UTC)
        self._age(now)
        together = {run.id for groups in self._groups.values() for group in groups for run in group.runs}
        for run in self.runs:
            run.scope.now = moment
            if run.id not in together:
                self._queue(run, now)
        while self._ready or self._groups:
            position = min((*self._ready, *self._groups))
            node = self.plan.nodes[position]
            arrived = self._arrived(node)
            if isinstance(arrived, Group):
                self._step_together(node, arrived)
            else:
                self._step(node, arrived)

    def _arrived(self, node: PlanNode) -> Group | list[RunState]:
        """All who stand at the node: as one group if they can go together."""
        runs, groups = self._ready.pop(node.position, []), self._groups.pop(node.position, [])
        group = merged(groups) if groups and not runs else None
        if group is None:
            for part in groups:
                runs += part.part(node.position)
            runs.sort(key=_BY_POSITION)
            group = gathered(runs) if self._may_go_together(node) else None
        if group is None:
            return runs
        limit = self.plan.definition.settings.limits.steps
        if self._may_go_together(node) and group.most_steps + group.steps < limit:
            return group
        return group.part(node.position)

    def _may_go_together(self, node: PlanNode) -> bool:
        """Whether nothing at this node looks at each run by itself."""
        if self.watch is not None:
            return False
        special = node.counted or node.type.joins or node.type.loops or node.spec.always_output
        return not special and not self.plan.tracks and not self.plan.breadth and self.settler.plain(node)

    def _age(self, now: int) -> None:
        """Runs past their wall time fail even if nothing in them is ready."""
        limit = self.plan.definition.settings.limits.wall_time
        if limit is None:
            return
        for run in self.runs:
            if now - run.started_at >= limit * SECOND:
                error = _limit("wall_time", limit, "is older than (seconds)")
                self.settler.end_failed(run, error.located(workflow=self.plan.definition.name))

    def _queue(self, run: RunState, now: int) -> None:
        """Put a run where its next token stands, or end or park it."""
        if not run.stack and run.status == "running" and (run.joins or run.loops):
            fire_pending(self.plan, run, now)
        if run.status != "running":
            return
        if run.stack:
            self._ready.setdefault(run.stack[-1].node, []).append(run)
        elif run.parked:
            run.status = "waiting"
        else:
            run.status = "completed"
            run.ended_at = now

    def _step_together(self, node: PlanNode, group: Group) -> None:
        started = self.context.clock.now()
        group.steps += 1
        batch: Batch[Any] = Batch(node, group, self.context, started)
        if node.spec.disabled:
            _send_on(batch)
        else:
            self._perform(node, batch, node.type.run)
        ended = self.context.clock.now()
        log = StepLog(node, started, ended)
        if batch.group is None:
            self._settle(node, batch.visits, log)
        else:
            self._go_on(node, batch, group, log)
        log.write(self.segment)

    def _go_on(self, node: PlanNode, batch: Batch[Any], group: Group, log: StepLog) -> None:
        """Move a group on, each run by the port that its item left by."""
        for port, (runs, items) in by_port(batch.runs, batch.sent).items():
            log.plain[1, group.enabled_at, 1, len(items) and 1, port] = [run.position for run in runs]
            part = group.go(runs, items, log.ended)
            target = NOWHERE if port is None else node.straight[port]
            if target is not None and target != NOWHERE:
                self._groups.setdefault(target, []).append(part)
            else:
                part.count_steps()
                self._leave(node, port, part, log.ended)

    def _leave(self, node: PlanNode, port: int | None, group: Group, now: int) -> None:
        """Runs whose way ends or parts here go on by themselves."""
        ends = port is not None and node.straight[port] == NOWHERE
        for run, item in zip(group.runs, group.items, strict=False):  # no items where nothing was sent
            if ends:
                run.result = [item]
            elif port is not None:
                self._send(node, run, {port: [item]}, now)
        for run in group.runs:
            self._queue(run, now)

    def _step(self, node: PlanNode, group: list[RunState]) -> None:
        started = self.context.clock.now()
        if self.watch is not None:
            group = self._watched(self.watch, node, group, started)
        visits, refused = self._visits(node, group)
        if node.spec.disabled:
            _pass_through(node, visits)
        elif self.watch is not None and self.watch.skips(node):
            _pass_through(node, [visit for visit in visits if visit.token.started_at is None])
            self._execute(node, [visit for visit in visits if visit.token.started_at is not None], started)
        else:
            self._execute(node, visits, started)
        if node.spec.always_output:
            _fill(visits)
        if self.plan.tracks:
            inherit(visits)
        log = StepLog(node, started, self.context.clock.now())
        self._settle(node, visits, log)
        log.write(self.segment)
        for run in refused:
            self._queue(run, log.ended)

    def _settle(self, node: PlanNode, visits: list[Visit], log: StepLog) -> None:
        if node.type.apart:
            self._settle_apart(node, visits, log)
            return
        for visit in visits:
            self.settler.settle(node, visit, log)
            self._route(node, visit, log.ended)
        for visit in visits:
            self._queue(visit.run, log.ended)

    def _settle_apart(self, node: PlanNode, visits: list[Visit], log: StepLog) -> None:
        """What went well has left before the run fails over another of its items, and is kept for a retry."""
        failed = [visit for visit in visits if visit.faults]
        good = [visit for visit in visits if not visit.faults]
        for visit in good:
            self.settler.settle(node, visit, log)
        for visit in apart.together(good):
            self.settler.finish(node, visit)
            self._route(node, visit, log.ended)
        for visit in failed:
            self.settler.settle(node, visit, log)
            self._route(node, visit, log.ended)
        for run in dict.fromkeys(visit.run for visit in visits):
            self._queue(run, log.ended)

    def _watched(self, watch: Watch, node: PlanNode, group: list[RunState], now: int) -> list[RunState]:
        """Those who take the step; the others have left, or wait with this step while their other branches go on."""
        staying = watch.enter(node, group)
        if len(staying) < len(group):
            kept = {run.position for run in staying}
            for run in group:
                if run.position not in kept:
                    self._queue(run, now)
        return staying

    def _visits(self, node: PlanNode, group: list[RunState]) -> tuple[list[Visit], list[RunState]]:
        """A visit for each run's next token, and the runs that a limit stops."""
        limits = self.plan.definition.settings.limits
        visits: list[Visit] = []
        refused: list[RunState] = []
        parted = node.type.apart and (self.trace is None or node.spec.pinned is None)
        for run in group:
            first, *others = apart.taken(run) if parted else (run.stack.pop(),)
            run.steps += 1
            inputs = first.inputs
            if node.spec.once:
                inputs[:] = [items[:1] for items in inputs]
            error: TowpathError | None = None
            if run.steps > limits.steps:
                error = _limit("steps", limits.steps, "took more steps than")
            elif sum(map(len, inputs)) > limits.items:
                error = _limit("items", limits.items, "carries more items on one edge than")
            if error is not None:
                run.stack.extend(reversed(others))
                self._refuse(node, run, first, error)
                refused.append(run)
            elif parted:
                tokens = [each for token in (first, *others) for each in apart.one_by_one(token)]
                visits += [visit_of(run, token) for token in tokens]
            else:
                visits.append(visit_of(run, first))
        return visits, refused

    def _refuse(self, node: PlanNode, run: RunState, token: Token, error: TowpathError) -> None:
        self.settler.fail_run(run, node, token, error.located(node=node.id, workflow=self.plan.definition.name))

    def _execute(self, node: PlanNode, visits: list[Visit], started: int) -> None:
        if self.plan.breadth and node.type.joins:
            visits = breadth.fed(visits)
        again = [visit for visit in visits if visit.token.started_at is not None]
        fresh = [visit for visit in visits if visit.token.started_at is None] if again else visits
        for chosen, call in ((fresh, node.type.run), (again, node.type.resume)):
            if chosen:
                self._call(node, chosen, call, started)

    def _call(self, node: PlanNode, visits: list[Visit], call: Callable[[Batch[Any]], None] | None, now: int) -> None:
        for visit in visits if node.counted else ():
            _count(node, visit)
        self._perform(node, Batch(node, visits, self.context, now), call)

    def _perform(self, node: PlanNode, batch: Batch[Any], call: Callable[[Batch[Any]], None] | None) -> None:
        """The mock, the pinned items or the node type itself."""
        mocks = self.context.mocks
        mock = mocks.get(node.id, mocks.get(node.name, mocks.get(node.type.name)))
        if node.uses_input:
            batch.show_inputs()
        for run in batch.runs if node.about is not None else ():
            run.scope.about = node.about or {}
        if mock is not None:
            use_mock(batch, mock)
        elif self.trace is not None and node.spec.pinned is not None:
            use_pinned(batch.visits, node.spec.pinned)  # only trial runs are traced
        elif call is not None:
            batch.perform(call)
        elif batch.group is not None:
            _send_on(batch)
        else:
            _pass_through(node, batch.visits)

    def _route(self, node: PlanNode, visit: Visit, now: int) -> None:
        """Send a visit's items on, unless it waits or its run has ended."""
        run = visit.run
        if run.status != "running" or visit.park is not None:
            return
        if self.plan.breadth:
            breadth.route(self.plan, visit, node, lambda target: self._may_take(run, node, target), now)
        else:
            self._send(node, run, visit.outputs, now)

    def _send(self, node: PlanNode, run: RunState, outputs: dict[int, Items], now: int) -> None:
        """Push a token for every edge that items leave by; the first branch ends on top of the stack."""
        tokens: list[Token] = []
        for target, items in self._leaving(node, outputs):
            if target.limit is not None and not self._may_take(run, node, target):
                return
            token = self._token(run, target.node, target.port, items, now)
            if token is not None:
                tokens.append(token)
        run.stack.extend(reversed(tokens))

    def _leaving(self, node: PlanNode, outputs: dict[int, Items]) -> list[tuple[Target, Items]]:
        """The edges that items leave by, in the order of the branches, whichever output they begin at.

        Of several edges into one node, the last one goes first, as in n8n.
        """
        leaving = [
            (target, items)
            for port, targets in enumerate(node.targets)
            if (items := outputs.get(port))
            for target in targets
        ]
        if len(outputs) > 1 and len(leaving) > 1:
            nodes = self.plan.nodes
            first: dict[int, int] = {}
            for number, (target, _) in enumerate(leaving):
                first.setdefault(target.node, number)
            leaving.sort(key=lambda edge: (nodes[edge[0].node].place, first[edge[0].node], -edge[0].edge))
        return leaving

    def _token(self, run: RunState, node: int, port: int, items: Items, now: int) -> Token | None:
        target = self.plan.nodes[node]
        if target.type.joins:
            return arrive(target, run, port, items, now)
        return Token(node, [items], now)

    def _may_take(self, run: RunState, node: PlanNode, target: Target) -> bool:
        edge, limit = target.edge, target.limit or 0
        run.taken[edge] = run.taken.get(edge, 0) + 1
        if run.taken[edge] <= limit:
            return True
        name = self.plan.edge_ids[edge]
        error = LimitError(
            f"the run took edge {name!r} more than {limit} times",
            code="limit.edge",
            hint="Give the cycle a way out, or raise the edge's limit.",
            where=Where(workflow=self.plan.definition.name, node=node.id),
            params={"edge": name, "limit": limit},
        )
        self.settler.end_failed(run, error)
        return False


def begin(run: RunState, plan: Plan, items: Items, trigger: str | None, now: int) -> None:
    """Put the first tokens of a new run on its stack."""
    if trigger is not None:
        run.stack.append(Token(plan.index[trigger], [items], now))
        return
    for position in reversed(plan.entries):
        run.stack.append(Token(position, [items], now))


def _pass_through(node: PlanNode, visits: list[Visit]) -> None:
    """All items go on: by the first way out, or past a loop."""
    port = 1 if node.type.loops else 0
    for visit in visits:
        inputs = visit.token.inputs
        visit.outputs[port] = inputs[0] if len(inputs) == 1 else [item for items in inputs for item in items]


def _send_on(batch: Batch[Any]) -> None:
    """The items of a group go on by the first way out."""
    for position in range(len(batch.items)):
        batch.forward(position)


def _fill(visits: list[Visit]) -> None:
    """One empty item where nothing leaves by the first output."""
    for visit in visits:
        if visit.park is None and not visit.faults and not visit.outputs.get(0):
            pair = tuple(
                (number, place) for number, items in enumerate(visit.token.inputs) for place in range(len(items))
            )
            visit.outputs[0] = [Item({}, pair)]


def _count(node: PlanNode, visit: Visit) -> None:
    """``$runIndex``: how often the run has been at this node before."""
    run = visit.run
    run.scope.run_index = run.counts.get(node.position, 0)
    if visit.token.started_at is None:
        run.counts[node.position] = run.scope.run_index + 1


def _limit(name: str, value: float, text: str) -> LimitError:
    return LimitError(
        f"the run {text} {value:g}",
        code=f"limit.{name}",
        hint=f"Set in settings.limits.{name} of the workflow.",
        params={"limit": value},
    )
