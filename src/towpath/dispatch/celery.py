"""Celery carries the announcements over RabbitMQ, for teams that run it.

A job names a queue and nothing else. It is acknowledged when it begins, not when it ends: one that is lost costs a
tick, and one that came again after a crash would find nothing to do. Results are not kept, and jobs expire.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Collection, Sequence
from typing import Any

from celery import Celery
from celery.worker import WorkController, state
from kombu.exceptions import KombuError

from towpath.ports.dispatch import Work

TASK = "towpath.serve_queue"
PREFIX = "towpath."  # before the names of queues at the broker
BUDGET = 20.0  # seconds after which a job ends, so that other queues get their turn
AGAIN = 0.4  # seconds before a process announces a queue again: the broker does not know that a job waits already
EXPIRES = 5.0  # seconds after which a job that nobody has taken is worth nothing
_PAUSE = 1.0  # seconds before the worker is begun again after an error
_FAILURES = (KombuError, OSError)
log = logging.getLogger("towpath.dispatch")


class CeleryDispatcher:
    """Announces by sending jobs, and serves in a thread, with a thread for each queue."""

    def __init__(self, broker: str) -> None:
        self._app = Celery("towpath", broker=broker, set_as_current=False)
        self._app.conf.update(
            task_ignore_result=True,
            task_acks_late=False,
            task_create_missing_queues=True,
            worker_prefetch_multiplier=1,
            worker_hijack_root_logger=False,
            broker_connection_timeout=3.0,
            broker_connection_max_retries=None,
            broker_connection_retry_on_startup=True,
            broker_transport_options={"confirm_publish": True, "max_retries": 1},
        )
        self._announced: dict[str, float] = {}
        self._thread: threading.Thread | None = None
        self._worker: Any = None
        self._stopping = threading.Event()

    def announce(self, queues: Collection[str]) -> None:
        """Send a job for each queue, unless this process has just done so."""
        now = time.monotonic()
        for queue in sorted(queues):
            if now - self._announced.get(queue, -math.inf) < AGAIN:
                continue
            try:
                self._app.send_task(TASK, args=(queue,), queue=PREFIX + queue, expires=EXPIRES, retry=False)
            except _FAILURES as error:
                log.warning("queues could not be announced, the next tick does it: %s", error)
                return
            self._announced[queue] = now

    def serve(self, queues: Sequence[str], work: Work) -> None:
        """Run a worker of Celery for these queues."""

        @self._app.task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
        def serve_queue(queue: str) -> None:
            self._work_through(queue, work)

        self._thread = threading.Thread(target=self._run, args=(queues,), name="towpath-celery", daemon=True)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Let jobs under way finish."""
        self._stopping.set()
        if self._thread is not None:
            state.should_stop = 0  # what Celery's own handler of SIGTERM sets
            self._thread.join(timeout)
            state.should_stop = None
        self._app.close()

    @property
    def alive(self) -> bool:
        """Whether the worker runs, if this process serves at all."""
        return self._thread is None or self._thread.is_alive()

    def _run(self, queues: Sequence[str]) -> None:
        while not self._stopping.is_set():
            try:
                self._worker = WorkController(
                    app=self._app, pool="threads", concurrency=len(queues), queues=[PREFIX + queue for queue in queues],
                    without_gossip=True, without_mingle=True, without_heartbeat=True, quiet=True,
                )  # fmt: skip
                self._worker.start()
            except Exception:
                log.exception("the worker begins again")
            self._stopping.wait(_PAUSE)

    def _work_through(self, queue: str, work: Work) -> None:
        until = time.monotonic() + BUDGET
        try:
            while not self._stopping.is_set() and time.monotonic() < until and work(queue):
                pass
        except Exception:
            log.exception("the queue %s goes on after an error", queue)
