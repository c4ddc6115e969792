"""``towpath export``: a workflow file as n8n's JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.reading import workflow_of
from towpath.cli.session import Session
from towpath.cli.show import note
from towpath.cli.tree import new_app
from towpath.service.import_n8n import export_n8n

app = new_app()


@app.command("export")
def export_flow(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Workflow file; - for standard input.")],
) -> None:
    """Write a workflow as n8n's JSON on standard output; importing it again gives an equal workflow."""
    session = Session.of(context)
    written = export_n8n(workflow_of(file))
    print(json.dumps(written.document, indent=2, ensure_ascii=False))
    if written.foreign:
        text = "n8n keeps these nodes but cannot run them: {nodes}"
        note(session, session.say(text, nodes=", ".join(written.foreign)))
