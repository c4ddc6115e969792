"""The doors through which effects leave: HTTP and mail. Adapters check where they lead and bound what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, Protocol

from towpath.ports.tracing import NOTHING

CHUNK = 256 * 1024  # bytes


class Content(Protocol):
    """The bytes of a kept file: how many there are, and each time they are asked for, all of them in parts."""

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    def __iter__(self) -> Iterator[bytes]:
        """The parts, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Effect:
    """One external effect as it stands in the outbox.

    ``kind`` picks the sender ("http", "mail", ...), ``request`` is that sender's JSON, ``key`` the idempotency
    key, ``keyed`` whether the peer honours such keys so that a doubtful call may be sent again.
    """

    id: str
    kind: str
    request: Mapping[str, Any]
    key: str
    attempt: int = 1
    keyed: bool = False
    open: Callable[[str], Content] | None = None  # a kept file that the request names, by its id; raises NotFoundError
    trace: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # headers that join a peer's work to our trace


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a peer answered with, outside of the memory where it is large. Its name is data, never a path.

    Whoever asked for it closes ``content``, and nothing is left of it then.
    """

    name: str
    media_type: str
    content: IO[bytes]

    def chunks(self) -> Iterator[bytes]:
        """Its bytes from the beginning."""
        self.content.seek(0)
        return iter(partial(self.content.read, CHUNK), b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an effect: ``sent`` with the peer's response, ``failed``, or ``unknown`` (may have happened).

    ``later`` says that nothing was sent, because the peer is down, busy or has asked to wait: the effect goes back
    into the outbox, due again after ``retry_after`` seconds, and its run hears nothing of it.
    """

    id: str
    state: str
    response: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    retryable: bool = False
    retry_after: float | None = None
    file: Download | None = None
    code: str | None = None  # of the error, where it has one of its own


class Sender(Protocol):
    """Performs effects of one kind."""

    def send(self, effects: Sequence[Effect]) -> Sequence[Answer]:
        """Perform all, with bounded concurrency; one answer each, in order; never raises for a single effect."""
        ...
