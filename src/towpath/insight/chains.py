"""Attempts put together into steps: one use of a node by one run, retries included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from towpath.insight.events import StepOutcome, Visit
from towpath.insight.facts import Facts


class Chain(NamedTuple):
    """The attempts, in order, that ``runs`` made at a node together: one step of each of them.

    Of each run: ``elapsed`` is T, from the first enabling to the last end, or to now; ``touch`` is the service of
    all attempts; both in microseconds. ``outcome`` is that of the last attempt.
    """

    attempts: Sequence[int]  # positions among the visits
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
    retried = {run for position in positions if visits[position].attempt > 1 for run in visits[position].runs}
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
            yield _chain(facts, (position,), runs)
    for run, attempts in alone.items():
        for group in _split(facts, attempts):
            yield _chain(facts, group, (run,))


def _chain(facts: Facts, attempts: Sequence[int], runs: Sequence[str]) -> Chain:
    visits, now = facts.visits, facts.now or 0
    last = visits[attempts[-1]]
    enabled_at, touch = last.enabled_at, 0
    for position in attempts:
        visit = visits[position]
        if visit.enabled_at < enabled_at:
            enabled_at = visit.enabled_at
        if visit.started_at is not None:
            service = (now if visit.ended_at is None else visit.ended_at) - visit.started_at
            touch += max(0, service)
    end = now if last.ended_at is None else last.ended_at
    elapsed = end - enabled_at if end > enabled_at else 0  # a clock may have been set back
    outcome = "open" if last.ended_at is None else last.outcome
    return Chain(attempts, runs, last, outcome, enabled_at, elapsed, min(touch, elapsed))


def _split(facts: Facts, attempts: Sequence[int]) -> Iterator[Sequence[int]]:
    """A first attempt begins a new step: the run has come to the node again, in a loop."""
    group: list[int] = []
    for position in attempts:
        if group and facts.visits[position].attempt == 1:
            yield group
            group = []
        group.append(position)
    yield group
