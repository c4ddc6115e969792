"""Late or missed: what counts as a time when nothing was running."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from towpath.engine.timer_pulse import BEAT, GRACE, Pulse


def test_a_pause_within_the_grace_is_a_busy_worker() -> None:
    pulse = Pulse(0, 0).look(GRACE)
    assert pulse == Pulse(GRACE, 0)


def test_a_longer_pause_means_that_nothing_was_running() -> None:
    pulse = Pulse(0, 0).look(GRACE + 1)
    assert pulse.since == GRACE + 1
    assert pulse.missed_before == 1


def test_looks_within_a_minute_need_not_be_noted() -> None:
    pulse = Pulse(0, 0)
    assert pulse.look(BEAT - 1) is pulse
    assert pulse.look(BEAT) == Pulse(BEAT, 0)


@given(st.lists(st.integers(0, 2 * GRACE), max_size=20))
def test_a_time_is_missed_only_where_a_long_pause_lies_behind_it(pauses: list[int]) -> None:
    pulse, now, ends = Pulse(0, 0), 0, [0]
    for pause in pauses:
        now += pause
        if now - pulse.seen > GRACE:
            ends.append(now)
        pulse = pulse.look(now)
        assert pulse.since == ends[-1]
        assert pulse.missed_before <= now - GRACE
        assert now - pulse.seen < BEAT
