"""What a tracing system is told: one span for a request or a batch, never one for a run, and nothing of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol, TypeAlias

Attributes: TypeAlias = Mapping[str, str | int | Sequence[str]]
Side: TypeAlias = Literal["server", "client", "internal"]  # who asks: a peer us, we a peer, or we ourselves
NOTHING: Mapping[str, str] = {}


class Span(Protocol):
    """Something that takes time, from the beginning to the end of its ``with``; an error that leaves it is told."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What tells a peer, in the head of a call, that the call belongs to this span."""
        ...

    def tell(self, attributes: Attributes, *, name: str | None = None, error: str | None = None) -> None:
        """Say more of it: a better name, or the kind of the error that it came to."""
        ...

    def forget(self) -> None:
        """Leave it out: there was nothing to do."""
        ...


class Tracing(Protocol):
    """Takes spans."""

    @property
    def on(self) -> bool:
        """Whether anybody is told: what is only for spans need not be worked out otherwise."""
        ...

    def span(
        self,
        name: str,
        attributes: Attributes = NOTHING,
        *,
        side: Side = "internal",
        headers: Mapping[str, str] | None = None,
        of: Sequence[object] | None = None,
    ) -> AbstractContextManager[Span]:
        """Begin a span, within the one that is under way here.

        ``headers`` are those of the request that asks for it. ``of`` are the spans that it works for, from
        ``current``: it becomes a part of a single one, and is linked to several.
        """
        ...

    def current(self) -> object | None:
        """The span that is under way here."""
        ...


class NoTracing:
    """Nobody is told: the span and the tracing of those who have named no collector."""

    on = False
    headers = NOTHING

    def span(self, *_: object, **__: object) -> AbstractContextManager[Span]:
        """Nothing."""
        return _UNTOLD

    def current(self) -> None:
        """Nothing."""

    def tell(self, *_: object, **__: object) -> None:
        """Nobody."""

    def forget(self) -> None:
        """There is nothing to forget."""


NO_TRACING = NoTracing()
_UNTOLD: AbstractContextManager[Span] = nullcontext(NO_TRACING)
