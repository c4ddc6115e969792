"""``towpath explain``: what a save of a record runs, in order."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, next_step, table
from towpath.cli.tree import new_app
from towpath.service.explain import explain_save

app = new_app()


@app.command()
def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Lead.")],
) -> None:
    """Show what runs when a record is saved, in order."""
    session = Session.of(context)
    with session.platform() as platform:
        steps = explain_save(platform, name)
    if session.json:
        emit([asdict(step) for step in steps])
        return
    rows = [(step.phase, step.order, step.kind, step.name, step.about) for step in steps]
    table(session, ("phase", "order", "what", "name", "about"), rows, numbers=("order",))
    next_step(session, "towpath why WORKFLOW RECORD", "towpath definitions list")
