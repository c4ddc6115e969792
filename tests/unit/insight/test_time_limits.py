"""T/T_max where limits are set, missing, or taken from a baseline; and alerts on them."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.insight.worked_example import FACTS, MINUTE, TERMS, at, person
from towpath.errors import InputError, NotFoundError
from towpath.insight import (
    BaselineLimit,
    Facts,
    RunFact,
    Terms,
    alert_at,
    level_of,
    near_limits,
    quantile,
    run_figures,
    step_figures,
    version_figures,
)


def closed(run: str, minutes: int, limit: float | None = None) -> RunFact:
    return RunFact(run, 1, 0, minutes * MINUTE, "completed", limit)


def test_without_a_limit_or_a_baseline_there_is_no_ratio_but_the_raw_time() -> None:
    time = version_figures(Facts([], [closed("A", 10)])).time_used
    assert (time.value, time.allowed, time.elapsed, time.without_limit) == (None, None, 600, 1)
    assert time.reason == "no limit set and no baseline period"


def test_a_missing_limit_is_replaced_by_the_baseline_p95_and_says_so() -> None:
    baseline = BaselineLimit.of_runs([closed(str(n), n) for n in range(1, 102)], "March")
    assert baseline.seconds == 96 * 60
    time = version_figures(Facts([], [closed("A", 48)]), terms=Terms(run_baseline=baseline)).time_used
    assert time.value == 0.5
    assert time.against == "no limit set, against p95 of March"


def test_an_outlier_is_over_the_baseline_and_does_not_improve_the_others() -> None:
    terms = Terms(run_baseline=BaselineLimit(600, "March"))
    alone = run_figures(Facts([], [closed("A", 5)]), "A", terms).time_used.value
    facts = Facts([], [closed("A", 5), closed("B", 500)])
    assert run_figures(facts, "A", terms).time_used.value == alone == 0.5
    assert run_figures(facts, "B", terms).time_used.value == 50


def test_limits_and_the_baseline_may_be_mixed_and_both_are_named() -> None:
    facts = Facts([], [closed("A", 5, 600), closed("B", 5)])
    time = version_figures(facts, terms=Terms(run_baseline=BaselineLimit(1200, "March"))).time_used
    assert time.allowed == 1800
    assert time.against == "limit (1 of 2); no limit set, against p95 of March (1 of 2)"


def test_runs_without_a_limit_stay_out_of_both_sums_of_the_ratio() -> None:
    time = version_figures(Facts([], [closed("A", 5, 600), closed("B", 500)])).time_used
    assert (time.value, time.elapsed, time.elapsed_with_limit) == (0.5, 505 * 60, 300)
    assert (time.counted, time.without_limit) == (1, 1)


def test_a_baseline_in_which_nothing_ended_is_refused() -> None:
    with pytest.raises(InputError, match="gives no baseline") as caught:
        BaselineLimit.of_runs([RunFact("A", 1, 0, None, "open")], "March")
    assert caught.value.code == "insight.baseline_empty"


def test_a_step_without_a_limit_uses_the_baseline_of_its_node() -> None:
    terms = Terms(step_baselines={"Quote": BaselineLimit(100 * 60, "March")})
    time = step_figures(FACTS, "Quote", terms).time_used
    assert time.value == (105 + 120) / 200
    assert time.against == "no limit set, against p95 of March"


def test_headroom_is_negative_when_the_limit_is_exceeded() -> None:
    time = run_figures(FACTS, "B", TERMS).time_used
    assert time.headroom == pytest.approx(-0.066667, abs=1e-6)
    assert time.level == "red"


def test_an_open_run_within_its_limit_is_neither_on_time_nor_late() -> None:
    assert run_figures(FACTS, "C", TERMS).time_used.on_time is None
    late = Facts([], [RunFact("A", 1, 0, None, "open", 60)], now=2 * MINUTE)
    assert run_figures(late, "A").time_used.on_time == 0


def test_a_cancelled_run_is_counted_apart() -> None:
    time = run_figures(FACTS, "D", TERMS).time_used
    assert (time.value, time.elapsed, time.reason) == (None, 41 * 60, "cancelled, counted apart")


@pytest.mark.parametrize(
    ("value", "level"), [(0, "green"), (0.79, "green"), (0.8, "amber"), (0.99, "amber"), (1, "red")]
)
def test_levels_change_at_four_fifths_and_at_the_limit(value: float, level: str) -> None:
    assert level_of(value) == level


@pytest.mark.parametrize("limit", [60.0, 0.57, 1.1])  # 0.57 s and 1.1 s are no whole microseconds in binary
def test_a_run_that_takes_just_its_limit_is_on_time_and_one_microsecond_more_is_late(limit: float) -> None:
    just = round(limit * 1_000_000)
    runs = [RunFact("A", 1, 0, just, "completed", limit), RunFact("B", 1, 0, just + 1, "completed", limit)]
    assert version_figures(Facts([], runs)).time_used.on_time == 1


def test_open_runs_and_steps_over_their_limit_are_overdue() -> None:
    visits = [
        person("A", "Call", "Ann", "09:00", None, None, "open"),
        person("B", "Call", "Ann", "09:30", None, None, "open"),
    ]
    runs = [RunFact("A", 1, at("09:00"), None, "open", 45 * 60), RunFact("B", 1, at("09:30"), None, "open", 45 * 60)]
    facts = Facts(visits, runs, now=at("10:00"))
    for open_ones in (
        version_figures(facts).open,
        step_figures(facts, "Call", Terms(step_limits={"Call": 45 * 60})).open,
    ):
        assert (open_ones.open, open_ones.overdue, open_ones.oldest, open_ones.elapsed) == (2, 1, 3600, 5400)


def test_median_and_p90_are_of_the_single_ratios() -> None:
    runs = [closed(str(n), n, 600) for n in range(1, 12)]
    time = version_figures(Facts([], runs)).time_used
    assert time.median == pytest.approx(0.6)
    assert time.p90 == pytest.approx(1.0)


def test_the_quantile_of_nothing_is_nothing() -> None:
    assert quantile([], 0.5) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=2), st.integers(1, 99))
def test_quantiles_agree_with_the_standard_library(sample: list[float], percent: int) -> None:
    expected = statistics.quantiles(sample, n=100, method="inclusive")[percent - 1]
    assert quantile(sorted(sample), percent / 100) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_an_open_run_and_an_open_step_near_their_limits_are_found_worst_first() -> None:
    facts = Facts(
        [
            person("A", "Call", "Ann", "09:00", "09:10", None, "open"),
            person("B", "Call", "Ann", "09:59", None, None, "open"),
        ],
        [RunFact("A", 1, at("09:00"), None, "open", 72 * 60), RunFact("B", 1, at("09:59"), None, "open", 72 * 60)],
        now=at("10:00"),
    )
    found = near_limits(facts, Terms(step_limits={"Call": 50 * 60}))
    assert [(n.kind, n.run, n.node, round(n.value, 4)) for n in found] == [
        ("step", "A", "Call", 1.2),
        ("run", "A", None, 0.8333),
    ]


def test_an_alert_is_due_when_the_set_share_of_the_limit_is_used() -> None:
    assert alert_at(at("09:00"), 100 * 60, 0.8) == at("10:20")


def test_an_unknown_run_is_an_error_that_names_it() -> None:
    with pytest.raises(NotFoundError, match="no run 'X'") as caught:
        run_figures(FACTS, "X")
    assert caught.value.code == "insight.unknown_run"
