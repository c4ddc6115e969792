"""Group commit: whoever comes while nobody writes leads, and takes along the units that have queued up."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

from towpath.errors import StorageError

Result = TypeVar("Result")
Work = Callable[[Any], Result]  # of the adapter's own transaction


class Unit(Generic[Result]):
    """A unit of work, then its result or its error."""

    __slots__ = ("done", "error", "result", "turn", "waits", "work")

    def __init__(self, work: Work[Result]) -> None:
        self.work = work
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.done = False
        self.waits = False
        self.turn = Lock()  # held while the unit waits, until it is done or has to lead

    def outcome(self) -> Result:
        """The result, or raises the error."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value] # a unit that is done has one of the two


class CommitQueue:
    """Lets one thread write at a time, and commits all that waits together.

    There is no writer thread: a lone write pays for no hand-over, and under load the threads that wait for the
    disk are the ones whose units share it.
    """

    def __init__(self, commit: Callable[[list[Unit[Any]]], None]) -> None:
        self._commit = commit
        self._mutex = Lock()
        self._busy = False
        self._waiting: list[Unit[Any]] = []

    def run(self, work: Work[Result]) -> Result:
        """The result of the unit, when it is committed."""
        unit = Unit(work)
        group: list[Unit[Any]] = [unit]
        if self._must_wait(unit):
            group = self._wait(unit)
        if not unit.done:
            self._lead(group)
        return unit.outcome()

    def _must_wait(self, unit: Unit[Any]) -> bool:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return False
            unit.waits = unit.turn.acquire()
            self._waiting.append(unit)
            return True

    def _wait(self, unit: Unit[Any]) -> list[Unit[Any]]:
        """Until the unit is done, or is the first of those to do next: then all who have queued up by now."""
        unit.turn.acquire()
        if unit.done:
            return []
        with self._mutex:
            group, self._waiting = self._waiting, []
        return group

    def _lead(self, group: list[Unit[Any]]) -> None:
        try:
            self._commit(group)
        except BaseException:  # such as Ctrl-C: nothing was committed, and nobody may be left waiting
            for unit in group:
                unit.error = StorageError("The writing thread was interrupted.", code="storage.interrupted")
            raise
        finally:
            self._release(group)

    def _release(self, group: list[Unit[Any]]) -> None:
        with self._mutex:
            following = self._waiting[0] if self._waiting else None
            self._busy = following is not None
        for unit in group:
            unit.done = True
            if unit.waits:
                unit.turn.release()
        if following is not None:
            following.turn.release()
