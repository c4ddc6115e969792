"""``towpath serve``: the HTTP API and the worker in one process, until it is stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import note
from towpath.cli.tree import new_app

app = new_app()
DEFAULT_PORT = 8130


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; others than this computer need sign-in configured.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port to listen on; 0 for any that is free.")] = DEFAULT_PORT,
) -> None:  # fmt: skip
    """Run the HTTP API and the worker.

    Runs advance, timers fire and calls are sent as they fall due. Stop it with Ctrl+C; what is under way is finished.
    """
    session = Session.of(context)
    with session.platform(make=True) as platform:
        note(session, session.say("Data folder: {folder}", folder=str(session.folder.resolve())))
        session.doors.serve(platform, host=host, port=port)
