"""The rules of one timer: when it is armed, moved, fired or cancelled, by example and as laws over any history."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from towpath.engine.timers import Policy, Timer, Wish, cancelled, fire, follow

NOW = 1_000
SKIP, RUN = Policy(), Policy(if_past="run")
NO_MATCH = Wish(reason="no_match")


def at(anchor: int, offset: int = 0) -> Wish:
    return Wish(anchor, anchor + offset)


def test_a_record_with_a_date_to_come_is_armed() -> None:
    assert follow(None, at(2_000, -100), SKIP, NOW) == Timer("pending", 1_900, 2_000, 1)


def test_a_record_that_asks_for_nothing_gets_no_timer() -> None:
    assert follow(None, NO_MATCH, SKIP, NOW) is None


def test_a_date_that_moves_moves_the_start_and_counts_a_generation() -> None:
    timer = follow(None, at(2_000), SKIP, NOW)
    later = follow(timer, at(3_000), SKIP, NOW)
    assert later == Timer("pending", 3_000, 3_000, 2)
    assert follow(later, at(1_500), SKIP, NOW) == Timer("pending", 1_500, 1_500, 3)


def test_an_edit_of_another_field_leaves_the_timer_as_it_is() -> None:
    for timer in (follow(None, at(2_000), SKIP, NOW), follow(None, at(500), SKIP, NOW), Timer("fired", None, 2_000)):
        assert follow(timer, at(timer.anchor), SKIP, NOW) is timer


def test_a_pending_start_is_cancelled_with_the_reason_that_the_record_gives() -> None:
    timer = follow(None, at(2_000), SKIP, NOW)
    for reason in ("no_date", "no_match", "deleted"):
        assert follow(timer, Wish(reason=reason), SKIP, NOW) == Timer("cancelled", None, 2_000, 1, reason)


def test_a_date_that_is_taken_away_and_comes_back_arms_again() -> None:
    timer = follow(None, at(2_000), SKIP, NOW)
    gone = follow(timer, Wish(reason="no_date"), SKIP, NOW)
    assert follow(gone, at(2_000), SKIP, NOW) == Timer("pending", 2_000, 2_000, 2)


def test_a_time_that_is_past_at_first_sight_is_skipped_or_started_as_the_trigger_says() -> None:
    assert follow(None, at(500), SKIP, NOW) == Timer("cancelled", None, 500, 1, "past")
    assert follow(None, at(500), RUN, NOW) == Timer("pending", NOW, 500, 1)


def test_a_skipped_date_stays_skipped_until_another_date_comes() -> None:
    skipped = follow(None, at(500), SKIP, NOW)
    assert follow(skipped, at(500), SKIP, NOW + 1) is skipped
    assert follow(skipped, at(2_000), SKIP, NOW) == Timer("pending", 2_000, 2_000, 2)


def test_a_started_timer_is_armed_again_only_by_a_date_that_moved_into_the_future() -> None:
    fired = Timer("fired", None, 900, 1)
    assert follow(fired, at(2_000), SKIP, NOW) == Timer("pending", 2_000, 2_000, 2)
    assert follow(fired, at(800), RUN, NOW) is fired
    assert follow(fired, NO_MATCH, SKIP, NOW) is fired
    assert follow(fired, at(2_000), Policy(rearm="never"), NOW) is fired


def test_a_start_that_waits_only_for_a_worker_is_not_lost_when_its_date_moves_back() -> None:
    overdue = Timer("pending", 900, 900, 1)
    assert follow(overdue, at(800), SKIP, NOW) == Timer("pending", NOW, 800, 2)


def test_a_due_timer_fires_once() -> None:
    fired = fire(Timer("pending", 900, 900, 3), at(900), SKIP, NOW, 0)
    assert fired == Timer("fired", None, 900, 3)


def test_a_due_timer_whose_record_does_not_match_any_more_is_stale() -> None:
    assert fire(Timer("pending", 900, 900), NO_MATCH, SKIP, NOW, 0).reason == "stale"


def test_a_due_timer_whose_date_is_found_in_the_future_waits_for_it() -> None:
    assert fire(Timer("pending", 900, 900), at(5_000), SKIP, NOW, 0) == Timer("pending", 5_000, 5_000, 2)


def test_what_fell_due_while_nothing_was_running_starts_late_or_not_at_all() -> None:
    timer = Timer("pending", 900, 900)
    assert fire(timer, at(900), Policy(late="run"), NOW, 950).state == "fired"
    assert fire(timer, at(900), Policy(late="skip"), NOW, 950).reason == "late"
    assert fire(timer, at(900), Policy(late="skip"), NOW, 900).state == "fired"


def test_a_late_start_that_was_skipped_is_not_made_up_for_by_a_later_edit() -> None:
    late = fire(Timer("pending", 900, 900), at(900), Policy(late="skip"), NOW, 950)
    assert follow(late, at(900), Policy(if_past="run", late="skip"), NOW) is late


POLICIES = st.builds(
    Policy, *(st.sampled_from(v) for v in (("run", "skip"), ("run", "skip"), ("anchor_moved", "never")))
)
WISHES = st.one_of(
    st.builds(Wish, reason=st.sampled_from(("no_date", "no_match", "deleted"))),
    st.builds(lambda anchor: at(anchor, -3), st.integers(0, 40)),
)
STEPS = st.lists(st.tuples(st.sampled_from(("save", "wait", "work", "off")), WISHES, st.integers(0, 10)), max_size=30)


@given(POLICIES, STEPS)
def test_laws_over_any_history_of_a_record(policy: Policy, steps: list[tuple[str, Wish, int]]) -> None:
    timer: Timer | None = None
    wish, now, started = Wish(reason="no_date"), 10, []
    for kind, new_wish, size in steps:
        before = timer
        if kind == "save":
            wish = new_wish
            timer = follow(timer, wish, policy, now)
            assert follow(timer, wish, policy, now) is timer, "a second save of the same changes nothing"
        elif kind == "wait":
            now += size
        elif kind == "off" and timer is not None:
            timer = cancelled(timer, "off") if timer.state == "pending" else timer
        elif timer is not None and timer.due is not None and timer.due <= now:
            timer = fire(timer, wish, policy, now, 0)
            if timer.state == "fired":
                started.append((wish.anchor, now))
                assert wish.due is not None
                assert wish.due <= now, "never early"
        if timer is not None:
            assert (timer.state == "pending") == (timer.due is not None)
            assert before is None or timer.generation >= before.generation
            if timer.state == "pending" and kind == "save":
                assert timer.anchor == wish.anchor
                assert timer.due is not None
                assert timer.due == wish.due or timer.due <= now, "due when the record says, or at once"
    if policy.rearm == "never":
        assert len(started) <= 1
    anchors = [anchor for anchor, _ in started]
    assert all(one != other for one, other in pairwise(anchors)), "one start for one date"
