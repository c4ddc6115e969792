"""The worker: recovers, looks what is due, has the dispatcher tell whoever serves the queue, and serves its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from towpath.dispatch.local import LocalDispatcher
from towpath.errors import TowpathError
from towpath.ports.dispatch import QUEUES, RUN_QUEUES, Dispatcher
from towpath.ports.time import SECOND
from towpath.service.effects import recover, send_due
from towpath.service.erasing import erase_old
from towpath.service.heartbeats import BEAT, beat, end
from towpath.service.inbound_mail import poll
from towpath.service.platform import Platform
from towpath.service.queues import advance_queue, due_queues
from towpath.worker.pace import REST, Pace
from towpath.worker.turns import Turns

RECENT = SECOND  # after an event from outside in which more of them are to be expected
TIDY_EVERY = 3600.0  # seconds between two looks at what is kept no longer
MAIL_EVERY = 30.0  # seconds between two looks into a mailbox
LONGEST_SLEEP = 0.5  # seconds; another process may have written events
SOON = 0.02  # seconds between two looks at what is due: things that happen together are announced once
log = logging.getLogger("towpath.worker")


class Worker:
    """Works until stopped: a ticker announces the queues that have something due, and the dispatcher calls back.

    ``queues`` are those that this process serves; with none it only announces. Whatever is lost on the way, jobs and
    workers too, is announced again by the next tick. ``passed`` is called whenever a piece of work has come to its end.
    """

    def __init__(
        self,
        platform: Platform,
        dispatcher: Dispatcher | None = None,
        queues: Sequence[str] = QUEUES,
        passed: Callable[[], None] = lambda: None,
    ) -> None:
        self.platform = platform
        self.dispatcher = dispatcher or LocalDispatcher()
        self.queues = tuple(queues)
        self._passed = passed
        self._stop = threading.Event()
        self._tick = threading.Event()
        self._called = False
        self._nudged = 0  # microseconds
        self._id = platform.ids.new()
        self._beaten: int | None = None  # when it last said that it lives, microseconds
        self._pace = Pace(platform.batch_size)
        self._advancing = Turns()  # one batch at a time in a process; whose turn it is changes with each
        self._tidying = threading.Thread(target=self._tidy, name="towpath-tidy", daemon=True)
        self._ticker = threading.Thread(target=self._loop, name="towpath-ticker", daemon=True)
        self._mail = threading.Thread(target=self._read_mail, name="towpath-mail", daemon=True)

    def start(self) -> None:
        """Recover what a dead process left, then begin."""
        if self.queues:
            found = recover(self.platform)
            if found["resent"] or found["unknown"]:
                log.warning("after a crash: %(resent)d effects are sent again, %(unknown)d wait for a person", found)
            self.dispatcher.serve(self.queues, self._work)
        self._ticker.start()
        if self.queues and self.platform.keep_runs is not None:
            self._tidying.start()
        if self.queues and self.platform.inboxes:
            self._mail.start()

    def nudge(self) -> None:
        """There is something new to do: runs to start or to wake."""
        self._nudged = self.platform.clock.now()
        self._call()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish what is under way and end."""
        self._stop.set()
        self._tick.set()
        self._ticker.join(timeout)
        self.dispatcher.stop(timeout)
        if self._beaten is not None:
            with suppress(TowpathError):  # the store may be away; then the silence tells
                end(self.platform, self._id)

    @property
    def alive(self) -> bool:
        """Whether it announces, and what it serves is served."""
        return self._ticker.is_alive() and self.dispatcher.alive

    def _loop(self) -> None:
        pause = LONGEST_SLEEP
        while not self._stop.is_set():
            self._tick.clear()
            try:
                if self._called:  # at once, before looking for what else there is
                    self._called = False
                    self.dispatcher.announce(("interactive",))
                self._beat()
                sleep, pause = self._announce(), LONGEST_SLEEP
            except TowpathError as error:
                log.error("%s", error)
                sleep = pause = min(pause * 2, 10.0)
            except Exception:
                log.exception("the worker goes on after an unexpected error")
                sleep = pause = min(pause * 2, 10.0)
            self._stop.wait(SOON)
            self._tick.wait(sleep)

    def _beat(self) -> None:
        """Say now and then that it lives and that what it serves is served."""
        now = self.platform.clock.now()
        is_time = self._beaten is None or now - self._beaten >= BEAT
        if self.queues and is_time and self.dispatcher.alive:
            beat(self.platform, self._id, self.queues)
            self._beaten = now

    def _announce(self) -> float:
        """Say what is due; how many seconds later to look again, unless somebody nudges before."""
        due = due_queues(self.platform)
        self.dispatcher.announce(due.queues)
        if due.upcoming is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(0.0, (due.upcoming - self.platform.clock.now()) / SECOND))

    def _call(self) -> None:
        self._called = True
        self._tick.set()

    def _work(self, queue: str) -> bool:
        """Do the next piece of a queue; whether there was anything to do."""
        if queue in RUN_QUEUES:
            with self._advancing:
                busy = self._advance(queue)
        else:
            busy = send_due(self.platform, kinds=(queue,)) > 0
            if busy:
                self._call()  # answers wake runs
        self._passed()
        return busy

    def _advance(self, queue: str) -> bool:
        begin = self.platform.clock.now()
        done, busy = advance_queue(self.platform, queue, self._pace.limit)
        if busy:
            self._tick.set()  # there may be calls to send
        if done is not None:
            self._keep_pace(done.count, begin, self.platform.clock.now())
        return busy

    def _keep_pace(self, runs: int, begin: int, end: int) -> None:
        attentive = end - self._nudged < RECENT
        self._pace.took(runs, (end - begin) / SECOND, attentive=attentive)
        if attentive:
            self._stop.wait(REST)

    def _tidy(self) -> None:
        """Erase now and then what ended runs carry for too long; what goes wrong is told and tried again."""
        while not self._stop.is_set():
            try:
                erased = erase_old(self.platform)
                if erased.runs:
                    log.info("erased what %d runs carried, with %d files", erased.runs, erased.files)
            except TowpathError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("what old runs carry could not be erased")
            self._stop.wait(TIDY_EVERY)

    def _read_mail(self) -> None:
        """Look into the mailboxes now and then; one that cannot be read is told in the log and tried again."""
        while not self._stop.is_set():
            for inbox in self.platform.inboxes:
                try:
                    if poll(self.platform, inbox):
                        self._call()
                except TowpathError as error:
                    log.warning("%s", error)
                except Exception:
                    log.exception("a mailbox could not be read")
            self._stop.wait(MAIL_EVERY)
