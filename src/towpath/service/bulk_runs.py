"""One deed done to many runs: each by itself, so that one that refuses holds up no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from towpath.errors import TowpathError
from towpath.insight import ALWAYS, Window
from towpath.service.platform import Platform
from towpath.service.runs import cancel_run, matching_ids, retry_run

Deed = Literal["retry", "cancel"]
STATUS_FOR: dict[Deed, str] = {"retry": "failed", "cancel": "waiting"}
MOST = 500  # runs in one call


@dataclass(frozen=True, slots=True)
class Refusal:
    """A run that stayed as it was, and why."""

    run: str
    code: str
    message: str


@dataclass(slots=True)
class BulkDone:
    """How many were done, which refused; ``next`` is where a further call goes on, if there may be more."""

    done: int = 0
    refused: list[Refusal] = field(default_factory=list)
    next: str | None = None


def do_to_runs(platform: Platform, deed: Deed, runs: Sequence[str], *, actor: str = "system") -> BulkDone:
    """Retry or cancel these runs."""
    result = BulkDone()
    for run in runs:
        try:
            if deed == "retry":
                retry_run(platform, run)
            else:
                cancel_run(platform, run, actor=actor)
            result.done += 1
        except TowpathError as error:
            result.refused.append(Refusal(run, error.code, error.message))
    return result


def do_to_all(
    platform: Platform,
    deed: Deed,
    *,
    workflow: str | None = None,
    record: str | None = None,
    began: Window = ALWAYS,
    after: str = "",
    actor: str = "system",
) -> BulkDone:
    """Retry all failed runs that match, or cancel all that wait: the 500 oldest ones that began after run ``after``.

    So no run is taken twice, also where it fails again at once.
    """
    status = STATUS_FOR[deed]
    runs = matching_ids(platform, status, workflow=workflow, record=record, began=began, after=after, limit=MOST)
    result = do_to_runs(platform, deed, runs, actor=actor)
    result.next = runs[-1] if len(runs) == MOST else None
    return result
