"""``towpath check``: every problem of workflow files, at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.exit_codes import ExitCode
from towpath.cli.reading import SUFFIXES, content_of, workflow_files
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.tree import new_app
from towpath.errors import TowpathError
from towpath.formats import survey_workflow
from towpath.model.problem import Problem
from towpath.service.platform import Platform
from towpath.service.workflows import check as check_definition

app = new_app()


@app.command()
def check(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Workflow files or folders; - for standard input.")
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as problems.")] = False,
) -> int:
    """Find every problem of workflow files.

    They are held against the node types and, where there is a data folder, its objects, fields and workflows.
    """
    session = Session.of(context)
    with _platform(session) as platform:
        found = {str(path): problems_of(platform, path) for path in workflow_files(files)}
    _show(session, found)
    bad = any(strict or problem.severity == "error" for problems in found.values() for problem in problems)
    return ExitCode.FAILED if bad else ExitCode.OK


def problems_of(platform: Platform, path: Path) -> list[Problem]:
    """The problems of one file: of its text, its shape and its meaning, errors first."""
    try:
        reading = survey_workflow(content_of(path), syntax=SUFFIXES.get(path.suffix.lower()), file=str(path))
    except TowpathError as error:
        return [_as_problem(error)]
    problems = list(reading.problems)
    if reading.definition is not None:
        problems += check_definition(platform, reading.definition)
    return sorted(problems, key=lambda problem: problem.severity != "error")


def _as_problem(error: TowpathError) -> Problem:
    place = f" (line {error.where.line}, column {error.where.column})" if error.where.line else ""
    return Problem(error.code, f"{error.message}{place}", hint=error.hint)


@contextmanager
def _platform(session: Session) -> Iterator[Platform]:
    if session.doors.has_data(session.folder):
        with session.platform() as platform:
            yield platform
    else:
        platform, _ = session.doors.open_trial()
        try:
            yield platform
        finally:
            platform.close()


def _show(session: Session, found: dict[str, list[Problem]]) -> None:
    if session.json:
        emit([{"file": file, "problems": [problem.as_json() for problem in found[file]]} for file in found])
        return
    rows = [
        (file, p.severity, p.code, p.node or p.edge, p.field, p.message, p.hint)
        for file, problems in found.items()
        for p in (problem.in_words(session.messages) for problem in problems)
    ]
    if rows:
        table(session, ("file", "severity", "code", "node", "field", "problem", "hint"), rows)
    good = [file for file, problems in found.items() if not problems]
    if good:
        line(session, session.say("Without problems: {files}", files=", ".join(good)))
        next_step(session, f"towpath run {good[0]}", f"towpath publish {good[0]}")
