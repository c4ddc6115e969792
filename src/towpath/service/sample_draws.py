"""Draws for sample data: the same numbers for the same seed, on every machine and Python."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import cos, exp, log, pi, sqrt
from typing import Generic, TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Weighted(Generic[T]):
    """Values to choose from, each with its weight."""

    __slots__ = ("bounds", "values")

    def __init__(self, *pairs: tuple[T, float]) -> None:
        self.values = [value for value, _ in pairs]
        self.bounds = list(accumulate(weight for _, weight in pairs))


class Quantiles:
    """A distribution given by some of its quantiles, (share, value) ascending from share 0 to 1; linear between."""

    __slots__ = ("shares", "values")

    def __init__(self, *pairs: tuple[float, float]) -> None:
        self.shares = [share for share, _ in pairs]
        self.values = [value for _, value in pairs]

    def at(self, share: float) -> float:
        """The value below which that share lies."""
        place = min(bisect_right(self.shares, share), len(self.shares) - 1)
        low, high = self.shares[place - 1], self.shares[place]
        return self.values[place - 1] + (self.values[place] - self.values[place - 1]) * (share - low) / (high - low)


class Draws:
    """SplitMix64: small, good enough for samples, and no part of Python that may change."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def bits(self) -> int:
        """64 bits."""
        self._state = state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ state >> 27) * 0x94D049BB133111EB) & _MASK
        return state ^ state >> 31

    def random(self) -> float:
        """A number in [0, 1)."""
        return (self.bits() >> 11) / 9007199254740992

    def chance(self, share: float) -> bool:
        """True in that share of draws."""
        return self.random() < share

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, ``end``."""
        return int(self.random() * end)

    def one_of(self, values: Sequence[T]) -> T:
        """Any of the values, all alike."""
        return values[self.below(len(values))]

    def choose(self, table: Weighted[T]) -> T:
        """One of the values by their weights."""
        return table.values[bisect_right(table.bounds, self.random() * table.bounds[-1])]

    def quantile(self, table: Quantiles) -> float:
        """A value of a distribution."""
        return table.at(self.random())

    def lognormal(self, median: float, spread: float) -> float:
        """A positive number around a median, with a long tail to the right."""
        normal = sqrt(-2 * log(1 - self.random())) * cos(2 * pi * self.random())
        return median * exp(spread * normal)
