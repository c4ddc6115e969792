"""``towpath demo``: CRM workflows over thousands of records, what came of it, and then a server to look around in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.commands.metrics import show_workflow
from towpath.cli.commands.serve import announce_on
from towpath.cli.progress import stages
from towpath.cli.session import DemoResult, Session
from towpath.cli.show import emit, line, next_step, note, table
from towpath.cli.tree import new_app
from towpath.errors import ConflictError, Where

app = new_app()
FOLDER = Path(".towpath-demo")
MARK = "demo.txt"


@app.command()
def demo(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="End after printing instead of serving the demo's data.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Folder with leads.csv and sales_pipeline.csv; else data is generated."
        ),
    ] = None,
) -> None:
    """Run CRM workflows over thousands of sample records and show what came of it.

    The demo has a folder of its own, which is made anew each time; afterwards it is a data folder like any other.
    """
    session = Session.of(context)
    folder = session.folder if session.folder_given else FOLDER
    make_anew(folder)
    note(session, session.say("Data folder: {folder}", folder=str(folder)))
    with stages(session) as progress:
        result = session.doors.demo(folder, data, progress)
    if session.json:
        emit({"folder": str(folder), **result.as_json()})
        return
    _show(session, result)
    option = f" --folder {folder}"
    next_step(session, *(command + option for command in result.next_commands))
    if not once:
        _serve(session, folder)


def make_anew(folder: Path) -> None:
    """An empty folder that is marked as a demo's; a folder with other data is left alone (ConflictError)."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise ConflictError(
            f"the folder {str(folder)!r} has data that no demo made",
            code="demo.folder",
            hint="Name a new folder with --folder.",
            where=Where(file=str(folder)),
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("towpath demo made this folder and makes it anew each time.\n", encoding="utf-8")


def _show(session: Session, result: DemoResult) -> None:
    table(session, ("object", "records"), list(result.records.items()), title="Records", numbers=("records",))
    for each in result.workflows:
        show_workflow(session, each.metrics)
        paths = [(path, count) for path, count in each.paths.items()]
        table(session, ("path", "runs"), paths, title="Runs by path", numbers=("runs",))
    text = "{runs} runs over {records} records in {seconds} s."
    records = sum(result.records.values())
    line(session, session.say(text, runs=f"{result.runs:,}", records=f"{records:,}", seconds=f"{result.seconds:.1f}"))


def _serve(session: Session, folder: Path) -> None:
    platform = session.doors.open_platform(folder)
    try:
        session.doors.serve(platform, None, None, announce_on(session, folder), True)
    finally:
        platform.close()
