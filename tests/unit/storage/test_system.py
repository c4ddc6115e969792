"""Clocks never go back, ids ascend and are UUIDv7, seeded chance repeats itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from towpath.ports.time import SECOND
from towpath.storage.system import SeededChance, SequenceIds, SystemChance, SystemClock, Uuid7Ids, VirtualClock

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid_of(text: str) -> UUID:
    value = 0
    for character in text:
        value = value * 32 + ALPHABET.index(character)
    return UUID(int=value)


def test_ids_are_uuid7_of_the_time_they_were_made() -> None:
    ids = Uuid7Ids(nanoseconds=lambda: 1_800_000_000_123_456_789)
    for made in (ids.new(), *ids.many(3_000), ids.new()):
        uuid = uuid_of(made)
        assert (len(made), uuid.version, uuid.variant) == (26, 7, "specified in RFC 4122")
        assert uuid.int >> 80 == 1_800_000_000_123


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(-3, 3)), max_size=8))
def test_ids_ascend_whatever_the_clock_does(steps: list[tuple[int, int]]) -> None:
    moment = 1_800_000_000_000_000_000
    ids = Uuid7Ids(nanoseconds=lambda: moment)
    made: list[str] = []
    for count, milliseconds in steps:
        moment += milliseconds * 1_000_000
        made += [*ids.many(count), ids.new()]
    assert all(before < after for before, after in pairwise(made))


def test_many_makes_as_many_as_asked() -> None:
    ids = Uuid7Ids()
    assert [len(ids.many(count)) for count in (0, 1, 1_023, 1_024, 1_025, 10_000)] == [
        0,
        1,
        1_023,
        1_024,
        1_025,
        10_000,
    ]


def test_threads_never_make_the_same_id() -> None:
    ids = Uuid7Ids()
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda number: [*ids.many(500), ids.new()], range(40)))
    assert len({made for batch in batches for made in batch}) == 40 * 501


def test_two_processes_hardly_make_the_same_id() -> None:
    one, other = (Uuid7Ids(nanoseconds=lambda: 1) for _ in range(2))
    assert not set(one.many(5_000)) & set(other.many(5_000))


def test_sequence_ids_are_the_same_every_time_and_other_for_another_seed() -> None:
    assert [*SequenceIds().many(2_000)] == [SequenceIds().many(1)[0], *SequenceIds().many(2_000)[1:]]
    assert not set(SequenceIds(1).many(2_000)) & set(SequenceIds(2).many(2_000))
    assert uuid_of(SequenceIds(3).new()).version == 7


def test_the_system_clock_stands_still_while_the_computers_clock_is_set_back(monkeypatch) -> None:
    times = iter([5_000_000, 9_000_999, 2_000_000, 9_001_000])
    monkeypatch.setattr("towpath.storage.system.time.time_ns", lambda: next(times))
    clock = SystemClock()
    assert [clock.now() for _ in range(4)] == [5_000, 9_000, 9_000, 9_001]


def test_a_virtual_clock_moves_only_forward_and_when_told() -> None:
    clock = VirtualClock(10 * SECOND)
    assert clock.now() == clock.now() == 10 * SECOND
    clock.advance(1.5)
    clock.set(5 * SECOND)
    clock.advance(-3)
    assert clock.now() == 11_500_000
    clock.set(12 * SECOND)
    assert clock.now() == 12 * SECOND


def test_chance_is_between_zero_and_one_and_repeats_itself_when_seeded() -> None:
    assert all(0 <= SystemChance().random() < 1 for _ in range(100))
    one, same, other = SeededChance(1), SeededChance(1), SeededChance(2)
    numbers = [one.random() for _ in range(10)]
    assert numbers == [same.random() for _ in range(10)]
    assert numbers != [other.random() for _ in range(10)]
