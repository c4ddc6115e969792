"""How wrong sign-ins slow further ones down."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from towpath.identity.throttle import FORGOTTEN, LONGEST, Failures, after_failure, wait_until
from towpath.ports.time import SECOND

NOW = 1_000_000 * SECOND


def test_the_first_wrong_ones_cost_nothing_and_then_each_waits_longer() -> None:
    waits = [wait_until(Failures(count, NOW), 5) - NOW for count in range(1, 10)]
    assert waits == [0, 0, 0, 0, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND, 32 * SECOND]


@given(st.integers(0, 10_000))
def test_nobody_waits_longer_than_the_longest(count: int) -> None:
    assert 0 <= wait_until(Failures(count, NOW), 5) - NOW <= LONGEST


def test_a_quiet_time_ends_it() -> None:
    many = Failures(40, NOW)
    assert after_failure(many, NOW + SECOND).count == 41
    assert after_failure(many, NOW + FORGOTTEN + 1) == Failures(1, NOW + FORGOTTEN + 1)
