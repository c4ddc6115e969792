"""Procrastinate carries the announcements: jobs in the same Postgres, for workers on many machines.

A job names a queue and nothing else, so that its loss costs one tick. The ``queueing_lock`` keeps few jobs per queue
waiting; ``lock`` is never used: it would let one worker at a time serve a queue, and a dead one for ever.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.jobs import DeleteJobCondition, Status
from psycopg import Error as DriverError

from towpath.ports.dispatch import Work

TASK = "towpath.serve_queue"
PLACES = 2  # jobs of one queue that may wait, beside those under way: as many further workers are called with each tick
BUDGET = 20.0  # seconds after which a job ends, so that other queues get their turn
_STALLED = 30.0  # seconds without a sign of life after which a worker's jobs are cleared away
_POLL = 1.0  # seconds between two looks for jobs where no notification came
_PAUSE = 1.0  # seconds before the worker is begun again after an error
_FAILURES = (ProcrastinateException, DriverError, OSError)
log = logging.getLogger("towpath.dispatch")


class ProcrastinateDispatcher:
    """Announces through connections of its own, and serves in a thread with an event loop of its own."""

    def __init__(self, url: str, *, patience: float = 5.0) -> None:
        self._url = url
        self._app = App(connector=SyncPsycopgConnector(conninfo=url, timeout=patience, min_size=0, max_size=2))
        self._opening = threading.Lock()
        self._is_open = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[None] | None = None

    def announce(self, queues: Collection[str]) -> None:
        """A job for each queue, unless enough wait already."""
        try:
            self._open()
            for queue in sorted(queues):
                self._defer(queue)
        except _FAILURES as error:
            log.warning("queues could not be announced, the next tick does it: %s", error)

    def serve(self, queues: Sequence[str], work: Work) -> None:
        """Run a worker of Procrastinate for these queues."""
        self._open()
        run = lambda: asyncio.run(self._serve(queues, work))  # noqa: E731 - the whole of the thread
        self._thread = threading.Thread(target=run, name="towpath-procrastinate", daemon=True)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Let jobs under way finish."""
        self._stopping.set()
        if self._loop is not None and self._serving is not None:
            with suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._serving.cancel)
        if self._thread is not None:
            self._thread.join(timeout)
        if self._is_open:
            self._app.close()

    @property
    def alive(self) -> bool:
        """Whether the worker runs, if this process serves at all."""
        return self._thread is None or self._thread.is_alive()

    def _open(self) -> None:
        """Open the connections, and make Procrastinate's tables where there are none."""
        with self._opening:
            if self._is_open:
                return
            self._app.open()
            self._is_open = True
            if not self._app.check_connection():
                try:
                    self._app.schema_manager.apply_schema()
                except _FAILURES:
                    if not self._app.check_connection():  # nor has another process made them
                        raise

    def _defer(self, queue: str) -> None:
        for place in range(PLACES):
            task = self._app.configure_task(TASK, queue=queue, queueing_lock=f"{queue}:{place}")
            with suppress(AlreadyEnqueued):
                task.defer(queue=queue)
                return

    async def _serve(self, queues: Sequence[str], work: Work) -> None:
        self._loop, self._serving = asyncio.get_running_loop(), asyncio.current_task()
        while not self._stopping.is_set():
            try:
                await self._work_on(queues, work)
            except asyncio.CancelledError:
                return
            except _FAILURES as error:
                log.warning("the worker begins again: %s", error)
                await asyncio.sleep(_PAUSE)

    async def _work_on(self, queues: Sequence[str], work: Work) -> None:
        app = App(connector=PsycopgConnector(conninfo=self._url, min_size=1, max_size=len(queues) + 2))

        @app.task(name=TASK)
        async def serve_queue(queue: str) -> None:
            await asyncio.to_thread(self._work_through, queue, work)

        async with app.open_async():
            clearing = asyncio.create_task(self._clear_away(app))
            try:
                await app.run_worker_async(
                    queues=list(queues),
                    concurrency=len(queues),
                    fetch_job_polling_interval=_POLL,
                    delete_jobs=DeleteJobCondition.ALWAYS,
                    install_signal_handlers=False,
                    stalled_worker_timeout=_STALLED,
                )
            finally:
                clearing.cancel()

    def _work_through(self, queue: str, work: Work) -> None:
        until = time.monotonic() + BUDGET
        try:
            while not self._stopping.is_set() and time.monotonic() < until and work(queue):
                pass
        except Exception:
            log.exception("the queue %s goes on after an error", queue)

    async def _clear_away(self, app: App) -> None:
        """Jobs of dead workers stay as under way for ever, and nobody needs them: what they meant is due again."""
        while True:
            with suppress(*_FAILURES):
                for job in await app.job_manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=_STALLED):
                    await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
            await asyncio.sleep(_STALLED)
