"""The steps mail.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from towpath.builder.group import Group
from towpath.builder.step import Step


class MailSteps(Group):
    """The steps mail.*, typed."""

    __slots__ = ()

    def cadence(
        self,
        to: str | None,
        *,
        steps: Sequence[Mapping[str, Any]],
        object: str | None = None,
        sender: str | None = None,
        wait: float | str = "3 days",
        consent_field: str = "doNotEmail",
        into: str = "cadence",
        name: str | None = None,
    ) -> Step:
        """Cadence: Writes to each person in several steps, with calls between them, and stops before the next step
        when there is a reply, a meeting, or a refusal of mail. Quiet hours and limits of mailboxes hold. Where a
        run carries many people, each goes on as soon as it is over with him.

        to: The person's address.
        object: What the items are, such as Contact, where a run carries many people; each item has its id. Left
            out, the run is about one person.
        steps: What is done, in order.
        sender: The author's address; limits of a mailbox go by it.
        wait: How long to wait after the last step.
        consent_field: The field of the record by which a person refuses mail.
        into: Field of the item that gets outcome and steps done.
        """
        return self._step(
            "mail.cadence",
            name,
            {
                "to": to,
                "object": object,
                "steps": steps,
                "sender": sender,
                "wait": wait,
                "consent_field": consent_field,
                "into": into,
            },
        )

    def send(
        self,
        to: str | Sequence[str] | None,
        *,
        subject: str,
        text: str | None = None,
        html: str | None = None,
        sender: str | None = None,
        cc: str | Sequence[str] | None = None,
        bcc: str | Sequence[str] | None = None,
        reply_to: str | Sequence[str] | None = None,
        consent_field: str | None = "doNotEmail",
        name: str | None = None,
    ) -> Step:
        """Send mail: Sends a mail for each item. The items go on unchanged when their mails are sent. People who do
        not want mail get none and leave by an output of their own.

        to: Recipients: an address, several with commas between them, or a list.
        subject: The subject.
        text: The message as plain text.
        html: The message as HTML, beside the plain text or instead of it.
        sender: The author's address; the configured one when nothing is said.
        cc: Recipients of a copy.
        bcc: Recipients of a copy whom the others do not see.
        reply_to: Where answers go.
        consent_field: Items, and runs of records, with a true value in this field get no mail and leave by
            'refused'; null mails everybody.
        """
        return self._step(
            "mail.send",
            name,
            {
                "to": to,
                "subject": subject,
                "text": text,
                "html": html,
                "sender": sender,
                "cc": cc,
                "bcc": bcc,
                "reply_to": reply_to,
                "consent_field": consent_field,
            },
        )
