"""Merging records: one id stays (the oldest unless another is chosen), each field keeps its surviving value, and
everything that hung on the others hangs on it from then on. The others leave a redirect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.crm.catalogue import Catalogue
from towpath.crm.duplicates.survivors import KEPT, choose, survivor_of
from towpath.crm.duplicates.tables import PAIR, REDIRECT
from towpath.crm.session import Session
from towpath.errors import ConflictError, InputError, NotFoundError, TowpathError, Where
from towpath.model.change import Cause
from towpath.model.condition import Comparison, Field
from towpath.model.duplicates import DuplicateRule
from towpath.ports.records import Record
from towpath.ports.store import Transaction

MOST = 100  # records merged into one at a time
FOLLOWING = (("Task", "relatedObject", "relatedId"), ("Activity", "relatedObject", "relatedId"),
             ("Approval", "relatedObject", "relatedId"))  # fmt: skip


class Merging:
    """One merge in one transaction. ``gone`` are ids that now lead to the winner, ``moved`` counts children by kind."""

    def __init__(self, tx: Transaction, records: Session, catalogue: Catalogue, cause: Cause, now: int) -> None:
        self.tx, self.records, self.catalogue, self.cause, self.now = tx, records, catalogue, cause, now
        self.moved: dict[str, int] = {}
        self.gone: list[str] = []

    def merge(
        self, object_name: str, ids: Sequence[str], rule: DuplicateRule | None, given: Mapping[str, Any],
        keep: str | None = None,
    ) -> Record:  # fmt: skip
        """Make one record of these; ``given`` are values that somebody chose, ``keep`` is the id that stays (default:
        the oldest). The record that stays."""
        wanted = list(dict.fromkeys(ids))
        if keep is not None and keep not in wanted:
            message = f"{keep!r}, which is to stay, is not among the records to merge"
            raise InputError(message, code="merge.keep", where=Where(object=object_name, record=keep))
        if not 2 <= len(wanted) <= MOST:
            raise InputError(f"a merge takes 2 to {MOST} records", code="merge.count", params={"count": len(wanted)})
        found = self.records.get(object_name, wanted)
        for key in wanted:
            if key not in found:
                raise NotFoundError(f"there is no {object_name} {key!r}", code="record.not_found")
        once = {record["id"]: record for record in found.values()}  # of ids that were merged, the records they are now
        if len(once) < 2:
            raise ConflictError(
                "they are one record already", code="merge.already", where=Where(object=object_name, record=wanted[0])
            )
        ordered = sorted(once.values(), key=lambda record: (record["createdAt"], record["id"]))
        winner = ordered[0] if keep is None else found[keep]
        losers = [record for record in ordered if record["id"] != winner["id"]]
        chosen = self._values(object_name, ordered, rule, given)
        values = {name: value for name, value in chosen.items() if value != winner[name]}
        return self._join(object_name, winner, losers, values)

    def _values(
        self, object_name: str, ordered: Sequence[Record], rule: DuplicateRule | None, given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The surviving values. A field about which a decision is pending keeps the value that is decided about."""
        held = self.records.guards.locks.of(object_name, [record["id"] for record in ordered])
        locked: dict[str, Any] = {}
        for record in ordered:
            for field, owner, _ in held.get(record["id"], ()):
                if field in locked and locked[field] != record[field]:
                    raise _two_decisions(object_name, field, owner)
                locked[field] = record[field]
        free = [name for name in self.catalogue.plan(object_name).checks if name not in KEPT]
        chosen = {n: choose(survivor_of(rule, n), [record[n] for record in ordered]) for n in free}
        return {**chosen, **given, **locked}

    def _join(self, object_name: str, winner: Record, losers: Sequence[Record], values: dict[str, Any]) -> Record:
        key = winner["id"]
        gone = self.gone = [loser["id"] for loser in losers]
        with self.records.opened(key, *gone):
            _good(self.records.delete(object_name, gone, self.cause))  # first: they give up their unique values
            if values:
                winner = _good(self.records.update(object_name, [key], [values], self.cause))[0]
        self._touch(object_name, key)
        self.move_children(object_name, key, gone)
        for each in gone:
            self.records.guards.locks.move(object_name, each, key)
        self._redirect(object_name, key, gone)
        return winner

    def _touch(self, object_name: str, key: str) -> None:
        """Write the winner whatever survives: two merges that meet in it must not go past each other."""
        self.records.flush()
        self.tx.update(self.catalogue.plan(object_name).table, ("updatedAt",), [(self.records.now, key)])

    def move_children(self, object_name: str, key: str, gone: Sequence[str]) -> None:
        """Whatever points at the records that are gone points at the winner."""
        self._move_references(object_name, key, gone)
        self._move_following(object_name, key, gone)

    def _move_references(self, object_name: str, key: str, gone: Sequence[str]) -> None:
        """Children of every object that point at the losers point at the winner."""
        for name in self.catalogue.names:
            plan = self.catalogue.plan(name)
            for field in [field for field, target in plan.references.items() if target == object_name]:
                self._point(name, field, key, gone)

    def _point(self, name: str, field: str, key: str, gone: Sequence[str]) -> None:
        children = [child for found in self.records.find_by(name, field, list(gone)).values() for child in found]
        ids = [child["id"] for child in children if child["id"] not in gone]
        own = [key] if key in ids else []  # a parent that was merged with its child is nobody's parent
        rows: list[dict[str, Any]] = [{field: None if each in own else key} for each in ids]
        if ids:
            with self.records.opened(*ids):
                _good(self.records.update(name, ids, rows, self.cause))
            self.moved[name] = self.moved.get(name, 0) + len(ids)

    def _move_following(self, object_name: str, key: str, gone: Sequence[str]) -> None:
        """Tasks, activities and approvals, which name the object beside the id."""
        for name, kind, field in FOLLOWING:
            found = [row for rows in self.records.find_by(name, field, list(gone)).values() for row in rows]
            ids = [row["id"] for row in found if row[kind] == object_name]
            if ids:
                with self.records.opened(*ids):
                    _good(self.records.update(name, ids, [{field: key}] * len(ids), self.cause))
                self.moved[name] = self.moved.get(name, 0) + len(ids)

    def _redirect(self, object_name: str, key: str, gone: Sequence[str]) -> None:
        """Whoever asks for a loser finds the winner; redirects to a loser lead on to it, too."""
        earlier = self.tx.select(REDIRECT, ("record",), Comparison(Field("target"), "in", tuple(gone)))
        if earlier:
            self.tx.update(REDIRECT, ("target",), [(key, record) for (record,) in earlier])
        rows = [(each, object_name, key, self.now, self.cause.actor) for each in gone]
        self.tx.insert(REDIRECT, REDIRECT.names, rows)
        for column in ("record", "other"):
            pairs = self.tx.select(PAIR, PAIR.key, Comparison(Field(column), "in", tuple(gone)))
            if pairs:
                self.tx.delete(PAIR, pairs)


def _good(outcomes: Sequence[Any]) -> list[Record]:
    for outcome in outcomes:
        if isinstance(outcome, TowpathError):
            raise outcome
    return list(outcomes)


def _two_decisions(object_name: str, field: str, owner: str) -> ConflictError:
    return ConflictError(
        f"decisions are pending about two different values of {object_name}.{field}",
        code="merge.locked",
        hint="Wait for the decisions, or recall one of them.",
        where=Where(object=object_name, field=field),
        params={"object": object_name, "field": field, "owner": owner.partition(":")[0]},
    )
