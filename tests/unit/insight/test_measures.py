"""Named measures: shares of runs that came somewhere, and times from a run's start."""

from __future__ import annotations

import pytest

from towpath.insight import ENGINE, Facts, RunFact, Visit, share_reached, time_until

MINUTE = 60_000_000


def run(name: str, ended: int | None, outcome: str = "completed") -> RunFact:
    return RunFact(name, 1, 0, ended, outcome if ended is not None else "open", None)  # type: ignore[arg-type]


def visit(node: str, runs: list[str], started: int | None, ended: int | None, *, enabled: int = 0, n: int = 0) -> Visit:
    outcome = "open" if ended is None else "ok"
    return Visit(node, 1, enabled, started, ended, ENGINE, outcome, runs, 1.0, 0.0, n)  # type: ignore[arg-type]


FACTS = Facts(
    [
        visit("begin", ["a", "b", "c", "d"], 0, 0),
        visit("call", ["a"], 3 * MINUTE, 5 * MINUTE, n=1),
        visit("call", ["b"], 9 * MINUTE, 10 * MINUTE, n=2),
        visit("call", ["c"], None, None, enabled=MINUTE, n=3),
        visit("call", ["a"], 20 * MINUTE, 21 * MINUTE, n=4),
        visit("won", ["a"], 30 * MINUTE, 30 * MINUTE, n=5),
    ],
    [run("a", 30 * MINUTE), run("b", 40 * MINUTE, "failed"), run("c", None), run("d", 0, "cancelled")],
    60 * MINUTE,
)


def test_a_share_counts_the_runs_that_completed_or_failed() -> None:
    assert share_reached(FACTS, 1, "Won", "won", None).as_json() == {
        "name": "Won", "kind": "share", "value": 0.5, "counted": 1, "base": 2, "p90": None,
    }  # fmt: skip


def test_a_share_of_a_node_counts_only_the_runs_that_came_there() -> None:
    assert share_reached(FACTS, 1, "Won of called", "won", "call").value == 0.5
    assert share_reached(FACTS, 1, "Called of won", "call", "won").value == 1


def test_a_share_of_nothing_has_no_value() -> None:
    assert share_reached(FACTS, 2, "Won", "won", None).value is None
    assert share_reached(FACTS, 1, "Won", "won", "nowhere").value is None


def test_the_time_until_a_step_is_that_of_each_runs_first_one() -> None:
    figure = time_until(FACTS, 1, "To call", "call", "started", None)
    assert (figure.kind, figure.value, figure.base) == ("time", 6 * 60, 2)  # 3 and 9 minutes
    assert figure.p90 == pytest.approx((3 + 0.9 * 6) * 60)
    assert time_until(FACTS, 1, "To call", "call", "ended", None).value == 7.5 * 60
    assert time_until(FACTS, 1, "To call", "call", "enabled", None).base == 3, "an open step is there to be done"


def test_a_step_of_several_people_begins_with_the_first_and_ends_with_the_last() -> None:
    part = Visit("call", 1, 0, 2 * MINUTE, 4 * MINUTE, "Ann", "part", ["a"])
    last = Visit("call", 1, 0, 5 * MINUTE, 8 * MINUTE, "Bob", "ok", ["a"])
    facts = Facts([part, last], [run("a", 9 * MINUTE)])
    assert time_until(facts, 1, "To call", "call", "started", None).value == 2 * 60
    assert time_until(facts, 1, "To call", "call", "ended", None).value == 8 * 60


def test_a_step_that_was_cancelled_before_anybody_took_it_up_never_began() -> None:
    untouched = Visit("call", 1, 0, 7 * MINUTE, 7 * MINUTE, ENGINE, "cancelled", ["a"])
    taken = Visit("call", 1, 0, 3 * MINUTE, 7 * MINUTE, "Ann", "cancelled", ["b"])
    facts = Facts([untouched, taken], [run("a", 7 * MINUTE, "cancelled"), run("b", 7 * MINUTE, "cancelled")])
    begun = time_until(facts, 1, "To call", "call", "started", None)
    assert (begun.value, begun.base) == (3 * 60, 1)
    assert time_until(facts, 1, "To call", "call", "ended", None).base == 0


def test_with_a_limit_it_is_the_share_in_time() -> None:
    figure = time_until(FACTS, 1, "In five minutes", "call", "started", 300)
    assert (figure.kind, figure.value, figure.counted, figure.base) == ("share", 0.5, 1, 2)
