"""The rules of timers that follow a date of a record: when one is armed, moved, fired or cancelled.

Pure functions over one timer and what its record asks for; semantics.md §1.4 in code. Times are microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

State: TypeAlias = Literal["pending", "fired", "cancelled"]
Reason: TypeAlias = Literal[
    "no_date", "no_match", "deleted",  # what the record says
    "past", "late", "stale",  # found when the timer was armed or about to fire
    "superseded", "off", "ended", "failed",  # what became of the workflow or the schedule
]  # fmt: skip

_SPENT = frozenset({"past", "late"})  # the date had its chance: only another date arms the timer again


@dataclass(frozen=True, slots=True)
class Timer:
    """One timer of one record: ``due`` is set while it is pending, ``generation`` counts how often it was armed."""

    state: State
    due: int | None
    anchor: int | None
    generation: int = 1
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a record asks for now: a start at ``due`` because its date is ``anchor``, or none for a ``reason``."""

    anchor: int | None = None
    due: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the trigger says about dates that are past, starts that are late, and dates that move after the start."""

    if_past: Literal["run", "skip"] = "skip"
    late: Literal["run", "skip"] = "run"
    rearm: Literal["anchor_moved", "never"] = "anchor_moved"


def follow(timer: Timer | None, wish: Wish, policy: Policy, now: int) -> Timer | None:
    """The timer after its record was saved; the same object where nothing changes, None where there is none."""
    if wish.due is None:
        return cancelled(timer, wish.reason) if timer is not None and timer.state == "pending" else timer
    if timer is not None and timer.anchor == wish.anchor and _holds_good(timer):
        return timer
    if timer is not None and timer.state == "fired" and (policy.rearm == "never" or wish.due <= now):
        return timer
    return _armed(timer, wish, wish.due, policy, now)


def fire(timer: Timer, wish: Wish, policy: Policy, now: int, missed_before: int) -> Timer:
    """What becomes of a due timer, its record read again: fired, or moved, or cancelled with the reason.

    Times before ``missed_before`` fell due while nothing was running.
    """
    if wish.due is None:
        return cancelled(timer, "stale")
    if wish.due > now:
        return _armed(timer, wish, wish.due, policy, now)
    if policy.late == "skip" and timer.due is not None and timer.due < missed_before:
        return Timer("cancelled", None, wish.anchor, timer.generation, "late")
    return Timer("fired", None, wish.anchor, timer.generation)


def cancelled(timer: Timer, reason: Reason | None) -> Timer:
    """The timer, no longer due."""
    return replace(timer, state="cancelled", due=None, reason=reason)


def _holds_good(timer: Timer) -> bool:
    """Whether the timer stands as it is for as long as the date does."""
    return timer.state != "cancelled" or timer.reason in _SPENT


def _armed(timer: Timer | None, wish: Wish, due: int, policy: Policy, now: int) -> Timer:
    generation = timer.generation + 1 if timer is not None else 1
    if due > now:
        return Timer("pending", due, wish.anchor, generation)
    # A timer that is due already, and waits only for a worker, keeps its start when its date moves further back.
    waiting = timer is not None and timer.due is not None and timer.due <= now
    if policy.if_past == "run" or waiting:
        return Timer("pending", now, wish.anchor, generation)
    return Timer("cancelled", None, wish.anchor, generation, "past")
