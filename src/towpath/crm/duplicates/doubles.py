"""The search for duplicates as the last phase before the write: what each draft is to become."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from towpath.crm.duplicates.matcher import KeyIndex, Keys, Match, keys_of, score
from towpath.crm.duplicates.survivors import fill_in
from towpath.crm.duplicates.tables import BLOCK, EXACT, PAIR
from towpath.errors import ConflictError, TowpathError, Where
from towpath.model.condition import Comparison, Field
from towpath.model.duplicates import DuplicateRule
from towpath.ports.records import Record
from towpath.ports.store import Transaction

Prepared = Mapping[str, Keys]  # by rule
Load = Callable[[Sequence[str]], Mapping[str, Record]]  # the living records of these ids


class Verdict(NamedTuple):
    """What becomes of a draft: refused, filled into another record, or saved (and tied to those it resembles)."""

    error: TowpathError | None = None
    into: str | None = None
    rule: DuplicateRule | None = None
    ties: tuple[Match, ...] = ()


SAVE = Verdict()


class Doubles:
    """The rules of one object in one transaction."""

    def __init__(
        self, tx: Transaction, rules: Sequence[DuplicateRule], load: Load, now: int, confirmed: set[str]
    ) -> None:
        self._tx, self._load, self._now, self._confirmed = tx, load, now, confirmed
        self.rules = rules
        self.fields = frozenset(match.field for rule in rules for match in rule.match)
        self._indexes = {rule.name: KeyIndex(rule, tx) for rule in rules}
        self._taken: dict[tuple[str, str], Keys] = {}  # (rule, record) -> the keys it is to have
        self._given: set[tuple[str, str]] = set()
        self._pairs: dict[tuple[str, str], tuple[Any, ...]] = {}

    def prepare(self, rows: Iterable[Mapping[str, Any]]) -> list[Prepared]:
        """The keys of each row under each rule, having learnt of everybody who shares one: two statements per rule."""
        prepared: list[Prepared] = [{rule.name: keys_of(rule, row) for rule in self.rules} for row in rows]
        found: set[str] = set()
        for rule in self.rules:
            found |= self._indexes[rule.name].look_up(keys[rule.name] for keys in prepared)
        if found:
            self._load(sorted(found))
        return prepared

    def judge(self, keys: Prepared, key: str | None, *, bulk: bool) -> Verdict:
        """What becomes of a draft that has been prepared; ``key`` is its id where it is a record already."""
        ties: list[Match] = []
        for rule in self.rules:
            matches = self._matches(rule, keys[rule.name], key)
            if not matches:
                continue
            if rule.action == "merge_into" and key is None:
                return Verdict(into=matches[0].record, rule=rule)
            if rule.action == "block" or any(match.exact for match in matches):
                return Verdict(duplicate(rule, matches))  # an exact key is unique whatever else the rule does
            if rule.action == "warn" and not bulk and confirmation(rule, matches) not in self._confirmed:
                return Verdict(warning(rule, matches))
            ties += matches
        return Verdict(ties=tuple(ties)) if ties else SAVE

    def _matches(self, rule: DuplicateRule, keys: Keys, key: str | None) -> list[Match]:
        index = self._indexes[rule.name]
        ids = [record for record in index.candidates(keys) if record != key]
        records = self._load(ids) if ids else {}
        found = []
        for record in ids:
            if record in records:
                points = score(rule, keys.forms, keys_of(rule, records[record]).forms)
                exact = index.shares_exact(keys, record)
                if exact or points >= rule.limit:
                    found.append(Match(record, rule, points, exact))
        return found

    def filled(self, rule: DuplicateRule, record: Record, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a draft changes in the record that it is filled into."""
        return fill_in(rule, record, row)

    def took(self, key: str, prepared: Prepared, ties: Sequence[Match] = ()) -> None:
        """The record is saved: it has these keys from now on, and its ties."""
        for rule in self.rules:
            self._take(rule, key, prepared[rule.name])
        for match in ties:
            pair = (key, match.record, match.rule.object, match.rule.name, match.score)
            self._pairs[pair[:2]] = (*pair, match.rule.action == "link", self._now)

    def _take(self, rule: DuplicateRule, key: str, keys: Keys) -> None:
        index = self._indexes[rule.name]
        for value in keys.exact | keys.block:
            index.add(value, key)
        self._taken[rule.name, key] = keys

    def gave_up(self, record: Mapping[str, Any]) -> None:
        """The record is deleted, or about to have other keys: its old ones are free."""
        for rule in self.rules:
            keys = keys_of(rule, record)
            for value in keys.exact | keys.block:
                self._indexes[rule.name].drop(value, record["id"])
            self._given.add((rule.name, record["id"]))
            self._taken.pop((rule.name, record["id"]), None)

    def flush(self) -> None:
        """Write the keys and pairs: two statements per table."""
        if self._given:
            gone = tuple(sorted({record for _, record in self._given}))
            names = {rule.name for rule in self.rules}
            for table in (EXACT, BLOCK):
                rows = self._tx.select(table, table.names, Comparison(Field("record"), "in", gone))
                mine = [row for row in rows if row[0] in names]
                if mine:
                    self._tx.delete(table, [row[:2] if table is EXACT else row for row in mine])
        exact = [(r, value, key) for (r, key), keys in self._taken.items() for value in sorted(keys.exact)]
        block = [(r, value, key) for (r, key), keys in self._taken.items() for value in sorted(keys.block)]
        if exact:
            self._tx.insert(EXACT, EXACT.names, exact)
        if block:
            self._tx.insert(BLOCK, BLOCK.names, block, ignore_conflicts=True)
        if self._pairs:
            self._tx.insert(PAIR, PAIR.names, list(self._pairs.values()), ignore_conflicts=True)
        self._given, self._taken, self._pairs = set(), {}, {}


def confirmation(rule: DuplicateRule, matches: Sequence[Match]) -> str:
    """The token by which somebody says: I have seen these, save it all the same."""
    seen = "\n".join([rule.name, *sorted(match.record for match in matches)])
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def duplicate(rule: DuplicateRule, matches: Sequence[Match]) -> ConflictError:
    """The record is there already."""
    return ConflictError(
        f"this {rule.object} is there already, by the rule {rule.name!r}",
        code="record.duplicate",
        hint=f"Change {matches[0].record} instead.",
        where=Where(object=rule.object, record=matches[0].record),
        params={"object": rule.object, "rule": rule.name, "records": [match.record for match in matches]},
    )


def warning(rule: DuplicateRule, matches: Sequence[Match]) -> ConflictError:
    """The record may be there already; the token confirms that it is saved all the same."""
    token = confirmation(rule, matches)
    return ConflictError(
        f"this {rule.object} may be there already, by the rule {rule.name!r}",
        code="record.maybe_duplicate",
        hint=f"Send it again with confirm={token} to save it all the same.",
        where=Where(object=rule.object, record=matches[0].record),
        params={
            "object": rule.object, "rule": rule.name, "confirm": token,
            "records": [match.record for match in matches],
        },
    )  # fmt: skip
