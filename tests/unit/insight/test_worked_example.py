"""The worked example of the metrics, digit by digit."""

from __future__ import annotations

import pytest

from tests.unit.insight.worked_example import FACTS, MINUTE, RUNS, TERMS, WINDOW, at, person
from towpath.insight import (
    Facts,
    Productivity,
    cost,
    kaplan_meier_median,
    people_figures,
    run_figures,
    step_figures,
    version_figures,
)


def minutes(seconds: float) -> float:
    return seconds / 60


@pytest.mark.parametrize(
    ("run", "elapsed", "used", "at_least", "labour", "work", "efficiency", "money"),
    [
        ("A", 212, 0.441667, False, 105, 1, 0.571429, 60.02),
        ("B", 512, 1.066667, False, 120, 1, 0.5, 70.02),
        ("C", 120, 0.25, True, 89, 0, 0, 44.51),
        ("D", 41, None, False, 10, 0, 0, 5.01),
    ],
)
def test_each_run_has_the_figures_worked_out_by_hand(
    run: str, elapsed: int, used: float | None, at_least: bool, labour: int, work: int, efficiency: float, money: float
) -> None:
    figures = run_figures(FACTS, run, TERMS)
    time = figures.time_used
    assert minutes(time.elapsed) == elapsed
    assert (None if time.value is None else round(time.value, 6)) == used
    assert time.at_least is at_least
    assert figures.efficiency.labour_hours * 60 == pytest.approx(labour, abs=1e-9)
    assert figures.efficiency.work == work
    assert figures.efficiency.value is not None
    assert round(figures.efficiency.value, 6) == efficiency
    assert figures.cost.actual_cost == pytest.approx(money, abs=1e-9)


def test_the_version_is_measured_by_its_closed_runs() -> None:
    figures = version_figures(FACTS, 1, TERMS)
    time = figures.time_used
    assert (minutes(time.elapsed), minutes(time.allowed or 0)) == (724, 960)
    assert round(time.value or 0, 6) == 0.754167
    assert (time.on_time, time.counted, time.on_time_rate) == (1, 2, 0.5)
    assert figures.efficiency.labour_hours == 3.75
    assert figures.efficiency.work == 2
    assert figures.efficiency.view == "cohort"
    assert round(figures.efficiency.value or 0, 6) == 0.533333
    assert figures.cost.actual_cost == pytest.approx(130.04, abs=1e-9)
    assert (figures.counts.completed, figures.counts.cancelled, figures.counts.open) == (2, 1, 1)
    assert figures.cancelled_labour_hours * 60 == pytest.approx(10)
    assert figures.open.labour_hours * 60 == pytest.approx(89)
    assert minutes(figures.open.elapsed) == 120


def test_the_window_counts_all_labour_inside_it() -> None:
    figures = version_figures(FACTS, 1, TERMS, window=WINDOW, view="flow")
    assert figures.efficiency.labour_hours == pytest.approx(5.4, abs=1e-12)
    assert figures.efficiency.work == 2
    assert figures.efficiency.view == "flow"
    assert round(figures.efficiency.value or 0, 6) == 0.37037
    assert figures.cost.actual_cost == pytest.approx(179.56, abs=1e-9)
    assert figures.cost.cost_per_unit == pytest.approx(89.78, abs=1e-9)


def test_cost_is_work_over_productivity_and_gives_the_labour_or_the_money_back() -> None:
    figures = version_figures(FACTS, 1, TERMS)
    hours = Productivity.per_hour(figures.cost.work, figures.cost.labour_hours, "A and B")
    money = Productivity.per_money(figures.cost.work, figures.cost.actual_cost, "A and B")
    assert round(hours.value, 6) == 0.533333
    assert cost(2, hours) == 3.75 == cost(2, hours.value)
    assert cost(2, money) == pytest.approx(130.04, abs=1e-9)
    assert cost(2, money.value) == pytest.approx(130.04, abs=1e-9)
    assert cost(10, hours) == 18.75


def test_run_a_is_touched_for_92_of_its_212_minutes() -> None:
    flow = run_figures(FACTS, "A", TERMS).flow
    assert minutes(flow.touch) == 92
    assert round(flow.value or 0, 6) == 0.433962
    assert minutes(flow.waiting) == 120


def test_step_call_is_measured_over_all_its_attempts() -> None:
    figures = step_figures(FACTS, "Call", TERMS)
    time = figures.time_used
    assert (minutes(time.elapsed), minutes(time.allowed or 0)) == (60 + 310 + 40, 360)
    assert round(time.value or 0, 6) == 1.138889
    assert (time.on_time, time.counted) == (2, 3)
    assert figures.efficiency.work == 3
    assert figures.efficiency.labour_hours * 60 == pytest.approx(80)
    assert figures.efficiency.value == pytest.approx(2.25, abs=1e-12)
    assert (figures.counts.ok, figures.counts.open, figures.counts.attempts) == (3, 1, 5)


def test_ann_and_bob_are_measured_as_a_team() -> None:
    figures = people_figures(FACTS, ["Ann", "Bob"], TERMS)
    assert figures.efficiency.work == 5
    assert figures.efficiency.labour_hours * 60 == pytest.approx(289)
    assert {name: round(hours * 60) for name, hours in figures.hours_by_person.items()} == {"Ann": 169, "Bob": 120}
    assert round(figures.efficiency.value or 0, 6) == 1.038062


def test_the_automatic_step_has_no_efficiency() -> None:
    efficiency = step_figures(FACTS, "Score", TERMS).efficiency
    assert efficiency.value is None
    assert efficiency.reason == "no labour"
    assert efficiency.labour_hours == 0
    assert efficiency.work == 4
    assert efficiency.per_hour == pytest.approx(4 / (9 + 1 / 60))  # from 09:00 to 18:01


def test_overlapping_claims_of_ann_share_her_time() -> None:
    visits = [
        person("A", "Call", "Ann", "13:00", "13:00", "14:00"),
        person("B", "Call", "Ann", "13:00", "13:30", "14:30"),
    ]
    facts = Facts(visits, [])
    assert people_figures(facts, ["Ann"]).efficiency.labour_hours * 60 == 90
    assert facts.shares() == [45 * MINUTE, 45 * MINUTE]


def test_the_median_takes_open_and_cancelled_runs_as_censored() -> None:
    assert kaplan_meier_median([212, 512], [120, 41]) == 212
    median = version_figures(FACTS, 1, TERMS).kaplan_meier_median
    assert median is not None
    assert minutes(median) == 212


def test_the_example_is_told_the_same_by_steps_and_by_visits() -> None:
    steps = [step for visit in FACTS.visits for step in visit.steps()]
    again = Facts([step.visit() for step in steps], RUNS, now=at("20:00"))
    assert version_figures(again, 1, TERMS) == version_figures(FACTS, 1, TERMS)
