"""Where records stand: they come under a blueprint, move within it, and leave it, and every move is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from towpath.crm.blueprints.compiled import ReadyBlueprint
from towpath.crm.blueprints.tables import MOVE, STANDING
from towpath.crm.saving import SaveBatch, SaveRule
from towpath.errors import ConflictError, Where
from towpath.model.business_time import BusinessTime
from towpath.model.change import Change
from towpath.model.reaction import dated
from towpath.model.span import after
from towpath.ports.records import Records
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND, Ids

ALARM_KIND = "state"


class Standing(NamedTuple):
    """A record in a state of a blueprint since a time (microseconds); ``done`` alarms of the state have rung."""

    record: str
    object: str
    blueprint: str
    state: str
    since: int
    done: int


class Moved(NamedTuple):
    """How a record is being moved by its keeper."""

    transition: str | None
    via: str
    note: str | None = None


class Standings:
    """The standings of one transaction. ``moving`` says of records that are moved on purpose how."""

    def __init__(self, tx: Transaction, ready: Mapping[str, Sequence[ReadyBlueprint]], now: int, ids: Ids) -> None:
        self.tx, self.ready, self.now, self.ids = tx, ready, now, ids
        self.moving: dict[str, Moved] = {}
        self._moves: list[tuple[Any, ...]] = []
        self._coming: list[Standing] = []
        self._moved: list[tuple[Any, ...]] = []
        self._leaving: list[str] = []

    def of(self, records: Iterable[str]) -> dict[str, Standing]:
        """Where these records stand."""
        wanted = sorted(set(records))
        return {row[0]: Standing(*row) for row in self.tx.get(STANDING, wanted)} if wanted else {}

    def blueprint(self, standing: Standing) -> ReadyBlueprint | None:
        """The blueprint that a record stands in; None when it is gone or off."""
        known = self.ready.get(standing.object, ())
        return next((each for each in known if each.blueprint.name == standing.blueprint), None)

    def follow(self, changes: Sequence[Change], records: Records) -> None:
        """Note what the changes of a transaction mean: who comes, moves and leaves."""
        mine = [change for change in changes if change.object in self.ready]
        known = self.of(change.id for change in mine)
        for change in mine:
            self._follow(change, known.get(change.id), records)
        self._write()

    def _follow(self, change: Change, standing: Standing | None, records: Records) -> None:
        new = None if change.kind == "deleted" else change.new
        if standing is None:
            if new is not None:
                self._enter(change, new, records)
            return
        held = self.blueprint(standing)
        if new is None or held is None or (held.blueprint.leave and not held.enters(new, None)):
            self._leave(standing, change.cause.actor, records)
            return
        target = new[held.field]
        if target != standing.state:
            self._move(held, standing, change, target, records)

    def _enter(self, change: Change, new: Mapping[str, Any], records: Records) -> None:
        held = next((each for each in self.ready[change.object] if each.holds(new)), None)
        if held is None:
            return
        standing = Standing(change.id, change.object, held.blueprint.name, new[held.field], self.now, 0)
        self._coming.append(standing)
        self._note(held, standing, None, Moved(None, "enter"), change.cause.actor, None, deviation=False)
        self.set_alarm(held, standing, records)

    def _move(
        self, held: ReadyBlueprint, standing: Standing, change: Change, target: str | None, records: Records
    ) -> None:
        by_run = change.cause.run is not None
        moved = self.moving.get(change.id) or Moved(None, "workflow" if by_run else "bypass")
        allowed = held.allows(standing.state, target)
        deviation = moved.via == "bypass" or not allowed
        spent = records.business_time().between(standing.since, self.now) / SECOND
        if held.state(target) is None:
            self._leave(standing, change.cause.actor, records)
            return
        current = standing._replace(state=str(target), since=self.now, done=0)
        self._moved.append((current.state, self.now, 0, current.record))
        self._note(held, current, standing.state, moved, change.cause.actor, spent, deviation=deviation)
        self.set_alarm(held, current, records)

    def _leave(self, standing: Standing, actor: str, records: Records) -> None:
        self._leaving.append(standing.record)
        records.set_alarm(ALARM_KIND, standing.record, None)
        row = (standing.blueprint, standing.record, standing.state, None, None, "leave", False, actor, self.now)
        self._moves.append((self.ids.new(), *row, None, None))

    def rang(self, standing: Standing, done: int) -> Standing:
        """So many alarms of the state have rung."""
        self.tx.update(STANDING, ("done",), [(done, standing.record)])
        return standing._replace(done=done)

    def set_alarm(self, held: ReadyBlueprint, standing: Standing, records: Records) -> None:
        """The next thing that happens by itself in the state."""
        times = schedule(held, standing, records.business_time)
        due = times[standing.done][0] if standing.done < len(times) else None
        if due is not None or standing.done or standing.since == self.now:
            records.set_alarm(ALARM_KIND, standing.record, due)

    def _note(
        self, held: ReadyBlueprint, standing: Standing, source: str | None, moved: Moved, actor: str,
        spent: float | None, *, deviation: bool,
    ) -> None:  # fmt: skip
        name = held.blueprint.name
        head = (self.ids.new(), name, standing.record, source, standing.state, moved.transition, moved.via)
        self._moves.append((*head, deviation, actor, self.now, spent, moved.note))

    def _write(self) -> None:
        """One statement of a kind for all changes of the transaction."""
        if self._coming:
            self.tx.insert(STANDING, STANDING.names, self._coming)
        if self._moved:
            self.tx.update(STANDING, ("state", "since", "done"), self._moved)
        if self._leaving:
            self.tx.delete(STANDING, self._leaving)
        if self._moves:
            self.tx.insert(MOVE, MOVE.names, self._moves)
        self._coming, self._moved, self._leaving, self._moves = [], [], [], []


class Ringing(NamedTuple):
    """What happens by itself: ``warn``, ``breach``, ``automatic`` (a transition) or ``react``."""

    kind: str
    what: Any = None


def schedule(
    held: ReadyBlueprint, standing: Standing, calendar: Callable[[], BusinessTime]
) -> list[tuple[int, Ringing]]:
    """Everything that happens by itself while a record stays in its state, in order of time."""
    state, since = held.state(standing.state), standing.since
    found: list[tuple[int, Ringing]] = []
    if state is not None and state.limit is not None:
        due = after(since, state.limit, calendar)
        time = calendar()
        in_business = not isinstance(state.limit, float)
        share = round(time.between(since, due) * state.warn) if in_business else round((due - since) * state.warn)
        found.append((time.add(since, share) if in_business else since + share, Ringing("warn")))
        found.append((due, Ringing("breach", state.breach)))
    if state is not None:
        found += [(due, Ringing("react", reaction)) for due, reaction in dated(since, state.reactions, calendar)]
    for transition in held.leaving(standing.state):
        if transition.automatic is not None:
            found.append((after(since, transition.automatic, calendar), Ringing("automatic", transition.name)))
    return sorted(found, key=lambda pair: pair[0])


def state_rule(standings: Standings, permitted: Callable[[str], bool]) -> SaveRule:
    """Refuses direct writes to a field that a blueprint guards; transitions and workflows may write it."""

    def rule(batch: SaveBatch) -> None:
        ready = standings.ready[batch.object]
        fields = {each.field for each in ready}
        writing = {
            old["id"]: i
            for i, old in enumerate(batch.old)
            if old is not None and batch.causes[i].run is None and not permitted(old["id"])
            if not fields.isdisjoint(batch.values[i])
        }
        for record, standing in standings.of(writing).items():
            held, i = standings.blueprint(standing), writing[record]
            if held is not None and held.field in batch.values[i]:
                batch.reject(i, direct_write(held, standing))
        for i, old in enumerate(batch.old):
            if old is None and batch.causes[i].run is None:
                _check_initial(batch, i, ready)

    return rule


def _check_initial(batch: SaveBatch, index: int, ready: Sequence[ReadyBlueprint]) -> None:
    new = batch.new(index)
    held = next((each for each in ready if each.holds(new)), None)
    if held is not None and held.blueprint.initial and new[held.field] not in held.blueprint.initial:
        batch.reject(index, _initial(held, new[held.field]))


def direct_write(held: ReadyBlueprint, standing: Standing) -> ConflictError:
    """The error for a write that goes round the blueprint."""
    ways = ", ".join(repr(transition.name) for transition in held.leaving(standing.state)) or "none"
    return ConflictError(
        f"{standing.object}.{held.field} is changed by transitions of the blueprint {standing.blueprint!r} only",
        code="blueprint.direct_write",
        hint=f"Transitions from {standing.state!r}: {ways}.",
        where=Where(object=standing.object, record=standing.record, field=held.field),
        params={"object": standing.object, "field": held.field, "blueprint": standing.blueprint},
    )


def _initial(held: ReadyBlueprint, value: str) -> ConflictError:
    return ConflictError(
        f"a record may not begin in {value!r}",
        code="blueprint.initial",
        hint=f"It begins in {', '.join(held.blueprint.initial)}.",
        where=Where(object=held.blueprint.object, field=held.field),
        params={"blueprint": held.blueprint.name},
    )
