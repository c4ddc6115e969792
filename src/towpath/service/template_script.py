"""What happens to a template's sample in its first weeks: who does what when, and what that must come to."""

from __future__ import annotations

from typing import Any

import msgspec

from towpath.errors import InputError
from towpath.model.duration import parse_duration
from towpath.ports.time import SECOND


class Act(msgspec.Struct, forbid_unknown_fields=True):
    """One thing that somebody does, so long after the beginning; one of:

    - ``task`` (a node's id) about the record ``of``: ``by`` completes it with an ``outcome`` and perhaps a
      ``response``, having begun ``took`` before; without an outcome ``by`` only takes it up;
    - ``event`` with ``key`` and ``data``;
    - ``change`` (an object) of the record ``of``: sets ``fields``; ``create`` (an object): a new record of ``fields``.

    ``of`` is the record's name, or values of its fields. ``@Object field=value`` as
    ``key`` or in ``fields`` stands for the id of that record.
    """

    at: str
    task: str | None = None
    of: str | dict[str, Any] | None = None
    by: str | None = None
    took: str = "0"
    outcome: str | None = None
    response: dict[str, Any] | None = None
    event: str | None = None
    key: str | None = None
    data: Any = None
    change: str | None = None
    create: str | None = None
    fields: dict[str, Any] = {}

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.task, self.event, self.change, self.create)) != 1:
            raise InputError("an act is one of task, event, change and create", code="template.act")

    @property
    def moment(self) -> int:
        """When, in microseconds after the beginning."""
        return microseconds(self.at)


class Play(msgspec.Struct, forbid_unknown_fields=True):
    """The acts in any order, how long all lasts, and the figures that come out."""

    lasts: str
    expected: dict[str, Any]
    start: str = "2026-03-02T09:00:00Z"  # a Monday
    acts: list[Act] = []


def microseconds(duration: str) -> int:
    """A duration as people write it."""
    return round(parse_duration(duration) * SECOND)
