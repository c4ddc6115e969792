"""When mails to customers may leave, and how many: quiet hours, caps, limits per mailbox (semantics.md §1.10)."""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from towpath.model.calendar import WEEKDAYS, Calendar, Hours, OpenHours, Weekday
from towpath.model.schema import Noun


class MailboxLimit(Noun):
    """How many mails one mailbox sends."""

    per_hour: int | None = Field(None, ge=1)
    per_day: int | None = Field(None, ge=1, description="In any 24 hours.")


class MailPolicy(Noun):
    """What holds for mails that people may refuse: those of steps with a consent field. What is held back waits.

    A mail waits for the next hour that is not quiet, or that has room, and is then sent unless the person has refused
    mail meanwhile. Other mails (tasks, receipts) leave at once.
    """

    name: str = Field(min_length=1, max_length=100)
    zone: str = Field("UTC", description="The zone of the quiet hours.")
    quiet: OpenHours = Field((), description="When nothing is sent, such as '20:00-08:00'.")
    quiet_days: tuple[Weekday, ...] = Field((), description="Days on which nothing is sent.")
    per_hour: int | None = Field(None, ge=1, description="Mails in an hour, all mailboxes together.")
    mailboxes: dict[str, MailboxLimit] = Field({}, description="Limits by the sender's address; * is any other.")
    active: bool = True

    @field_validator("mailboxes")
    @classmethod
    def _lower(cls, limits: dict[str, MailboxLimit]) -> dict[str, MailboxLimit]:
        return {address.strip().lower(): limit for address, limit in limits.items()}

    @model_validator(mode="after")
    def _some_time(self) -> MailPolicy:
        if self.quiet or self.quiet_days:
            self.open_hours()
        return self

    def limit_of(self, mailbox: str) -> MailboxLimit:
        """The limits of a mailbox."""
        return self.mailboxes.get(mailbox) or self.mailboxes.get("*") or MailboxLimit()

    def open_hours(self) -> Calendar:
        """The hours in which mails may leave, as a calendar. ValueError where there are none."""
        hours = _complement(self.quiet)
        days = [day for day in WEEKDAYS if day not in self.quiet_days]
        if not hours or not days:
            raise ValueError("the quiet hours leave no time in which a mail could be sent")
        return Calendar(name=self.name, zone=self.zone, weekly=dict.fromkeys(days, tuple(hours)))


def _complement(quiet: tuple[Hours, ...]) -> list[Hours]:
    """The hours of a day that are not quiet; quiet hours over midnight are two stretches of the same day."""
    parts: list[tuple[int, int]] = []
    for start, end in quiet:
        parts += [(start, end)] if end > start else [(start, 24 * 60), (0, end)]
    found, at = list[Hours](), 0
    for start, end in sorted(parts):
        if start > at:
            found.append(Hours(at, start))
        at = max(at, end)
    return [*found, Hours(at, 24 * 60)] if at < 24 * 60 else found
