"""Attempts put together into steps: one use of a node by one run, retries included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from towpath.insight.events import PART, StepOutcome, Visit
from towpath.insight.facts import Facts


class Chain(NamedTuple):
    """The attempts, in order, that ``runs`` made at a node together: one step of each of them.

    Of each run: ``elapsed`` is T, from the first enabling to the last end, or to now; ``touch`` is the time within it
    during which somebody or something was at work; both in microseconds. ``outcome`` is that of the last attempt.
    """

    attempts: Sequence[int]  # positions among the visits
    parts: Sequence[int]  # what others did for them, likewise
    runs: Sequence[str]
    last: Visit
    outcome: StepOutcome
    enabled_at: int
    elapsed: int
    touch: int


def chains(facts: Facts, node: str, members: frozenset[str] | None = None) -> Iterator[Chain]:
    """The steps at a node, of ``members`` (``None``: of all runs). Runs that were never retried stay together."""
    positions = facts.visits_by_node.get(node, ())
    visits = facts.visits
    retried = {run for position in positions if _needs_others(visits[position]) for run in visits[position].runs}
    alone: dict[str, list[int]] = {}
    for position in positions:
        runs = visits[position].runs
        if members is not None and not members.issuperset(runs):
            runs = [run for run in runs if run in members]
        if retried and not retried.isdisjoint(runs):
            for run in retried.intersection(runs):
                alone.setdefault(run, []).append(position)
            runs = [run for run in runs if run not in retried]
        if runs:
            yield _chain(facts, (position,), (), runs)
    for run, visited in alone.items():
        parts = [position for position in visited if visits[position].outcome == PART]
        for group in _split(facts, [position for position in visited if visits[position].outcome != PART]):
            keys = {_key(visits[position]) for position in group}
            own = [position for position in parts if _key(visits[position]) in keys]
            parts = [position for position in parts if _key(visits[position]) not in keys]
            yield _chain(facts, group, own, (run,))


def _needs_others(visit: Visit) -> bool:
    """Whether it is only with other visits that it makes a step."""
    return visit.attempt > 1 or visit.outcome == PART


def _key(visit: Visit) -> tuple[int, int]:
    """What a visit and the parts of other people in it have in common."""
    return visit.attempt, visit.enabled_at


def _chain(facts: Facts, attempts: Sequence[int], parts: Sequence[int], runs: Sequence[str]) -> Chain:
    visits, now = facts.visits, facts.now or 0
    last = visits[attempts[-1]]
    alone = len(attempts) == 1 and not parts
    own = [last] if alone else [visits[position] for position in sorted((*attempts, *parts))]
    enabled_at = min(visit.enabled_at for visit in own)
    end = now if last.ended_at is None else last.ended_at
    elapsed = end - enabled_at if end > enabled_at else 0  # a clock may have been set back
    outcome = "open" if last.ended_at is None else last.outcome
    return Chain(attempts, parts, runs, last, outcome, enabled_at, elapsed, min(_touch(own, now), elapsed))


def _touch(visits: Iterable[Visit], now: int) -> int:
    """How long somebody or something was at work, of visits in the order in which they started."""
    touch, reached = 0, 0
    for visit in visits:
        if visit.started_at is not None:
            end = now if visit.ended_at is None else visit.ended_at
            touch += max(0, end - max(visit.started_at, reached))
            reached = max(reached, end)
    return touch


def _split(facts: Facts, attempts: Sequence[int]) -> Iterator[Sequence[int]]:
    """A first attempt begins a new step: the run has come to the node again, in a loop."""
    group: list[int] = []
    for position in attempts:
        if group and facts.visits[position].attempt == 1:
            yield group
            group = []
        group.append(position)
    yield group
