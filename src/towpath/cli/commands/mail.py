"""``towpath mail``: take in mails from files, or from the mailbox that is configured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.reading import content_of
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.errors import InputError
from towpath.service.inbound_mail import Received
from towpath.service.inbound_mail import poll as poll_inbox
from towpath.service.inbound_mail import receive as receive_mail

app = new_app("Take in mails: answers find their case, others make a new one.")


@app.command("receive")
def receive(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Messages (.eml); - for standard input.")],
) -> None:
    """Take in messages from files."""
    session = Session.of(context)
    with session.platform(make=True) as platform:
        found = [receive_mail(platform, content_of(path)) for path in files]
        driven = work_now(session, platform)
    _tell(session, found)
    if not session.json:
        tell(session, driven)


@app.command("poll")
def poll(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 100,
) -> None:
    """Take in what the mailbox of TOWPATH_IMAP_HOST has not shown yet."""
    session = Session.of(context)
    with session.platform(make=True) as platform:
        if not platform.inboxes:
            raise InputError(
                "no mailbox is configured", code="mail.no_inbox",
                hint="Set TOWPATH_IMAP_HOST, TOWPATH_IMAP_USER and TOWPATH_IMAP_PASSWORD.",
            )  # fmt: skip
        found = [received for inbox in platform.inboxes for received in poll_inbox(platform, inbox, limit)]
        driven = work_now(session, platform)
    _tell(session, found)
    if not session.json:
        tell(session, driven)


def _tell(session: Session, found: Sequence[Received]) -> None:
    if session.json:
        emit([asdict(received) for received in found])
    elif found:
        rows = [(received.outcome, received.object, received.record) for received in found]
        table(session, ("outcome", "object", "record"), rows)
        next_step(session, "towpath query Case --limit 10")
    else:
        line(session, session.say("No new mails."))
