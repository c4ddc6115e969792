"""The worker of one folder: recovers, then advances runs, fires timers and sends effects as they fall due."""

from __future__ import annotations

import logging
import threading

from towpath.errors import TowpathError
from towpath.ports.time import SECOND
from towpath.service.advance import advance
from towpath.service.alarms import fire_alarms
from towpath.service.drive import upcoming
from towpath.service.effects import recover, send_due
from towpath.service.entries import fire_entries
from towpath.service.platform import Platform
from towpath.service.timers import fire_due
from towpath.worker.pace import REST, Pace

RECENT = SECOND  # after an event from outside in which more of them are to be expected
LONGEST_SLEEP = 0.5  # seconds; another process may have written events
log = logging.getLogger("towpath.worker")


class Worker:
    """Works in two threads until stopped: one advances runs, one sends effects, so that a slow peer holds up nobody."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._pace = Pace(platform.batch_size)
        self._nudged = 0  # microseconds
        self._stop = threading.Event()
        self._work = threading.Event()
        self._effects = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(self._advance, self._work), name="towpath-advance", daemon=True),
            threading.Thread(target=self._loop, args=(self._send, self._effects), name="towpath-effects", daemon=True),
        ]

    def start(self) -> None:
        """Recover what a dead process left, then begin."""
        found = recover(self.platform)
        if found["resent"] or found["unknown"]:
            log.warning("after a crash: %(resent)d effects are sent again, %(unknown)d wait for a person", found)
        for thread in self._threads:
            thread.start()

    def nudge(self) -> None:
        """There is something new to do."""
        self._nudged = self.platform.clock.now()
        self._work.set()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish the batch under way and end."""
        self._stop.set()
        self._work.set()
        self._effects.set()
        for thread in self._threads:
            thread.join(timeout)

    @property
    def alive(self) -> bool:
        """Whether both threads run."""
        return all(thread.is_alive() for thread in self._threads)

    def _loop(self, work: object, signal: threading.Event) -> None:
        pause = 0.1
        while not self._stop.is_set():
            signal.clear()
            try:
                busy = work()  # type: ignore[operator]
                pause = 0.1
            except TowpathError as error:
                log.error("%s", error)
                busy, pause = False, min(pause * 2, 10.0)
                signal.wait(pause)
                continue
            except Exception:
                log.exception("the worker goes on after an unexpected error")
                busy, pause = False, min(pause * 2, 10.0)
                signal.wait(pause)
                continue
            if not busy:
                signal.wait(self._sleep())

    def _advance(self) -> bool:
        fired = fire_due(self.platform) + fire_alarms(self.platform) + fire_entries(self.platform)
        begin = self.platform.clock.now()
        done = advance(self.platform, limit=self._pace.limit)
        if done is not None:
            self._effects.set()
            self._keep_pace(len(done.runs), begin, self.platform.clock.now())
        return bool(fired) or done is not None

    def _keep_pace(self, runs: int, begin: int, end: int) -> None:
        attentive = end - self._nudged < RECENT
        self._pace.took(runs, (end - begin) / SECOND, attentive=attentive)
        if attentive:
            self._stop.wait(REST)

    def _send(self) -> bool:
        sent = send_due(self.platform)
        if sent:
            self._work.set()
        return bool(sent)

    def _sleep(self) -> float:
        due = upcoming(self.platform)
        if due is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(0.0, (due - self.platform.clock.now()) / 1e6))
