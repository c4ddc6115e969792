"""Labour, efficiency and cost at their edges."""

from __future__ import annotations

import json

import pytest

from tests.unit.insight.worked_example import FACTS, MINUTE, TERMS, WINDOW, at, auto, person
from towpath.errors import InputError
from towpath.insight import (
    Facts,
    Productivity,
    RunFact,
    Terms,
    Visit,
    Window,
    cost,
    people_figures,
    run_figures,
    step_figures,
    version_figures,
)


def test_a_fully_automatic_version_has_no_efficiency_but_runs_per_hour() -> None:
    facts = Facts([auto("A", "Score", "09:00", "09:30")], [RunFact("A", 1, at("09:00"), at("09:30"), "completed")])
    efficiency = version_figures(facts).efficiency
    assert (efficiency.value, efficiency.reason, efficiency.per_hour) == (None, "no labour", 2)


def test_a_version_whose_runs_all_took_one_instant_has_no_rate_either() -> None:
    efficiency = version_figures(Facts([], [RunFact("A", 1, 5, 5, "completed")])).efficiency
    assert (efficiency.per_hour, efficiency.clock_hours) == (None, 0)


def test_without_facts_every_ratio_says_why_it_is_missing() -> None:
    figures = version_figures(Facts([], []))
    assert (figures.time_used.value, figures.time_used.reason) == (None, "nothing has ended yet")
    assert (figures.efficiency.value, figures.efficiency.reason) == (None, "no labour")
    assert (figures.flow.value, figures.flow.reason) == (None, "no time elapsed")
    assert (figures.cost.standard_cost, figures.cost.reason) == (None, "no baseline or plan set")
    assert figures.kaplan_meier_median is None


def test_a_failed_attempt_is_labour_and_no_work() -> None:
    facts = Facts([person("A", "Call", "Ann", "09:00", "09:00", "10:00", "failed")], [])
    figures = step_figures(facts, "Call")
    assert (figures.efficiency.work, figures.efficiency.labour_hours, figures.counts.failed) == (0, 1, 1)


def test_a_skipped_step_takes_no_part_in_time_or_work() -> None:
    figures = step_figures(Facts([Visit("Call", 1, 0, None, 0, "Ann", "skipped", ["A"])], []), "Call")
    assert (figures.counts.skipped, figures.efficiency.work, figures.time_used.counted) == (1, 0, 0)


def test_a_cancelled_step_is_labour_counted_apart() -> None:
    facts = Facts([person("A", "Call", "Ann", "09:00", "09:00", "10:00", "cancelled")], [])
    figures = step_figures(facts, "Call")
    assert (figures.counts.cancelled, figures.efficiency.labour_hours, figures.cancelled_labour_hours) == (1, 0, 1)
    flow = step_figures(facts, "Call", view="flow")
    assert (flow.efficiency.labour_hours, flow.efficiency.work) == (1, 0)


def test_units_multiply_work() -> None:
    visit = Visit("Import", 1, 0, 0, 60 * MINUTE, "Ann", "ok", ["A", "B"], units=5)
    assert step_figures(Facts([visit], []), "Import").efficiency.value == 10


def test_one_claim_on_many_runs_costs_the_clock_once() -> None:
    visit = Visit("Approve", 1, 0, 0, 60 * MINUTE, "Ann", "ok", ["A", "B", "C", "D"])
    facts = Facts([visit], [RunFact(run, 1, 0, 60 * MINUTE, "completed") for run in "ABCD"])
    assert people_figures(facts, ["Ann"]).efficiency.labour_hours == 1
    assert run_figures(facts, "A").efficiency.labour_hours == 0.25


def test_claims_in_another_version_share_the_time_too() -> None:
    visits = [
        person("A", "Call", "Ann", "13:00", "13:00", "14:00"),
        person("B", "Visit", "Ann", "13:00", "13:00", "14:00"),
    ]
    runs = [RunFact("A", "one", at("13:00"), at("14:00"), "completed"), RunFact("B", "two", at("13:00"), None, "open")]
    facts = Facts(visits, runs, now=at("15:00"))
    assert version_figures(facts, "one").efficiency.labour_hours == 0.5
    assert version_figures(facts, "one").counts.open == 0
    assert list(facts.nodes_of(facts.ids_of("two"))) == ["Visit"]


def test_the_cohort_of_a_window_keeps_labour_from_before_it_and_flow_does_not() -> None:
    window = Window(at("12:00"), at("13:00"))
    cohort = version_figures(FACTS, 1, TERMS, window=window)
    flow = version_figures(FACTS, 1, TERMS, window=window, view="flow")
    assert cohort.counts.completed == flow.counts.completed == 1
    assert cohort.efficiency.labour_hours * 60 == pytest.approx(105)  # all of run A
    assert flow.efficiency.labour_hours * 60 == pytest.approx(1 + 15 + 10)  # Quote of B, Approve of A, Call of D


def test_money_for_tools_is_booked_in_the_window_in_which_the_step_started() -> None:
    facts = Facts([auto("A", "Score", "09:00", "11:00")], [])
    early, late = Window(at("09:00"), at("10:00")), Window(at("10:00"), at("12:00"))
    assert [version_figures(facts, window=w, view="flow").cost.tool_cost for w in (early, late)] == [0.01, 0]


def test_a_run_that_ends_at_the_end_of_a_window_belongs_to_the_next() -> None:
    facts = Facts([], [RunFact("A", 1, 0, 100, "completed")])
    assert version_figures(facts, window=Window(0, 100)).counts.completed == 0
    assert version_figures(facts, window=Window(100, 200)).counts.completed == 1


def test_steps_and_people_are_measured_inside_the_window_only() -> None:
    morning = Window(at("09:00"), at("11:00"))
    call = step_figures(FACTS, "Call", TERMS, window=morning)
    assert (call.counts.ok, call.time_used.elapsed, call.counts.open) == (1, 3600, 0)  # A; C is not yet there
    assert step_figures(FACTS, "Call", TERMS, window=morning, view="flow").efficiency.labour_hours * 60 == 30 + 20
    ann = people_figures(FACTS, ["Ann"], TERMS, window=morning)
    assert (ann.steps_done, ann.efficiency.work, round(ann.efficiency.labour_hours * 60)) == (1, 1, 50)
    assert ann.efficiency.per_hour == 0.5


def test_open_runs_that_began_after_the_window_are_not_in_it() -> None:
    assert version_figures(FACTS, 1, window=Window(at("09:00"), at("11:00"))).counts.open == 0
    assert version_figures(FACTS, 1, window=Window(at("09:00"), at("19:00"))).counts.open == 1


def test_a_window_that_lasts_beyond_the_report_has_only_the_hours_until_then() -> None:
    day = Window(at("00:00"), at("24:00"))
    assert version_figures(FACTS, 1, window=day).efficiency.per_hour == 2 / 20
    assert step_figures(FACTS, "Call", window=day).efficiency.per_hour == 3 / 20
    assert people_figures(FACTS, ["Ann"], window=day).efficiency.per_hour == 3 / 20


def test_work_on_many_runs_at_once_is_counted_for_each() -> None:
    facts = Facts([Visit("Import", 1, 0, 0, 60 * MINUTE, "Ann", "ok", ["A", "B"], units=5)], [])
    figures = people_figures(facts, ["Ann"])
    assert (figures.steps_done, figures.efficiency.work, figures.efficiency.value) == (2, 10, 10)


def test_the_standard_cost_in_hours_is_compared_with_hours() -> None:
    terms = Terms(wages=TERMS.wages, productivity=Productivity.per_hour(1, 2, "plan"))
    result = version_figures(FACTS, 1, terms).cost
    assert (result.standard_cost, result.unit, result.variance) == (4, "labour hours", -0.25)


def test_the_standard_cost_in_money_is_compared_with_money() -> None:
    terms = Terms(wages=TERMS.wages, productivity=Productivity.per_money(1, 50, "plan"))
    result = version_figures(FACTS, 1, terms).cost
    assert (result.standard_cost, result.unit) == (100, "money")
    assert result.variance == pytest.approx(30.04)


def test_hours_without_a_wage_are_shown_and_no_variance_in_money_is_claimed() -> None:
    terms = Terms(wages={"Ann": 30}, productivity=Productivity.per_money(1, 50, "plan"))
    result = version_figures(FACTS, 1, terms).cost
    assert result.unpriced_hours * 60 == pytest.approx(225 - 70)
    assert (result.variance, result.reason) == (None, "some hours have no wage")


def test_a_default_wage_prices_everybody_else() -> None:
    result = people_figures(FACTS, ["Ann", "Bob"], Terms(wages={"Ann": 30}, default_wage=12)).cost
    assert result.actual_cost == pytest.approx(169 / 60 * 30 + 2 * 12)
    assert result.unpriced_hours == 0


@pytest.mark.parametrize(("work", "hours"), [(0, 1), (1, 0), (-1, 1)])
def test_a_productivity_from_no_work_or_no_labour_is_refused(work: float, hours: float) -> None:
    with pytest.raises(InputError) as caught:
        Productivity.per_hour(work, hours, "March")
    assert caught.value.code == "insight.productivity_invalid"


def test_a_cost_at_no_productivity_is_refused() -> None:
    with pytest.raises(InputError, match="productivity of 0 gives no cost"):
        cost(1, 0)


def test_open_facts_without_the_time_of_the_report_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Facts([], [RunFact("A", 1, 0, None, "open")])
    assert caught.value.code == "insight.now_missing"


def test_a_run_given_twice_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Facts([], [RunFact("A", 1, 0, 1, "failed"), RunFact("A", 1, 0, 2, "completed")])
    assert caught.value.code == "insight.run_twice"


def test_a_run_that_ended_without_an_outcome_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Facts([], [RunFact("A", 1, 0, 1, "open")])
    assert caught.value.code == "insight.run_outcome"


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Window(2, 1)
    assert caught.value.code == "insight.window_invalid"


def test_every_figure_goes_to_json_with_its_raw_values() -> None:
    figures = version_figures(FACTS, 1, TERMS, window=WINDOW)
    sent = json.loads(json.dumps(figures.as_json()))
    assert sent["time_used"]["elapsed"] == 724 * 60
    assert sent["time_used"]["allowed"] == 960 * 60
    assert (sent["efficiency"]["work"], sent["efficiency"]["labour_hours"], sent["efficiency"]["view"]) == (
        2,
        3.75,
        "cohort",
    )
    assert sent["cost"]["productivity"] is None
    assert sent["window"] == {"start": at("09:00"), "end": at("20:00")}
    for other in (run_figures(FACTS, "C", TERMS), step_figures(FACTS, "Call", TERMS), people_figures(FACTS, ["Ann"])):
        json.dumps(other.as_json(), allow_nan=False)


def test_productivity_goes_to_json_with_its_value() -> None:
    assert Productivity.per_hour(2, 4, "March").as_json()["value"] == 0.5
