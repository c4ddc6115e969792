"""``towpath import``: workflows of n8n become files of ours, with a report on every node and expression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.exit_codes import ExitCode
from towpath.cli.reading import STANDARD_INPUT, content_of
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.tree import new_app
from towpath.errors import InputError
from towpath.formats.native.yaml_writing import to_yaml
from towpath.service.import_n8n import ImportReport, import_n8n
from towpath.service.platform import Platform

app = new_app()
SUFFIX = ".towpath.yaml"


@app.command("import")
def import_flow(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="n8n workflow (JSON); - for standard input.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write; by default beside the file, as .towpath.yaml."),
    ] = None,
    report: Annotated[bool, typer.Option("--report", help="Only say what would become of it; write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> int:
    """Turn an n8n workflow into a workflow file, and say what became of each node and expression.

    Nothing is published and nothing runs: look at the report, then check, run and publish the file.
    """
    session = Session.of(context)
    with _platform(session) as platform:
        reports = import_n8n(platform, content_of(file), file=str(file))
    paths = [] if report else _write(file, output, reports, force)
    if session.json:
        names: Sequence[str | None] = [str(path) for path in paths] or [None] * len(reports)
        emit([{**each.as_json(), "file": name} for each, name in zip(reports, names, strict=True)])
    else:
        for each in reports:
            _show(session, each)
        for path in paths:
            line(session, session.say("Written: {path}", path=path))
        next_step(session, *(f"towpath {command} {paths[0]}" for command in ("check", "run") if paths))
    bad = any(problem.severity == "error" for each in reports for problem in each.problems)
    return ExitCode.FAILED if bad else ExitCode.OK


@contextmanager
def _platform(session: Session) -> Iterator[Platform]:
    """The platform of the data folder where there is one: its objects and workflows count."""
    if session.doors.has_data(session.folder):
        with session.platform() as platform:
            yield platform
        return
    platform, _ = session.doors.open_trial()
    try:
        yield platform
    finally:
        platform.close()


def _write(file: Path, output: Path | None, reports: list[ImportReport], force: bool) -> list[Path]:
    """One file for each workflow; further ones get a number."""
    first = output or Path("workflow" if file == STANDARD_INPUT else file).with_suffix(SUFFIX)
    paths = [first, *(first.with_name(f"{n}-{first.name}") for n in range(2, len(reports) + 1))]
    for path in paths:
        if path.exists() and not force:
            hint = "Give another name with --output, or write over it with --force."
            raise InputError(f"{path} is there already", code="input.exists", hint=hint, params={"path": str(path)})
    for path, each in zip(paths, reports, strict=True):
        path.write_text(to_yaml(each.definition), encoding="utf-8")
    return paths


def _show(session: Session, report: ImportReport) -> None:
    rows = [
        (
            node.name,
            node.type,
            node.status,
            node.towpath,
            "; ".join(filter(None, (node.reason, *node.warnings))),
            node.hint,
        )
        for node in report.nodes
    ]
    table(session, ("node", "n8n type", "status", "becomes", "reason", "hint"), rows, title=report.definition.name)
    foreign = [each for each in report.expressions if each.evaluator != "native"]
    if foreign:
        named = report.definition.node_name
        table(
            session, ("node", "field", "evaluator", "expression", "reason"),
            [(named(each.node), each.field, each.evaluator, each.text, each.reason) for each in foreign],
        )  # fmt: skip
    for warning in report.warnings:
        line(session, session.say("Note: {text}", text=warning))
    for connection in report.connections:
        text = "Connection to fill: {name} ({kind})"
        line(session, session.say(text, name=connection.name, kind=connection.kind))
    for problem in report.problems:
        line(session, str(problem.in_words(session.messages)))
    counts = report.counts()
    text = "{native} nodes run natively, {generic} are kept whole, {refused} do not run; {expressions} expressions."
    line(session, session.say(text, **counts))
