"""``towpath worker``: a process that does the work of some queues, beside others on the same database."""

from __future__ import annotations

from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import note
from towpath.cli.tree import new_app
from towpath.errors import InputError, did_you_mean
from towpath.ports.dispatch import QUEUES

app = new_app()


@app.command()
def worker(
    context: typer.Context,
    queue: Annotated[
        list[str] | None,
        typer.Option("--queue", help="Serve this queue: interactive, bulk, http, mail or model. Repeatable; else all."),
    ] = None,
    replace_after: Annotated[
        float,
        typer.Option(min=1, help="Replace the process when it does nothing for so many seconds while work is due."),
    ] = 60.0,
    pipe: Annotated[int | None, typer.Option(hidden=True, help="The pipe to whoever watches this process.")] = None,
) -> None:
    """Work on runs and calls until it is stopped.

    Start as many as there is work for, on any number of machines that reach the database. Stop one with Ctrl+C; what is
    under way is finished. One that dies is replaced, and what it had under way is done by others.
    """
    session = Session.of(context)
    queues = tuple(dict.fromkeys(queue or QUEUES))
    for name in queues:
        if name not in QUEUES:
            raise InputError(
                f"{name!r} is not a queue", code="worker.unknown_queue", hint=did_you_mean(name, QUEUES),
                params={"queue": name},
            )  # fmt: skip
    if pipe is None:
        note(session, session.say("This worker serves: {queues}. Stop it with Ctrl+C.", queues=", ".join(queues)))
    with session.platform(make=True) as platform:
        session.doors.work(platform, session.folder, queues, replace_after, pipe)
