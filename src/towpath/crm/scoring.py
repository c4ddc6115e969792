"""Scores (semantics.md §1.10): ``clamp(sum of groups: clamp(sum of p * max(0, 1 - r * floor((t - t_e) / period))))``.

Facts have r = 0. A score is a function of the record, its activities and the time alone: computing it twice, or on
another day first, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.crm.validation import read_written
from towpath.expr import compile_condition
from towpath.model.condition import Condition, fields_of
from towpath.model.moment import from_text
from towpath.model.scoring import Decay, ScoreGroup, ScoreModel

Predicate = Callable[[Mapping[str, Any], Mapping[str, Any] | None], bool]
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadyScore:
    """A model with its conditions as functions."""

    model: ScoreModel
    facts: tuple[tuple[tuple[Predicate, float], ...], ...]  # per group
    events: tuple[tuple[tuple[Predicate | None, float], ...], ...]
    reads: frozenset[str]  # fields of the record that the facts look at
    has_events: bool

    def score(self, record: Mapping[str, Any], activities: Sequence[Mapping[str, Any]], now: int) -> float:
        """The score at ``now`` (microseconds), in whole cents of a point."""
        model = self.model
        total = 0.0
        for group, facts, events in zip(model.groups, self.facts, self.events, strict=True):
            points = sum(points for holds, points in facts if holds(record, None))
            points += sum(worth(p, group.decay, at, now) for p, at in _met(events, activities) if at <= now)
            total += clamp(points, group.least, group.most)
        return round(clamp(total, model.least, model.most), 2)


def ready(model: ScoreModel) -> ReadyScore:
    """Compile a model. Raises ExpressionError for a condition that cannot be read."""
    reads = frozenset().union(*(fields_of(c) for group in model.groups for c in _facts(group)))
    return ReadyScore(
        model,
        tuple(tuple((_compiled(f.when), f.points) for f in group.facts) for group in model.groups),
        tuple(
            tuple((None if e.when is None else _compiled(e.when), e.points) for e in group.events)
            for group in model.groups
        ),
        reads,
        any(group.events for group in model.groups),
    )


def worth(points: float, decay: Decay | None, at: int, now: int) -> float:
    """What points given at ``at`` are worth at ``now``."""
    if decay is None:
        return points
    periods = (now - at) // round(decay.period * MICROSECONDS)
    return points * max(0.0, 1.0 - decay.rate * periods)


def clamp(value: float, least: float, most: float) -> float:
    """The value, within limits."""
    return max(least, min(most, value))


def crosses(model: ScoreModel, *, armed: bool, score: float) -> tuple[bool, bool]:
    """Whether the threshold is crossed upwards now, and whether it may be crossed (again) afterwards."""
    threshold = model.threshold
    if threshold is None:
        return False, armed
    if score >= threshold.score:
        return armed, False
    return False, armed or score < threshold.score - threshold.hysteresis


def conditions_of(model: ScoreModel) -> tuple[list[Condition], list[Condition]]:
    """The conditions on records and those on activities."""
    facts = [condition for group in model.groups for condition in _facts(group)]
    events = [read_written(e.when) for group in model.groups for e in group.events if e.when is not None]
    return facts, events


def _facts(group: ScoreGroup) -> list[Condition]:
    return [read_written(fact.when) for fact in group.facts]


def _compiled(written: Any) -> Predicate:
    return compile_condition(read_written(written))


def _met(
    events: Iterable[tuple[Predicate | None, float]], activities: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[float, int]]:
    for holds, points in events:
        for activity in activities:
            if holds is None or holds(activity, None):
                yield points, from_text(activity["occurredAt"] or activity["createdAt"]) or 0
