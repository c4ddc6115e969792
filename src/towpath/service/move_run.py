"""Moving a run by hand: out of where it waits or failed, to another node of its version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.engine.plan import Plan
from towpath.engine.state import FrozenRun, FrozenToken, decode, encode_state
from towpath.engine.tables import RUN
from towpath.errors import ConflictError, InputError, NotFoundError, did_you_mean
from towpath.service.cancelling import log_cancelled
from towpath.service.platform import Platform
from towpath.service.run_closing import close_waits
from towpath.service.runs import release, run_row
from towpath.service.unit import Unit, in_unit

Items = Sequence[Mapping[str, Any]]


def move_run(
    platform: Platform,
    run_id: str,
    to: str,
    *,
    place: str | None = None,
    items: Items | None = None,
    actor: str = "system",
) -> None:
    """Let a run go on at node ``to`` with its items or others.

    ``place`` is the node that it leaves, which has to be said where it stands at several. What it waited for there is
    closed. ConflictError for a run that has ended; InputError for a node that nothing can be put at.
    """

    def work(unit: Unit) -> None:
        row = run_row(unit.tx, run_id)
        if row[2] not in ("waiting", "failed"):
            message = f"run {run_id} is {row[2]}; only runs that wait or have failed can be moved"
            raise ConflictError(message, code="run.has_ended", hint="Start it again instead.")
        plan = platform.published.plan(unit.tx, row[1])
        state = decode(row[-1])
        _require_target(plan, to)
        leaving = _leaving(state, place)
        if leaving.started_at is not None:
            log_cancelled(unit, plan, run_id, state, [leaving])
        close_waits(unit, run_id, actor, leaving)
        now = platform.clock.now()
        _put(state, leaving, to, items, now)
        release(state, now)
        state.error = None
        unit.tx.update(
            RUN,
            ("status", "due", "ended_at", "error", "epoch", "state"),
            [("waiting", now, None, None, row[7] + 1, encode_state(state), run_id)],
        )

    in_unit(platform, work)


def _require_target(plan: Plan, to: str) -> None:
    if to not in plan.index:
        message, hint = f"{plan.definition.name!r} has no node {to!r}", did_you_mean(to, plan.index)
        raise NotFoundError(message, code="workflow.unknown_node", hint=hint)
    kind = plan.nodes[plan.index[to]].type
    if kind.trigger is not None or kind.joins or kind.loops:
        raise InputError(
            f"a run cannot be moved to {plan.definition.node_name(to)!r}",
            code="run.cannot_move_to",
            hint="Triggers, merges and loops need more than one place. Choose the node behind it.",
            params={"node": to},
        )


def _leaving(state: FrozenRun, place: str | None) -> FrozenToken:
    found = [token for token in state.tokens if place in (None, token.node)]
    if not found:
        raise NotFoundError(f"the run does not stand at {place!r}", code="run.not_there", params={"node": place})
    if place is None and len({token.node for token in found}) > 1:
        nodes = sorted({token.node for token in found})
        raise InputError(
            "the run stands at several nodes", code="run.which_place", hint=f"Say which one: {', '.join(nodes)}."
        )
    return found[0]


def _put(state: FrozenRun, leaving: FrozenToken, to: str, items: Items | None, now: int) -> None:
    given = [item for port in leaving.inputs for item in port] if items is None else [dict(item) for item in items]
    state.numbers += 1
    arrived = FrozenToken(to, state.numbers, [given], now)
    state.tokens = [arrived if token is leaving else token for token in state.tokens]
