"""Which triggers a web address leads to: those at the very path, else at the nearest path with parameters in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from towpath.engine.plan import Plan


class Params(Protocol):
    """What the trigger says about the calls that it takes."""

    path: str
    method: str
    secret: str | None
    answer: str
    answer_within: float

    def dedupe_key(self, item: Any) -> str | None:
        """The call's own identity in the item made from it."""
        ...


@dataclass(frozen=True, slots=True)
class Listener:
    """A webhook trigger of an active version."""

    plan: Plan
    node: str
    params: Params


@dataclass(slots=True)
class Paths:
    """The triggers by their paths; ``:name`` stands for whatever is in its place of an address."""

    _plain: dict[str, list[Listener]] = field(default_factory=dict)
    _open: dict[tuple[str, ...], list[Listener]] = field(default_factory=dict)

    @classmethod
    def of(cls, listeners: Iterable[Listener]) -> Paths:
        """All of these."""
        made = cls()
        for listener in listeners:
            path = listener.params.path.strip("/")
            if ":" in path:
                made._open.setdefault(tuple(path.split("/")), []).append(listener)
            else:
                made._plain.setdefault(path, []).append(listener)
        return made

    def at(self, path: str) -> list[tuple[dict[str, str] | None, list[Listener]]]:
        """Who listens to the address, with the values of its parameters (None without any): the nearest come first."""
        parts = path.split("/")
        fitting = [pattern for pattern in self._open if _fits(pattern, parts)]
        fitting.sort(key=_openness)
        plain = [(None, self._plain[path])] if path in self._plain else []
        return [*plain, *((_values(pattern, parts), self._open[pattern]) for pattern in fitting)]


def _fits(pattern: tuple[str, ...], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(
        bool(part) if name.startswith(":") else name == part for name, part in zip(pattern, parts, strict=True)
    )


def _openness(pattern: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """How many parameters there are, then their order, so that two patterns never take turns."""
    return sum(name.startswith(":") for name in pattern), pattern


def _values(pattern: tuple[str, ...], parts: list[str]) -> dict[str, str]:
    return {name[1:]: part for name, part in zip(pattern, parts, strict=True) if name.startswith(":")}
