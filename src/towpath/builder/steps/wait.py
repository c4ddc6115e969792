"""The steps wait.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class WaitSteps(Group):
    """The steps wait.*, typed."""

    __slots__ = ()

    def call(
        self,
        timeout: float | str | None = None,
        *,
        apart: bool = True,
        into: str | None = "call",
        name: str | None = None,
    ) -> Step:
        """Wait for a web call: Waits until somebody calls the run's own address, {{ $execution.resumeUrl }}: a link in
        a mail, say.

        timeout: How long to wait at most.
        apart: Items whose time ran out leave by 'timeout'; otherwise they go on as usual.
        into: The field that gets method, headers, query and body; null: it is the item.
        """
        return self._step("wait.call", name, {"timeout": timeout, "apart": apart, "into": into})

    def duration(self, duration: float | str, *, name: str | None = None) -> Step:
        """Wait: Waits for a length of time, real or business time, also across restarts, then lets the items go on.

        duration: For example 90, '15 min', '3 days', or business time: '4 business hours', '2 business days'.
        """
        return self._step("wait.duration", name, {"duration": duration})

    def event(
        self,
        event: str | None = None,
        *,
        key: str | None = None,
        object: str | None = None,
        id: str | None = None,
        condition: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        timeout: float | str | None = None,
        into: str = "event",
        name: str | None = None,
    ) -> Step:
        """Wait for an event: Waits until an event with a given key comes in, or a record meets a condition, or a set
        time is over.

        event: Name of the event, for example mail.clicked.
        key: Which one of these events: a value that it carries too, for example an e-mail.
        object: Instead of an event: the kind of record that is watched.
        id: Id of the record that is watched; the run's record when nothing is said.
        condition: What the record must meet; any change will do when nothing is said.
        timeout: How long to wait at most; then the item leaves by 'timeout'.
        into: Field of the item that gets what the event brought, or the record.
        """
        return self._step(
            "wait.event",
            name,
            {
                "event": event,
                "key": key,
                "object": object,
                "id": id,
                "condition": condition,
                "timeout": timeout,
                "into": into,
            },
        )

    def field(
        self,
        field: str,
        *,
        offset: str | None = None,
        past: Literal["go_on", "skip"] = "go_on",
        name: str | None = None,
    ) -> Step:
        """Wait for a date of the record: Waits for a time before, at or after a date of the run's record. The wait
        moves with the date; when the date or the record goes away, the items leave by 'skipped'.

        field: The date or datetime field of the run's record, for example closeDate.
        offset: How far before or after, for example '-3 days'. Days and months are local, hours absolute.
        past: When the time has passed on arrival: go on at once, or leave by 'skipped'.
        """
        return self._step("wait.field", name, {"field": field, "offset": offset, "past": past})

    def until(self, moment: Any, *, name: str | None = None) -> Step:
        """Wait until: Waits until a date or time, then lets the items go on; at once when it has passed.

        moment: A date or datetime such as 2026-03-01T09:00, in the workflow's time zone where it names none.
        """
        return self._step("wait.until", name, {"moment": moment})
