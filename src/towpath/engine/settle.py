"""What becomes of a visit: logged, parked, tried again, sent down the error branch, or its run failed."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from towpath.engine.batch import Visit
from towpath.engine.context import Context
from towpath.engine.events import OutboxRow
from towpath.engine.plan import Plan, PlanNode
from towpath.engine.segment import SegmentBuilder, VisitKey
from towpath.engine.state import Items, RunState, Token
from towpath.engine.trace import Trace, TraceStep
from towpath.errors import EffectError, TowpathError
from towpath.model.item import Item
from towpath.model.workflow import Retry
from towpath.ports.time import SECOND

Times = tuple[int, int, str]  # started, ended, actor


class Settler:
    """Settles the visits of one batch, node by node."""

    def __init__(self, plan: Plan, context: Context, segment: SegmentBuilder, trace: Trace | None) -> None:
        self.plan = plan
        self.context = context
        self.segment = segment
        self.trace = trace
        self.data: list[tuple[str, int, str, int, dict[str, Any]]] = []  # rows of kept inputs and outputs
        self._policy = plan.definition.settings.log

    def settle(self, node: PlanNode, visits: list[Visit], started: int, ended: int) -> None:
        """Settle every visit and log those that came to an end, equal ones together."""
        groups: dict[VisitKey, list[int]] = {}
        for visit in visits:
            token = visit.token
            if visit.park is not None and not visit.faults:
                self._park(visit, started)
                continue
            visit.park = None
            first, last, actor = (
                (started, ended, "engine") if token.started_at is None else _times(node, visit, started, ended)
            )
            outcome, error = ("failed", visit.faults[0][1]) if visit.faults else ("ok", None)
            if not visit.faults:
                self._finish(node, visit)
            count_in = sum(map(len, token.inputs))
            count_out = sum(map(len, visit.outputs.values()))
            key = (
                node.id, token.attempt, token.enabled_at, first, last, actor, outcome, node.spec.units, node.spec.cost,
                count_in, count_out, _port(node, visit), error.code if error else None,
            )  # fmt: skip
            if key in groups:
                groups[key].append(visit.run.position)
            else:
                groups[key] = [visit.run.position]
            if self.trace is not None:
                self._note(node, visit, first, last, actor, outcome, error)
            if (
                self._policy == "all"
                or (self._policy == "failures" and error)
                or (self._policy == "sample" and _sampled(visit.run))
            ):
                self._keep(node, visit, ended, error)
            if visit.faults:
                self._fault(node, visit, ended)
        for key, positions in groups.items():
            self.segment.add(key, positions)

    def fail_run(self, run: RunState, node: PlanNode, token: Token, error: TowpathError) -> None:
        """The run fails before the node could run; the token stays, for a retry from here."""
        now = self.context.clock.now()
        key = (node.id, token.attempt, token.enabled_at, now, now, "engine", "failed", 0.0, 0.0, 0, 0, None, error.code)
        self.segment.add(key, [run.position])
        run.parked.append(token)
        self.end_failed(run, error)

    def end_failed(self, run: RunState, error: TowpathError) -> None:
        """The run ends as failed; what was still to do stays with it."""
        run.status = "failed"
        run.ended_at = self.context.clock.now()
        run.error = error.as_json()
        run.parked.extend(run.stack)
        run.stack.clear()

    def _finish(self, node: PlanNode, visit: Visit) -> None:
        if node.kept:
            visit.run.scope.nodes[node.name] = [item.json for items in visit.outputs.values() for item in items]
        for port, items in visit.outputs.items():
            if items and not node.targets[port]:
                visit.run.result = items

    def _park(self, visit: Visit, started: int) -> None:
        run, token, parking = visit.run, visit.token, visit.park
        assert parking is not None
        if token.started_at is None:
            token.started_at = started
        if not token.number:
            run.numbers += 1
            token.number = run.numbers
        token.due, token.memo = parking.due, parking.memo
        token.held = visit.outputs
        token.pending.update(parking.keys)
        for index, kind, request, keyed in visit.effects:
            effect_id = self.context.ids.new()
            token.pending[f"effect:{effect_id}"] = index
            self.context.outbox.append(
                OutboxRow(
                    effect_id,
                    run.id,
                    self.plan.nodes[token.node].id,
                    token.number,
                    index,
                    self.plan.number,
                    kind,
                    request,
                    keyed,
                    token.attempt,
                    started,
                )  # fmt: skip
            )
        run.parked.append(token)

    def _fault(self, node: PlanNode, visit: Visit, now: int) -> None:
        error = visit.faults[0][1].located(node=node.id, workflow=self.plan.definition.name)
        if self._retry(node, visit, error, now):
            return
        if node.spec.on_error == "stop":
            visit.token.held = {}
            self._restore(visit.token)
            visit.run.parked.append(visit.token)
            self.end_failed(visit.run, error)
            return
        port = node.error_port if node.error_port is not None else 0
        visit.outputs.setdefault(port, []).extend(_with_errors(visit))
        self._finish(node, visit)

    def _retry(self, node: PlanNode, visit: Visit, error: TowpathError, now: int) -> bool:
        policy = node.spec.retry
        if policy is None and isinstance(error, EffectError):
            policy = node.type.retry
        if (
            policy is None
            or visit.token.attempt >= policy.attempts
            or (isinstance(error, EffectError) and not error.retryable)
        ):
            return False
        again = Token(node.position, _failed_inputs(visit), now)
        again.attempt = visit.token.attempt + 1
        again.held = visit.outputs
        again.due = now + round(self._delay(policy, visit.token.attempt, error) * SECOND)
        visit.run.numbers += 1
        again.number = visit.run.numbers
        visit.run.parked.append(again)
        visit.outputs = {}
        return True

    def _delay(self, policy: Retry, attempt: int, error: TowpathError) -> float:
        delay = min(policy.delay * policy.factor ** (attempt - 1), policy.max_delay)
        delay *= 1 + policy.jitter * (2 * self.context.chance.random() - 1)
        wanted = error.retry_after if isinstance(error, EffectError) else None
        return max(delay, wanted or 0.0)

    def _restore(self, token: Token) -> None:
        """A failed token starts over when the run is retried."""
        token.started_at, token.due, token.memo = None, None, None
        token.pending, token.results = {}, {}

    def _keep(self, node: PlanNode, visit: Visit, at: int, error: TowpathError | None) -> None:
        data: dict[str, Any] = {"in": [[item.json for item in items] for items in visit.token.inputs]}
        data["out"] = {str(port): [item.json for item in items] for port, items in visit.outputs.items()}
        if error is not None:
            data["error"] = error.as_json()
        self.data.append((visit.run.id, visit.run.steps, node.id, at, data))

    def _note(
        self, node: PlanNode, visit: Visit, first: int, last: int, actor: str, outcome: str, error: TowpathError | None
    ) -> None:
        assert self.trace is not None
        token = visit.token
        self.trace.steps.append(
            TraceStep(
                visit.run.id,
                node.id,
                token.attempt,
                token.enabled_at,
                first,
                last,
                actor,
                outcome,
                [[item.json for item in items] for items in token.inputs],
                {
                    node.outputs[port].name: [item.json for item in items]
                    for port, items in visit.outputs.items()
                    if port < len(node.outputs)
                },
                error.as_json() if error else None,
            )  # fmt: skip
        )


def _times(node: PlanNode, visit: Visit, started: int, ended: int) -> Times:
    """Times and actor of a step that waited.

    Of a person's step: when it was claimed and completed. A call to an outside system is at work from its first
    moment; a wait is at work only when it is over, so that waiting never counts as service.
    """
    first = (visit.token.started_at or started) if node.type.touches == "external" else started
    last, actor = ended, "engine"
    for answer in visit.answers.values():
        if isinstance(answer, dict) and answer.get("actor"):
            actor = str(answer["actor"])
            first = int(answer.get("started_at") or first)
            last = int(answer.get("ended_at") or last)
    return first, last, actor


def _port(node: PlanNode, visit: Visit) -> str | None:
    """The name of the one output that items left by, where the node has several."""
    if len(node.outputs) < 2:
        return None
    used = [port for port, items in visit.outputs.items() if items]
    return node.outputs[used[0]].name if len(used) == 1 else None


def _sampled(run: RunState) -> bool:
    """One run in a hundred, always the same ones."""
    return crc32(run.id.encode()) % 100 == 0


def _failed_inputs(visit: Visit) -> list[Items]:
    inputs = visit.token.inputs
    positions = {index for index, _ in visit.faults}
    if -1 in positions or len(inputs) != 1:
        return inputs
    return [[item for index, item in enumerate(inputs[0]) if index in positions]]


def _with_errors(visit: Visit) -> Items:
    """The items that failed, each with its error under ``error``."""
    items = visit.token.inputs[0] if visit.token.inputs else []
    marked: Items = []
    for index, error in visit.faults:
        for place in range(len(items)) if index < 0 else (index,):
            marked.append(Item({**items[place].json, "error": error.as_json()}, place or None, items[place].binary))
    return marked
