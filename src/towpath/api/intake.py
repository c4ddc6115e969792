"""Group commit for events from outside: what arrives while the disk is busy shares the next transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from towpath.errors import LimitError, TowpathError
from towpath.ports.tracing import NO_TRACING, Tracing

Call = TypeVar("Call")
Outcome = TypeVar("Outcome")
LARGEST = 1000  # calls of one transaction
LONGEST_WAIT = 0.004  # seconds that a transaction waits for the calls that are likely to follow; none for a lone call


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
        tracing: Tracing = NO_TRACING,
    ) -> None:
        self._write = write
        self._backlog = backlog
        self._written = written
        self._tracing = tracing
        self._waiting: list[tuple[Call, asyncio.Future[Outcome], object]] = []
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "towpath-intake")
        self._together = 0  # calls of the last transaction
        self._took = 0.0  # seconds that it took
        self._enough: asyncio.Future[None] | None = None  # done when the next transaction has its calls

    @property
    def waiting(self) -> int:
        """How many calls wait for a transaction."""
        return len(self._waiting)

    async def submit(self, call: Call) -> Outcome:
        """What became of the call; LimitError when more are waiting than can be kept up with."""
        if len(self._waiting) >= self._backlog:
            error = LimitError("too many events at once", code="intake.full", hint="Send it again in a moment.")
            error.status = 503
            raise error
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, future, self._tracing.current()))
        if self._enough is not None and len(self._waiting) >= self._likely:
            _settle(self._enough, None)
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._drain_once(asyncio.get_running_loop())
        finally:
            self._task = None

    async def _drain_once(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
        begin = loop.time()
        requests = [span for *_, span in batch]
        with self._tracing.span("take in events", {"towpath.events": len(batch)}, of=requests):
            outcomes = await loop.run_in_executor(self._thread, self._commit, [call for call, *_ in batch])
        self._together, self._took = len(batch), loop.time() - begin
        for (_, future, _), outcome in zip(batch, outcomes, strict=True):
            _settle(future, outcome)
        self._written()
        await self._let_follow(loop)

    @property
    def _likely(self) -> int:
        """How many calls follow at once, as a rule: most senders that got an answer have the next call ready."""
        return self._together * 3 // 4

    async def _let_follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the senders that were just answered time for their next calls, so that all of these share a transaction.

        Otherwise the first to come has the disk to itself and the others wait for it: transactions of one call and of
        all others take turns. It never takes longer than what it saves.
        """
        if self._likely < 1:
            return
        self._enough = loop.create_future()
        timer = loop.call_later(min(LONGEST_WAIT, self._took / 2), _settle, self._enough, None)
        if len(self._waiting) < self._likely:
            await self._enough
        timer.cancel()
        self._enough = None

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


def _settle(future: asyncio.Future[Any], outcome: object) -> None:
    if future.done():  # the caller has gone away; what it sent is on disk all the same
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
