"""Batches have as many runs as fit into the time that others can wait."""

from towpath.worker.pace import ALONE, ATTENTIVE, LEAST, Pace

A_RUN = 0.0002  # seconds


def settled(*, attentive: bool, a_run: float = A_RUN, most: int = 1_000) -> int:
    pace = Pace(most)
    for _ in range(20):
        pace.took(pace.limit, pace.limit * a_run, attentive=attentive)
    return pace.limit


def test_batches_are_full_while_nobody_waits_and_runs_are_quick() -> None:
    assert settled(attentive=False, a_run=ALONE / 2_000) == 1_000


def test_batches_are_short_while_callers_wait_for_the_disk() -> None:
    assert settled(attentive=True) == round(ATTENTIVE / A_RUN) == 100


def test_slow_runs_make_smaller_batches() -> None:
    assert settled(attentive=False, a_run=ALONE / 300) == 300


def test_a_slow_moment_never_leads_to_batches_that_save_nothing() -> None:
    pace = Pace(1_000)
    pace.took(1, 30.0, attentive=True)
    assert pace.limit == LEAST


def test_a_store_whose_batches_are_small_keeps_them_small() -> None:
    assert settled(attentive=True, most=10) == 10


def test_batches_grow_back_step_by_step() -> None:
    pace = Pace(1_000)
    pace.took(1, 30.0, attentive=True)
    pace.took(LEAST, 0.0, attentive=False)
    assert pace.limit == 2 * LEAST
