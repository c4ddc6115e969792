"""The dispatcher of one process: a thread per queue that waits until its queue is announced.

Several processes on one Postgres need no other: each announces to itself what it finds due.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Sequence

from towpath.ports.dispatch import Work

_LONGEST_PAUSE = 5.0  # seconds between two attempts while nothing but errors comes
log = logging.getLogger("towpath.dispatch")


class LocalDispatcher:
    """Nothing leaves the process."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._announced: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def announce(self, queues: Collection[str]) -> None:
        """Wake the threads of these queues; queues that nobody here serves are let go."""
        for queue in queues:
            if (event := self._announced.get(queue)) is not None:
                event.set()

    def serve(self, queues: Sequence[str], work: Work) -> None:
        """One thread for each queue, so that a slow one holds up no other."""
        for queue in queues:
            self._announced[queue] = threading.Event()
            thread = threading.Thread(target=self._loop, args=(queue, work), name=f"towpath-{queue}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float) -> None:
        """Wait for what is under way."""
        self._stopping.set()
        self.announce(self._announced)
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    @property
    def alive(self) -> bool:
        """Whether every thread runs."""
        return all(thread.is_alive() for thread in self._threads)

    def _loop(self, queue: str, work: Work) -> None:
        event, pause = self._announced[queue], 0.1
        while not self._stopping.is_set():
            event.wait()
            event.clear()
            try:
                while not self._stopping.is_set() and work(queue):
                    pass
                pause = 0.1
            except Exception:
                log.exception("the queue %s goes on after an error", queue)
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
