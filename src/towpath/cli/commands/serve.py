"""``towpath serve``: the HTTP API and the worker in one process, until it is stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, note
from towpath.cli.tree import new_app

app = new_app()


class Started(Protocol):
    """What the server says once it listens."""

    url: str
    token: str | None
    remote: bool
    link: str | None


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; others than this computer's must be allowed.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", "-p", min=0, max=65535, help="Port to listen on; 0 for any that is free.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, max=1, help="0: only answer requests; the work is done by towpath worker elsewhere.")
    ] = 1,
) -> None:
    """Run the HTTP API and the worker.

    Runs advance, timers fire and calls are sent as they fall due. Stop it with Ctrl+C; what is under way is finished.
    """
    session = Session.of(context)
    with session.platform(make=True) as platform:
        session.doors.serve(platform, host, port, announce_on(session, session.folder), workers > 0)


def announce_on(session: Session, folder: Path) -> Callable[[Started], None]:
    """What to call once the server listens."""
    return partial(_announce, session, folder)


def _announce(session: Session, folder: Path, started: Started) -> None:
    if session.json:
        told = {"url": started.url, "token": started.token, "link": started.link, "folder": str(folder.resolve())}
        emit(told)
        sys.stdout.flush()
        return
    line(session, session.say("Towpath listens at {url}", url=started.url), "bold")
    note(session, session.say("Data folder: {folder}", folder=str(folder.resolve())))
    if started.link:
        line(session, session.say("Open this link once; it signs you in as the owner: {link}", link=started.link))
    if started.token:
        line(session, session.say("API token, shown this once: {token}", token=started.token))
    note(session, session.say("Stop it with Ctrl+C."))
    sys.stdout.flush()  # whoever reads a pipe waits for the address
