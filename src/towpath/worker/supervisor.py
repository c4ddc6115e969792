"""Keeps a working process alive: one that dies is replaced, and so is one that lives but has stopped working.

The child writes a byte to a pipe whenever a piece of work has come to its end. While work is due in its queues and no
byte comes for too long, it is killed and another takes its place; what it had under way falls due again by itself. A
child whose pipe nobody reads any more, because this process was killed, ends.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from towpath.errors import TowpathError

START = 30.0  # seconds that a child is given to begin, beside its silence
GRACE = 10.0  # seconds that a child is given to finish what it has under way
LOOK = 0.5  # seconds between two looks at the child
log = logging.getLogger("towpath.worker")


@dataclass(slots=True)
class Supervisor:
    """Runs ``command`` with the number of the pipe added to it.

    ``is_due`` says whether work waits in the child's queues; it is asked only when the child has been silent for
    ``silence`` seconds, and may raise TowpathError while the store is away.
    """

    command: Sequence[str]
    is_due: Callable[[], bool]
    silence: float = 60.0
    replaced: int = 0
    _stopping: Event = field(default_factory=Event)

    def run(self) -> None:
        """Until ``stop`` is called, which a signal handler may do."""
        while not self._stopping.is_set():
            self._watch_one()
            if not self._stopping.is_set():
                self.replaced += 1
                self._stopping.wait(min(5.0, 0.2 * self.replaced))  # a child that cannot start must not spin

    def stop(self) -> None:
        """Let the child finish, and end."""
        self._stopping.set()

    def _watch_one(self) -> None:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        child = subprocess.Popen([*self.command, str(writing)], pass_fds=(writing,))  # noqa: S603 - our own command
        os.close(writing)
        try:
            self._watch(child, reading)
        finally:
            _end(child, signal.SIGTERM if self._stopping.is_set() else signal.SIGKILL)
            os.close(reading)

    def _watch(self, child: subprocess.Popen[bytes], pipe: int) -> None:
        silent = -START
        while not self._stopping.wait(LOOK):
            if child.poll() is not None:
                log.warning("the working process %d ended with %d and is replaced", child.pid, child.returncode)
                return
            silent = 0.0 if _has_said_something(pipe) else silent + LOOK
            if silent < self.silence:
                continue
            if self._is_due():
                log.warning("the working process %d did nothing for %.0f s and is replaced", child.pid, silent)
                return
            silent = self.silence / 2  # idle: ask again later

    def _is_due(self) -> bool:
        try:
            return self.is_due()
        except TowpathError as error:
            log.warning("nobody can say whether work is due: %s", error)
            return False


def _has_said_something(pipe: int) -> bool:
    try:
        return bool(os.read(pipe, 65536))
    except BlockingIOError:
        return False


def _end(child: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if child.poll() is None:
        child.send_signal(how)
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def supervise(command: Sequence[str], is_due: Callable[[], bool], silence: float) -> None:
    """Watch a working process until SIGTERM or SIGINT."""
    supervisor = Supervisor(command, is_due, silence)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.stop())
    supervisor.run()
