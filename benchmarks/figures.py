"""Figures of a benchmark: what was measured, the limit measured beside it, and the bar it is held to."""

from __future__ import annotations

import gc
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, TypeVar

import apsw

T = TypeVar("T")


@dataclass(frozen=True)
class Figure:
    """One line of the report.

    ``limit`` is what the machine allows, measured in the same run and the same unit; ``ratio`` the share of it that
    is reached; ``bar`` what the ratio (or, where there is no limit, the value) is held to, and ``good`` whether it is.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    bar: str | None = None
    good: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Share of the limit that is reached."""
        return None if self.limit is None else self.value / self.limit

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self) | {"ratio": self.ratio}


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds that the work took, and its result. Garbage of what went before is collected first."""
    gc.collect()
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def middle(values: list[float]) -> float:
    """The median: one slow moment of the machine does not count."""
    return median(values)


def machine() -> dict[str, str]:
    """What the figures were measured on; nothing that names the machine itself."""
    return {
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
        "system": platform.system(),
        "processor": platform.machine(),
    }
