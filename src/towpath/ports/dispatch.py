"""The dispatcher port: carries "something may be due in this queue" to whoever works on it.

A dispatcher holds no truth. What is due, who has taken it and how far it has come stands in the store; a job says only
the name of a queue, so that one that is lost, late or carried twice does no harm: whoever has anything due says so
again with the next tick.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeAlias

RUN_QUEUES = ("interactive", "bulk")  # runs: single events, answers and timers; and what bulk jobs have started
EFFECT_QUEUES = ("http", "mail", "model")  # calls to the outside, by what they are
QUEUES = (*RUN_QUEUES, *EFFECT_QUEUES)

Work: TypeAlias = Callable[[str], bool]  # does the next piece of a queue; whether there was anything to do


class Dispatcher(Protocol):
    """Brings queues with work and processes that serve them together."""

    def announce(self, queues: Collection[str]) -> None:
        """Something may be due in these queues. Returns soon, and raises nothing: the next tick says it again."""
        ...

    def serve(self, queues: Sequence[str], work: Work) -> None:
        """Begin to call ``work`` with each queue that is announced, again and again until it finds nothing to do.

        An error of ``work`` is logged and ends only that call. Does not block.
        """
        ...

    def stop(self, timeout: float) -> None:
        """Let what is under way finish, for at most so many seconds, and begin nothing any more."""
        ...

    @property
    def alive(self) -> bool:
        """Whether announced queues are served: true too for one that only announces."""
        ...
