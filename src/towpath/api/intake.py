"""Group commit for events from outside: what arrives while the disk is busy shares the next transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from towpath.errors import LimitError, TowpathError

Call = TypeVar("Call")
Outcome = TypeVar("Outcome")
LARGEST = 1000  # calls of one transaction


class Intake(Generic[Call, Outcome]):
    """Hands calls to ``write`` in batches, one at a time, from one thread; ``submit`` returns when they are on disk.

    A batch that breaks as a whole is tried call by call, so that only the faulty one suffers.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Call]], Sequence[Outcome | TowpathError]],
        *,
        backlog: int,
        written: Callable[[], None],
    ) -> None:
        self._write = write
        self._backlog = backlog
        self._written = written
        self._waiting: list[tuple[Call, asyncio.Future[Outcome]]] = []
        self._task: asyncio.Task[None] | None = None

    async def submit(self, call: Call) -> Outcome:
        """What became of the call; LimitError when more are waiting than can be kept up with."""
        if len(self._waiting) >= self._backlog:
            error = LimitError("too many events at once", code="intake.full", hint="Send it again in a moment.")
            error.status = 503
            raise error
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, future))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                outcomes = await run_in_threadpool(self._commit, [call for call, _ in batch])
                for (_, future), outcome in zip(batch, outcomes, strict=True):
                    _settle(future, outcome)
                self._written()
        finally:
            self._task = None

    def _commit(self, calls: Sequence[Call]) -> Sequence[Outcome | Exception]:
        try:
            return self._write(calls)
        except TowpathError as error:
            if error.code.startswith("storage.") and error.code != "storage.row":
                return [error] * len(calls)
            return self._apart(calls, error)
        except Exception as error:  # noqa: BLE001 - it belongs to the call that caused it
            return self._apart(calls, error)

    def _apart(self, calls: Sequence[Call], error: Exception) -> Sequence[Outcome | Exception]:
        if len(calls) == 1:
            return [error]
        return [outcome for call in calls for outcome in self._commit([call])]


def _settle(future: asyncio.Future[Outcome], outcome: Outcome | Exception) -> None:
    if future.done():  # the caller has gone away; what it sent is on disk all the same
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
