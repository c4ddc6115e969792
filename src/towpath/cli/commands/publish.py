"""``towpath publish``: workflow files become the active versions of their workflows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.reading import workflow_files, workflow_of
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, note
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.service.workflows import PublishedVersion
from towpath.service.workflows import publish as publish_definition

app = new_app()


@app.command()
def publish(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Workflow files or folders; - for standard input.")
    ],
    off: Annotated[bool, typer.Option("--off", help="Store the version, but do not make it the active one.")] = False,
) -> None:
    """Make workflow files the active versions: their triggers start runs.

    All files are read first; a file with problems publishes nothing of itself.
    """
    session = Session.of(context)
    definitions = [workflow_of(path) for path in workflow_files(files)]
    with session.platform(make=True) as platform:
        made = [publish_definition(platform, each, actor="cli", activate=not off) for each in definitions]
        driven = work_now(session, platform)
    if session.json:
        emit([asdict(version) for version in made])
        return
    for version in made:
        line(session, _text(session, version, off))
        for problem in version.warnings:
            note(session, f"  {problem}")
    tell(session, driven)
    next_step(session, "towpath load Lead leads.csv", f"towpath metrics {made[0].workflow}", "towpath serve")


def _text(session: Session, version: PublishedVersion, off: bool) -> str:
    text = "{name} ({id}): version {version} is published and on."
    if version.unchanged:
        text = "{name} ({id}): version {version} is the same already; nothing to publish."
    elif off:
        text = "{name} ({id}): version {version} is stored; towpath workflows on {id} switches it on."
    return session.say(text, name=version.name, id=version.workflow, version=version.version)
