"""The chain of the audit log: any alteration is told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from towpath.identity.chain import BEGIN, Entry, entry_hash, first_broken


def chain(count: int) -> list[Entry]:
    entries, previous = [], BEGIN
    for number in range(1, count + 1):
        content = (number, number * 1000, "ann", "record:update", f"/api/records/Lead/{number}", {"n": number})
        hashed = entry_hash(previous, *content)
        entries.append(Entry(*content, previous, hashed))
        previous = hashed
    return entries


def test_an_untouched_chain_is_whole() -> None:
    assert first_broken([]) is None
    assert first_broken(chain(20)) is None


@given(st.integers(1, 12), st.sampled_from(["actor", "action", "target", "detail", "at", "hash", "previous"]))
def test_an_altered_entry_is_named(number: int, what: str) -> None:
    entries = chain(12)
    other = {"detail": {"n": -1}, "at": 7}.get(what, "somebody else")
    entries[number - 1] = replace(entries[number - 1], **{what: other})
    assert first_broken(entries) == number


@given(st.integers(1, 11))
def test_a_removed_entry_is_told_by_the_one_after_it(number: int) -> None:
    entries = chain(12)
    del entries[number - 1]
    assert first_broken(entries) == number + 1


def test_an_entry_rewritten_with_its_hash_is_told_by_the_next_one() -> None:
    entries = chain(5)
    forged = (2, 2000, "bob", "record:update", "/api/records/Lead/2", {"n": 2})
    entries[1] = Entry(*forged, entries[0].hash, entry_hash(entries[0].hash, *forged))
    assert first_broken(entries) == 3
