"""Finds the records that a draft stands for: candidates by key, set-wise, then the score of each pair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from towpath.crm.duplicates.normal import alike, blocking_key, normal
from towpath.crm.duplicates.tables import BLOCK, EXACT
from towpath.model.condition import All, Comparison, Field
from towpath.model.duplicates import DuplicateRule
from towpath.ports.store import Reader

MOST_CANDIDATES = 50  # of one key: a value that more records share tells nothing about any of them
Forms = dict[str, str]  # the normal forms of a record's compared fields that are not empty


class Match(NamedTuple):
    """A record that is a duplicate, by which rule, and how surely."""

    record: str
    rule: DuplicateRule
    score: float
    exact: bool = False


class Keys(NamedTuple):
    """What a record is found by under one rule."""

    forms: Forms
    exact: frozenset[str]
    block: frozenset[str]


def keys_of(rule: DuplicateRule, record: Mapping[str, Any]) -> Keys:
    """The normal forms and keys of a record."""
    forms = {m.field: form for m in rule.match if (form := normal(rule, m, record.get(m.field))) is not None}
    exact = frozenset(f"{name}:{forms[name]}" for name in rule.exact if name in forms)
    block = frozenset(blocking_key(m, forms[m.field]) for m in rule.blocking if m.field in forms)
    return Keys(forms, exact, block - exact)  # an exact key finds its one holder without a second row


def score(rule: DuplicateRule, one: Forms, other: Forms) -> float:
    """The weights of the fields that match."""
    return sum(m.weight for m in rule.match if alike(m, one.get(m.field), other.get(m.field)))


class KeyIndex:
    """The keys of one rule: those in the store that were asked for, and those of this transaction."""

    def __init__(self, rule: DuplicateRule, reader: Reader) -> None:
        self.rule = rule
        self._reader = reader
        self._known: set[str] = set()
        self._holders: dict[str, list[str]] = {}

    def look_up(self, keys: Iterable[Keys]) -> set[str]:
        """Learn who holds the keys, two statements for all; the ids of the records that do."""
        rows = list(keys)
        exact = set().union(*(row.exact for row in rows)) - self._known
        block = set().union(*(row.block for row in rows)) - self._known
        for table, wanted in ((EXACT, exact), (BLOCK, exact | block)):
            for value, record in self._stored(table, wanted):
                self.add(value, record)
        self._known |= exact | block
        return {record for value in exact | block for record in self._holders.get(value, ())}

    def _stored(self, table: Any, wanted: set[str]) -> Sequence[tuple[Any, ...]]:
        if not wanted:
            return ()
        mine = Comparison(Field("rule"), "==", self.rule.name)
        where = All((mine, Comparison(Field("value"), "in", tuple(sorted(wanted)))))
        return self._reader.select(table, ("value", "record"), where)

    def candidates(self, keys: Keys) -> list[str]:
        """Who shares a key, oldest first; keys that too many share are passed over, exact ones never."""
        found: set[str] = set()
        for value in keys.exact | keys.block:
            holders = self._holders.get(value, ())
            if value in keys.exact or len(holders) <= MOST_CANDIDATES:
                found.update(holders)
        return sorted(found)

    def shares_exact(self, keys: Keys, record: str) -> bool:
        """Whether the record holds one of these exact keys."""
        return any(record in self._holders.get(value, ()) for value in keys.exact)

    def holds(self, value: str) -> bool:
        """Whether anybody holds the key."""
        return bool(self._holders.get(value))

    def add(self, value: str, record: str) -> None:
        """The record holds the key from now on."""
        holders = self._holders.setdefault(value, [])
        if record not in holders:
            holders.append(record)

    def drop(self, value: str, record: str) -> None:
        """The record no longer holds it."""
        if record in self._holders.get(value, ()):
            self._holders[value].remove(record)
