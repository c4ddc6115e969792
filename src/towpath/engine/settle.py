"""What becomes of a visit: logged, parked, tried again, sent down the error branch, or its run failed."""

from __future__ import annotations

from operator import itemgetter
from typing import Any
from zlib import crc32

from towpath.engine import apart
from towpath.engine.batch import Parking, Visit
from towpath.engine.claims import Times, work_of
from towpath.engine.context import Context
from towpath.engine.events import OutboxRow
from towpath.engine.lineage import named
from towpath.engine.plan import Plan, PlanNode
from towpath.engine.segment import PART, SegmentBuilder, VisitKey
from towpath.engine.state import Items, RunState, Token
from towpath.engine.step_log import StepLog
from towpath.engine.trace import Files, Trace, TraceStep
from towpath.errors import EffectError, TowpathError
from towpath.model.item import Item
from towpath.model.workflow import Retry
from towpath.ports.time import SECOND


class Settler:
    """Settles the visits of one batch, node by node."""

    def __init__(self, plan: Plan, context: Context, segment: SegmentBuilder, trace: Trace | None) -> None:
        self.plan = plan
        self.context = context
        self.segment = segment
        self.trace = trace
        self.data: list[tuple[str, int, str, int, dict[str, Any]]] = []  # rows of kept inputs and outputs
        self._kept: dict[tuple[str, int], dict[str, Any]] = {}  # the same rows, by run and step
        self._policy = plan.definition.settings.log

    def plain(self, node: PlanNode) -> bool:
        """Whether visits of this node that go well need no more than a line in the log."""
        return self.trace is None and self._policy in ("failures", "none") and not node.kept

    def settle(self, node: PlanNode, visit: Visit, log: StepLog) -> None:
        """Settle one visit, and log it if it came to an end."""
        if visit.park is not None and self._set_aside(node, visit, log.ended):
            self._park(visit, log.started)
            return
        visit.park = None
        times, parts = (log.started, log.ended, "engine"), list[Times]()
        if visit.token.started_at is not None:
            times, parts = work_of(node, visit, log.started, log.ended)
        error = visit.faults[0][1] if visit.faults else None
        if error is None:
            self.finish(node, visit)
        for part in parts:
            log.add(_part_key(node, visit, part), visit.run.position)
        log.add(_key(node, visit, times, error), visit.run.position)
        if self.trace is not None:
            self._note(node, visit, times, error)
        if self._keeps(visit.run, error):
            self._keep(node, visit, log.ended, error)
        if error is not None:
            self._fault(node, visit, log.ended)

    def _keeps(self, run: RunState, error: TowpathError | None) -> bool:
        policy = self._policy
        return policy == "all" or (policy == "failures" and error is not None) or (policy == "sample" and _sampled(run))

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
        run.parked.extend(reversed(run.stack))  # in the order in which they would have run
        run.stack.clear()

    def finish(self, node: PlanNode, visit: Visit) -> None:
        """Keep what the visit gave, for expressions that ask for it and as the run's result where its way ends."""
        if node.kept:
            for port, items in visit.outputs.items():
                visit.outputs[port] = named(node.kept, items)
            seen = [item.json for items in visit.outputs.values() for item in items]
            visit.run.scope.nodes.update(dict.fromkeys(node.kept, seen))
        for port, items in visit.outputs.items():
            if items and not node.targets[port]:
                visit.run.result = items

    def _park(self, visit: Visit, started: int) -> None:
        run, token, parking = visit.run, visit.token, visit.park or Parking()
        if token.started_at is None:
            token.started_at = started
        if not token.number:
            run.numbers += 1
            token.number = run.numbers
        token.due, token.memo = parking.due, parking.memo
        token.held = visit.outputs
        token.pending.update(parking.keys)
        token.origin = token.origin or (self.context.ids.new() if visit.effects else None)
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
                    f"{token.origin}-{token.places[index] if token.places else index}",
                )
            )
        run.parked.append(token)

    def _set_aside(self, node: PlanNode, visit: Visit, now: int) -> bool:
        """Take items that failed out of a visit whose other items wait; whether the visit may still wait."""
        if not visit.faults:
            return True
        error = visit.faults[0][1].located(node=node.id, workflow=self.plan.definition.name)
        held, visit.outputs = visit.outputs, {}
        retried = visit.faults[0][0] >= 0 and self._retry(node, visit, error, now)
        visit.outputs = held
        if visit.faults[0][0] < 0 or (not retried and node.spec.on_error == "stop"):
            return False
        if not retried:
            visit.outputs.setdefault(_error_port(node), []).extend(_with_errors(visit))
        visit.token.skip.extend(index for index, _ in visit.faults)
        visit.faults = []
        return True

    def _fault(self, node: PlanNode, visit: Visit, now: int) -> None:
        error = visit.faults[0][1].located(node=node.id, workflow=self.plan.definition.name)
        if self._retry(node, visit, error, now):
            return
        if node.spec.on_error == "stop":
            visit.run.parked.append(_again(node, visit, now))
            self.end_failed(visit.run, error)
            return
        visit.outputs.setdefault(_error_port(node), []).extend(_with_errors(visit))
        self.finish(node, visit)

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
        again = _again(node, visit, now)
        again.attempt = visit.token.attempt + 1
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

    def _keep(self, node: PlanNode, visit: Visit, at: int, error: TowpathError | None) -> None:
        data: dict[str, Any] = {"in": [[item.json for item in items] for items in visit.token.inputs]}
        data["out"] = {str(port): [item.json for item in items] for port, items in visit.outputs.items()}
        if files := _files(visit):
            data["files"] = {str(port): carried for port, carried in files.items()}
        if error is not None:
            data["error"] = error.as_json()
        key = visit.run.id, visit.run.steps
        known = self._kept.setdefault(key, data)
        if known is data:
            self.data.append((*key, node.id, at, data))
        else:
            apart.add_data(known, data)

    def _note(self, node: PlanNode, visit: Visit, times: Times, error: TowpathError | None) -> None:
        token, trace = visit.token, self.trace or Trace()
        trace.steps.append(
            TraceStep(
                visit.run.id,
                node.id,
                token.attempt,
                token.enabled_at,
                *times,
                "failed" if error else "ok",
                [[item.json for item in items] for items in token.inputs],
                {
                    node.outputs[port].name: [item.json for item in items]
                    for port, items in visit.outputs.items()
                    if port < len(node.outputs)
                },
                error.as_json() if error else None,
                {node.outputs[port].name: each for port, each in _files(visit).items() if port < len(node.outputs)},
            )
        )


def _key(node: PlanNode, visit: Visit, times: Times, error: TowpathError | None) -> VisitKey:
    count_in = sum(map(len, visit.token.inputs))
    count_out = sum(map(len, visit.outputs.values()))
    token, spec, outcome = visit.token, node.spec, "failed" if error else "ok"
    head = (node.id, token.attempt, token.enabled_at, *times, outcome, spec.units, spec.cost)
    return (*head, count_in, count_out, _port(node, visit), error.code if error else None)


def _part_key(node: PlanNode, visit: Visit, part: Times) -> VisitKey:
    """What one of several people did for the step: his labour and his work; what it cost stands with the step."""
    head = (node.id, visit.token.attempt, visit.token.enabled_at, *part)
    return (*head, PART, node.spec.units, 0.0, 0, 0, None, None)


def _port(node: PlanNode, visit: Visit) -> str | None:
    """The name of the one output that items left by, where the node has several."""
    if len(node.outputs) < 2:
        return None
    used = [port for port, items in visit.outputs.items() if items]
    return node.outputs[used[0]].name if len(used) == 1 else None


def _files(visit: Visit) -> dict[int, list[Files]]:
    """What each item that left carries, by output; nothing of outputs whose items carry nothing."""
    carrying = {port: items for port, items in visit.outputs.items() if any(item.binary for item in items)}
    return {port: [item.binary or {} for item in items] for port, items in carrying.items()}


def _sampled(run: RunState) -> bool:
    """One run in a hundred, always the same ones."""
    return crc32(run.id.encode()) % 100 == 0


def _failed_inputs(visit: Visit) -> list[Items]:
    inputs = visit.token.inputs
    positions = {index for index, _ in visit.faults}
    if -1 in positions or len(inputs) != 1:
        return inputs
    return [[item for index, item in enumerate(inputs[0]) if index in positions]]


def _again(node: PlanNode, visit: Visit, now: int) -> Token:
    """The step to be taken again, by the items that failed; what the others made is kept for its end."""
    again = Token(node.position, _failed_inputs(visit), now)
    again.attempt = visit.token.attempt
    again.held = visit.outputs
    again.origin, places = visit.token.origin, visit.token.places
    if len(again.inputs) == 1 and again.inputs is not visit.token.inputs:
        again.places = [places[index] if places else index for index, _ in sorted(visit.faults, key=itemgetter(0))]
    else:
        again.places = places
    return again


def _error_port(node: PlanNode) -> int:
    return node.error_port if node.error_port is not None else 0


def _with_errors(visit: Visit) -> Items:
    """The items that failed, each with its error under ``error``."""
    items = visit.token.inputs[0] if visit.token.inputs else []
    marked: Items = []
    for index, error in visit.faults:
        for place in range(len(items)) if index < 0 else (index,):
            item = items[place]
            json = {**item.json, "error": error.as_json()}
            marked.append(Item(json, place or None, item.binary, lineage=item.lineage))
    return marked
