"""Keeps results that take long to work out: an older one is given at once while a newer is made in the background.

What is quick is always worked out anew, so that a figure is old only where exactness would cost seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock, Thread
from time import perf_counter
from typing import Generic, TypeVar

T = TypeVar("T")
QUICK = 0.25  # seconds; what takes less is not kept
TIMES = 10  # a result is good for so many times as long as it took
OLDEST = 300.0  # seconds; nobody is given anything older
MOST = 200  # results


@dataclass(slots=True)
class _Kept(Generic[T]):
    value: T
    made_at: float
    took: float
    renewing: bool = False


class Results(Generic[T]):
    """Results by what was asked."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Kept[T]] = {}
        self._lock = Lock()

    def get(self, asked: Hashable, make: Callable[[], T]) -> T:
        """The result, made now or kept; one that is getting old is made anew behind the back of who asked."""
        now = perf_counter()
        with self._lock:
            found = self._kept.get(asked)
            if found is not None and now - found.made_at < OLDEST:
                if now - found.made_at > found.took * TIMES and not found.renewing:
                    found.renewing = True
                    Thread(target=self._renew, args=(asked, make, found), daemon=True).start()
                return found.value
        return self._make(asked, make)

    def _make(self, asked: Hashable, make: Callable[[], T]) -> T:
        began = perf_counter()
        value = make()
        took = perf_counter() - began
        with self._lock:
            self._kept.pop(asked, None)
            if took > QUICK:
                while len(self._kept) >= MOST:
                    del self._kept[next(iter(self._kept))]
                self._kept[asked] = _Kept(value, perf_counter(), took)
        return value

    def _renew(self, asked: Hashable, make: Callable[[], T], old: _Kept[T]) -> None:
        try:
            self._make(asked, make)
        finally:  # what failed in the background fails before the eyes of the one who asks after the oldest is gone
            old.renewing = False
