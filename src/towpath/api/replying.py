"""Lets callers wait for what their runs say: one look at the store serves all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from starlette.concurrency import run_in_threadpool

from towpath.engine.events import Reply

FIRST_LOOK, LONGEST_PAUSE = 0.002, 0.05  # seconds


class Replies:
    """``wait`` gives a run's reply, or None when it has said nothing in time."""

    def __init__(self, fetch: Callable[[Sequence[str]], Mapping[str, Reply]]) -> None:
        self._fetch = fetch
        self._waiting: dict[str, list[asyncio.Future[Reply]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def wait(self, run: str, seconds: float) -> Reply | None:
        """The reply as soon as it is on disk."""
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(run, []).append(future)
        if self._task is None:
            self._task = asyncio.create_task(self._look())
        try:
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return None
        finally:
            left = [each for each in self._waiting.get(run, ()) if each is not future]
            if left:
                self._waiting[run] = left
            else:
                self._waiting.pop(run, None)

    async def _look(self) -> None:
        """Look more and more seldom while nothing comes."""
        pause = FIRST_LOOK
        try:
            while self._waiting:
                await asyncio.sleep(pause)
                found = await run_in_threadpool(self._fetch, list(self._waiting))
                pause = FIRST_LOOK if found else min(pause * 1.5, LONGEST_PAUSE)
                for run, reply in found.items():
                    for future in self._waiting.get(run, ()):
                        if not future.done():
                            future.set_result(reply)
        finally:
            self._task = None
