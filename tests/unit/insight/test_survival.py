"""Kaplan and Meier's median against its definition."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from towpath.insight import Facts, RunFact, kaplan_meier_median, version_figures

durations = st.lists(st.integers(1, 12), max_size=12)


def test_without_censoring_it_is_the_lower_median() -> None:
    assert kaplan_meier_median([4, 1, 3, 2]) == 2
    assert kaplan_meier_median(range(1, 11)) == 5


def test_when_too_few_have_ended_there_is_none() -> None:
    assert kaplan_meier_median([5], [9, 9]) is None
    assert kaplan_meier_median([], [9]) is None
    assert kaplan_meier_median([]) is None


def test_what_is_censored_at_the_moment_of_an_end_was_still_at_risk() -> None:
    assert kaplan_meier_median([5], [5]) == 5
    assert kaplan_meier_median([5], [4]) == 5


def test_cancelled_runs_are_censored_in_the_median_of_a_version() -> None:
    runs = [RunFact("A", 1, 0, 2_000_000, "completed"), RunFact("B", 1, 0, 9_000_000, "completed")]
    assert version_figures(Facts([], runs)).kaplan_meier_median == 2
    gone = [RunFact(run, 1, 0, 5_000_000, "cancelled") for run in "CD"]
    assert version_figures(Facts([], runs + gone)).kaplan_meier_median == 9


@given(durations, durations)
def test_it_is_the_first_time_at_which_the_exact_curve_is_at_most_a_half(ended: list[int], censored: list[int]) -> None:
    def surviving(until: int) -> Fraction:
        at_risk = {t: sum(d >= t for d in ended + censored) for t in set(ended) if t <= until}
        return math.prod((1 - Fraction(ended.count(t), n) for t, n in at_risk.items()), start=Fraction(1))

    expected = next((t for t in sorted(set(ended)) if surviving(t) <= Fraction(1, 2)), None)
    assert kaplan_meier_median(ended, censored) == expected
