"""Laws that hold for every set of facts."""

from __future__ import annotations

import json
import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.insight import (
    ENGINE,
    Facts,
    LabourView,
    RunFact,
    RunOutcome,
    StepOutcome,
    Terms,
    Visit,
    Window,
    all_step_figures,
    funnel,
    people_figures,
    run_figures,
    version_figures,
    visits_of,
)

HOUR = 3_600_000_000
NOW = 40 * HOUR
PEOPLE = ("Ann", "Bob", "Cid")
RUNS = ("A", "B", "C", "D")
TERMS = Terms(step_limits={"call": 7200, "quote": 3600}, wages={"Ann": 30, "Bob": 20})
moments = st.integers(0, 30).map(lambda n: n * HOUR // 3)
lengths = st.integers(0, 20).map(lambda n: n * HOUR // 7)


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    enabled = draw(moments)
    started = None if draw(st.integers(0, 9)) == 0 else enabled + draw(lengths)
    ended = None if started is None or draw(st.integers(0, 4)) == 0 else started + draw(lengths)
    outcomes: tuple[StepOutcome, ...] = ("open",) if ended is None else ("ok", "ok", "failed", "cancelled")
    return Visit(
        node=draw(st.sampled_from(("call", "quote", "score"))),
        attempt=draw(st.sampled_from((1, 1, 1, 2))),
        enabled_at=enabled,
        started_at=started,
        ended_at=ended,
        actor=draw(st.sampled_from((ENGINE, "Ann", "Bob"))),
        outcome=draw(st.sampled_from(outcomes)),
        runs=draw(st.lists(st.sampled_from(RUNS), unique=True, min_size=1)),
        units=draw(st.sampled_from((1.0, 2.0))),
        money=draw(st.sampled_from((0.0, 0.25))),
    )


@st.composite
def runs(draw: st.DrawFn, run: str) -> RunFact:
    started = draw(moments)
    ended = None if draw(st.integers(0, 4)) == 0 else started + draw(lengths)
    outcomes: tuple[RunOutcome, ...] = ("open",) if ended is None else ("completed", "completed", "failed", "cancelled")
    limit = draw(st.sampled_from((None, 3600.0, 7200.0)))
    return RunFact(run, draw(st.sampled_from((1, 2))), started, ended, draw(st.sampled_from(outcomes)), limit)


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[Visit], list[RunFact]]:
    # Visits differ in their sequence, as those of a real log do: without it, equal moments have no order.
    found = draw(st.lists(visits(), max_size=8))
    shared = [visit for visit in found if visit.actor != ENGINE and draw(st.booleans())]
    found += [msgspec.structs.replace(visit, actor="Cid", outcome="part", money=0.0) for visit in shared]
    numbered = [msgspec.structs.replace(visit, sequence=number) for number, visit in enumerate(found)]
    return numbered, [draw(runs(run)) for run in RUNS]


Log = tuple[list[Visit], list[RunFact]]


def facts_of(log: Log) -> Facts:
    return Facts(*log, now=NOW)


def union(spans: list[tuple[int, int]]) -> int:
    total, reached = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


@given(logs())
def test_the_labour_of_a_person_is_the_union_of_the_claims_and_never_more_than_the_clock(log: Log) -> None:
    facts = facts_of(log)
    for person in PEOPLE:
        claims = [
            (v.started_at, v.ended_at if v.ended_at is not None else NOW)
            for v in log[0]
            if v.actor == person and v.started_at is not None
        ]
        hours = people_figures(facts, [person]).efficiency.labour_hours
        assert hours == pytest.approx(union(claims) / HOUR, abs=1e-6)
        assert hours <= NOW / HOUR + 1e-6


@given(logs())
def test_a_team_has_the_labour_of_its_members(log: Log) -> None:
    team = people_figures(facts_of(log), PEOPLE)
    assert team.efficiency.labour_hours == pytest.approx(sum(team.hours_by_person.values()))


@given(logs())
def test_the_labour_of_all_runs_is_the_labour_of_all_people(log: Log) -> None:
    facts = facts_of(log)
    by_run = sum(run_figures(facts, run).efficiency.labour_hours for run in RUNS)
    by_person = people_figures(facts, PEOPLE).efficiency.labour_hours
    by_window = version_figures(facts, view="flow").efficiency.labour_hours
    by_step = sum(f.efficiency.labour_hours for f in all_step_figures(facts, view="flow").values())
    assert by_run == pytest.approx(by_person, abs=1e-6)
    assert by_window == pytest.approx(by_person, abs=1e-6)
    assert by_step == pytest.approx(by_person, abs=1e-6)


@given(logs(), st.integers(0, 40))
def test_splitting_a_window_in_two_splits_labour_money_and_work(log: Log, hour: int) -> None:
    facts = facts_of(log)
    parts = [Window(0, hour * HOUR), Window(hour * HOUR, 40 * HOUR)]
    whole = version_figures(facts, terms=TERMS, window=Window(0, 40 * HOUR), view="flow")
    halves = [version_figures(facts, terms=TERMS, window=part, view="flow") for part in parts]
    assert sum(h.efficiency.labour_hours for h in halves) == pytest.approx(whole.efficiency.labour_hours, abs=1e-6)
    assert sum(h.cost.actual_cost for h in halves) == pytest.approx(whole.cost.actual_cost, abs=1e-6)
    assert sum(h.efficiency.work for h in halves) == whole.efficiency.work
    team = [people_figures(facts, PEOPLE, window=part).efficiency for part in parts]
    assert sum(t.labour_hours for t in team) == pytest.approx(whole.efficiency.labour_hours, abs=1e-6)


@given(logs())
def test_a_version_is_the_ratio_of_the_sums_of_its_closed_runs(log: Log) -> None:
    facts = facts_of(log)
    closed = [run_figures(facts, r.run) for r in log[1] if r.outcome in ("completed", "failed")]
    version = version_figures(facts)
    limited = [f.time_used for f in closed if f.time_used.allowed is not None]
    elapsed, allowed = sum(t.elapsed for t in limited), sum(t.allowed or 0 for t in limited)
    assert version.time_used.value == (pytest.approx(elapsed / allowed) if allowed else None)
    assert version.efficiency.labour_hours == pytest.approx(sum(f.efficiency.labour_hours for f in closed), abs=1e-9)
    assert version.efficiency.work == sum(f.efficiency.work for f in closed)
    assert version.flow.touch == pytest.approx(sum(f.flow.touch for f in closed))
    assert version.cost.tool_cost == pytest.approx(sum(f.cost.tool_cost for f in closed))


@given(logs(), st.sampled_from(RUNS), moments, lengths)
def test_adding_an_automatic_step_never_lowers_efficiency(log: Log, run: str, start: int, length: int) -> None:
    step = Visit("extra", 1, start, start, start + length, ENGINE, "ok", [run])
    before = version_figures(facts_of(log)).efficiency
    after = version_figures(Facts([*log[0], step], log[1], now=NOW)).efficiency
    assert (after.value is None) == (before.value is None)
    assert after.value is None or before.value is None or after.value >= before.value


@given(logs())
def test_elapsed_is_at_least_touch(log: Log) -> None:
    facts = facts_of(log)
    for run in RUNS:
        flow = run_figures(facts, run).flow
        assert 0 <= flow.touch <= flow.elapsed
        assert flow.waiting == pytest.approx(flow.elapsed - flow.touch)
    for figures in all_step_figures(facts).values():
        assert 0 <= figures.flow.touch <= figures.flow.elapsed


@given(logs())
def test_touch_is_the_union_of_service_within_the_run(log: Log) -> None:
    facts = facts_of(log)
    for run in log[1]:
        end = run.ended_at if run.ended_at is not None else NOW
        service = [
            (max(v.started_at, run.started_at), min(v.ended_at if v.ended_at is not None else NOW, end))
            for v in log[0]
            if run.run in v.runs and v.started_at is not None
        ]
        assert facts.touches[run.run] == union([(a, b) for a, b in service if a < b])


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(log: Log, chance: random.Random) -> None:
    shuffled = ([*log[0]], [*log[1]])
    chance.shuffle(shuffled[0])
    chance.shuffle(shuffled[1])
    one, other = facts_of(log), facts_of(shuffled)
    assert _rounded(version_figures(one, 1, TERMS).as_json()) == _rounded(version_figures(other, 1, TERMS).as_json())
    assert funnel(one) == funnel(other)
    for node, figures in all_step_figures(one, TERMS).items():
        assert _rounded(figures.as_json()) == _rounded(all_step_figures(other, TERMS)[node].as_json())


@given(logs())
def test_visits_and_single_steps_tell_the_same(log: Log) -> None:
    steps = [step for visit in log[0] for step in visit.steps()]
    shared, alone = facts_of((visits_of(steps), log[1])), facts_of(([step.visit() for step in steps], log[1]))
    views: tuple[LabourView, ...] = ("cohort", "flow")
    for view in views:
        assert _rounded(version_figures(shared, 1, TERMS, view=view).as_json()) == _rounded(
            version_figures(alone, 1, TERMS, view=view).as_json()
        )
    assert _rounded({n: f.as_json() for n, f in all_step_figures(shared, TERMS).items()}) == _rounded(
        {n: f.as_json() for n, f in all_step_figures(alone, TERMS).items()}
    )


@given(logs())
def test_every_step_is_counted_once(log: Log) -> None:
    facts = facts_of(log)
    for node, figures in all_step_figures(facts).items():
        counts = figures.counts
        executions = sum(len(v.runs) for v in log[0] if v.node == node and v.outcome != "part")
        assert counts.attempts == executions
        assert counts.ok + counts.failed + counts.cancelled + counts.skipped + counts.open <= executions


@given(logs())
def test_no_figure_is_infinite_or_not_a_number(log: Log) -> None:
    facts = facts_of(log)
    json.dumps(version_figures(facts, terms=TERMS).as_json(), allow_nan=False)
    json.dumps([f.as_json() for f in all_step_figures(facts, TERMS).values()], allow_nan=False)


def _rounded(value: object) -> object:
    """Sums of floats in another order differ in their last bits."""
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return value
