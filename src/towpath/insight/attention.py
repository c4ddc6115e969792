"""What to look at now: the slowest step, who is waited on, and what comes near its time limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from towpath.insight.chains import Chain, chains
from towpath.insight.events import ENGINE, Version
from towpath.insight.facts import Facts
from towpath.insight.figure import Figure
from towpath.insight.steps import StepFigures
from towpath.insight.terms import Terms
from towpath.insight.time_used import AMBER_FROM
from towpath.ports.time import SECOND


@dataclass(frozen=True, slots=True)
class Waiting(Figure):
    """Open steps that wait for a person (or a queue; "" for nobody in particular); ages in seconds."""

    actor: str
    node: str
    claimed: bool
    steps: int
    oldest: float
    elapsed: float


@dataclass(frozen=True, slots=True)
class NearLimit(Figure):
    """An open run (``node`` is ``None``) or step that has used at least a set share of its time limit; seconds."""

    kind: Literal["run", "step"]
    run: str
    node: str | None
    elapsed: float
    allowed: float
    value: float


def slowest_step(figures: Iterable[StepFigures]) -> StepFigures | None:
    """The node whose closed steps take longest on average, waiting included; the first by name among equals."""
    closed = [f for f in figures if f.counts.ok + f.counts.failed]
    return min(closed, key=lambda f: (-f.time_used.elapsed / (f.counts.ok + f.counts.failed), f.node), default=None)


def waiting_on_people(facts: Facts, version: Version | None = None) -> list[Waiting]:
    """Whom the open steps wait for, by person and node, the longest wait first."""
    ages: dict[tuple[str, str, bool], list[int]] = {}
    for chain in _open_chains(facts, version):
        visits = [chain.last, *(facts.visits[part] for part in chain.parts)]
        for visit in visits:
            if visit.ended_at is None and visit.actor != ENGINE:
                key = (visit.actor, visit.node, visit.started_at is not None)
                ages.setdefault(key, []).extend([chain.elapsed] * len(chain.runs))
    found = [Waiting(*key, len(a), max(a) / SECOND, sum(a) / SECOND) for key, a in ages.items()]
    return sorted(found, key=lambda w: (-w.oldest, w.actor, w.node, w.claimed))


def near_limits(
    facts: Facts, terms: Terms | None = None, *, share: float = AMBER_FROM, version: Version | None = None
) -> list[NearLimit]:
    """Open runs and steps that have used ``share`` or more of the limit set for them, the worst first."""
    terms = terms or Terms()
    found = [
        _near("run", run.run, None, facts.elapsed(run), run.limit)
        for run in facts.of_version(version)
        if run.ended_at is None and run.limit
    ]
    for chain in _open_chains(facts, version):
        limit = terms.step_limit(chain.last.node, chain.enabled_at)
        if limit:
            found += [_near("step", run, chain.last.node, chain.elapsed, limit) for run in chain.runs]
    return sorted((n for n in found if n.value >= share), key=lambda n: (-n.value, n.run, n.node or ""))


def alert_at(started_at: int, limit: float, share: float = AMBER_FROM) -> int:
    """When something that began at ``started_at`` will have used ``share`` of its limit (seconds): microseconds UTC."""
    return started_at + round(limit * share * SECOND)


def _near(kind: Literal["run", "step"], run: str, node: str | None, elapsed: int, limit: float | None) -> NearLimit:
    allowed = limit or 0.0
    return NearLimit(kind, run, node, elapsed / SECOND, allowed, elapsed / SECOND / allowed)


def _open_chains(facts: Facts, version: Version | None) -> Iterable[Chain]:
    members = facts.ids_of(version)
    nodes = sorted({visit.node for visit in facts.visits if visit.ended_at is None})
    return (chain for node in nodes for chain in chains(facts, node, members) if chain.outcome == "open")
