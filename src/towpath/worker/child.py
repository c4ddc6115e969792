"""The working process under a supervisor: serves its queues until it is told to stop or the supervisor is gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from threading import Event

from towpath.ports.dispatch import Dispatcher
from towpath.service.platform import Platform
from towpath.worker.loop import Worker

TICK = 1.0  # seconds between two looks whether the supervisor lives


def work_until_stopped(platform: Platform, dispatcher: Dispatcher, queues: Sequence[str], pipe: int | None) -> None:
    """Work until SIGTERM or SIGINT; with the number of a pipe, also until nobody reads it any more.

    The caller closes the platform.
    """
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if pipe is not None:
        os.set_blocking(pipe, False)
    worker = Worker(platform, dispatcher, queues, passed=lambda: _say(pipe, stopping))
    worker.start()
    _say(pipe, stopping)  # it has begun
    parent = os.getppid()
    while not stopping.wait(TICK):
        if pipe is not None and os.getppid() != parent:
            stopping.set()
    worker.stop()


def _say(pipe: int | None, stopping: Event) -> None:
    if pipe is None:
        return
    with suppress(BlockingIOError):  # full: enough has been said
        try:
            os.write(pipe, b".")
        except BrokenPipeError:
            stopping.set()
