"""Turns in the order in which they were asked for.

A plain lock goes to whoever asks first after it is free, and that is the thread which has just had it: a bulk job then
takes ten batches in a row while a run by hand waits.
"""

from __future__ import annotations

from threading import Condition


class Turns:
    """A lock for a ``with`` that is fair."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._asked = 0  # how many have asked
        self._served = 0  # how many have had their turn

    def __enter__(self) -> None:
        with self._changed:
            mine = self._asked
            self._asked += 1
            self._changed.wait_for(lambda: mine == self._served)

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._served += 1
            self._changed.notify_all()
