"""``towpath load``: records from a CSV file, with what was left out written beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from towpath.cli.exit_codes import ExitCode
from towpath.cli.progress import progress
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, note, table
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.crm.tabular.cells import CellForm
from towpath.crm.tabular.rows import BadRow
from towpath.errors import FormatError, InputError, Where
from towpath.formats.csv_text.reading import CsvText, read_csv
from towpath.service.load import LoadOptions, LoadReport, load_csv

app = new_app()
PIECE = 1 << 20  # bytes read at a time
SHOWN = 10  # rows left out that are shown; all of them are in the file
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@app.command()
def load(
    context: typer.Context,
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Lead.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file; encoding and delimiter are found out.")],
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="Where a column goes, if not where its name suggests; FIELD:NAME finds a referred record by NAME.",
        ),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="COLUMN", help="Leave a column out.")] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD", help="Update the record with the same value of this field instead of creating another."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and keep nothing.")] = False,
    blank: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="A cell with this text has no value.")] = None,
    dates: Annotated[Literal["ymd", "dmy", "mdy"], typer.Option(help="Order of day, month and year.")] = "ymd",
    decimal: Annotated[Literal[".", ","], typer.Option(help="The sign before decimal places.")] = ".",
    encoding: Annotated[str | None, typer.Option(help="Encoding, such as utf-8 or gb18030.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="The sign between cells.")] = None,
    errors: Annotated[Path | None, typer.Option(help="Where rows left out go; by default beside the file.")] = None,
    later: Annotated[
        bool, typer.Option("--later", help="Leave the runs that this starts to towpath work or serve.")
    ] = False,
) -> int:
    """Load records from a CSV file.

    Rows with errors stay out and are written to a file beside, with every reason; the others are kept.
    """
    session = Session.of(context)
    form = CellForm(frozenset({"", *(blank or ())}), dates, decimal)
    options = LoadOptions(_columns(columns or ()), tuple(ignore or ()), key, form, "cli", dry_run)
    beside = errors or file.with_name(f"{file.stem}.errors.csv")
    with _opened(file, encoding, delimiter) as text, session.platform(make=True) as platform:
        with progress(session, "Loading rows") as advance:
            report = load_csv(platform, object_name, text, options, advance)
        _write_refused(beside, text.header, report.refused)
        driven = None if dry_run or later else work_now(session, platform)
    _show(session, report, beside, text, dry_run=dry_run)
    if not session.json:
        tell(session, driven)
        next_step(session, f"towpath query {object_name}", "towpath runs list")
    return ExitCode.FAILED if report.refused else ExitCode.OK


@contextmanager
def _opened(path: Path, encoding: str | None, delimiter: str | None) -> Iterator[CsvText]:
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(
            f"the file cannot be read: {reason}", code="format.file", hint="Give the path of a CSV file.",
            where=Where(file=str(path)), params={"path": str(path)},
        ) from None  # fmt: skip
    with file:
        pieces = iter(lambda: file.read(PIECE), b"")
        try:
            yield read_csv(pieces, encoding=encoding, delimiter=delimiter, file=str(path))
        except IsADirectoryError:
            raise FormatError("it is a folder", code="format.file", where=Where(file=str(path))) from None


def _columns(pairs: Sequence[str]) -> dict[str, str]:
    said = {}
    for pair in pairs:
        column, sign, name = pair.rpartition("=")
        if not sign:
            raise InputError(
                f"{pair!r} is not a pair", code="input.pair", hint="Write COLUMN=FIELD.", params={"value": pair}
            )
        said[column.strip()] = name.strip()
    return said


def _write_refused(path: Path, header: Sequence[str], refused: Sequence[BadRow]) -> None:
    """The rows as they were with their reasons; a file of an earlier time goes away when there is none."""
    if not refused:
        if path.exists() and path.name.endswith(".errors.csv"):
            path.unlink()
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "towpath line", "towpath error", "towpath hint"])
        for row in refused:
            reasons = "; ".join(f"{error.code}: {error.message}" for error in row.errors)
            hints = "; ".join(dict.fromkeys(error.hint for error in row.errors if error.hint))
            writer.writerow([*map(_inert, row.cells), row.line, reasons, hints])


def _inert(cell: str) -> str:
    """The cell, so that a spreadsheet shows it and does not run it; numbers stay what they are."""
    if cell.startswith(_FORMULA) and not cell[1:].replace(".", "", 1).isdigit():
        return "'" + cell
    return cell


def _show(session: Session, report: LoadReport, beside: Path, text: CsvText, *, dry_run: bool) -> None:
    if session.json:
        emit(_as_json(report, beside, text, dry_run))
        return
    for warning in text.warnings:
        note(session, warning)
    pairs = [(column, target.field, target.lookup) for column, target in report.mapping.targets.items()]
    table(session, ("column", "field", "found by"), pairs, title="Columns")
    if report.mapping.unknown:
        note(session, session.say("Columns that go nowhere: {columns}", columns=", ".join(report.mapping.unknown)))
    counts = "{rows} rows: {created} created, {updated} updated, {unchanged} unchanged, {refused} left out."
    numbers = {name: getattr(report, name) for name in ("rows", "created", "updated", "unchanged")}
    line(session, session.say(counts, **numbers, refused=len(report.refused)))
    if dry_run:
        line(session, session.say("This was a trial: nothing is kept."))
    if report.refused:
        rows = [(e.line, e.column, e.value, e.code, e.message) for row in report.refused for e in row.errors]
        table(session, ("line", "column", "value", "code", "problem"), rows[:SHOWN], title="Rows left out")
        line(session, session.say("All of them with their reasons: {file}", file=str(beside)))


def _as_json(report: LoadReport, beside: Path, text: CsvText, dry_run: bool) -> dict[str, Any]:
    return {
        "object": report.mapping.schema.name, "dry_run": dry_run, "rows": report.rows, "created": report.created,
        "updated": report.updated, "unchanged": report.unchanged, "refused": len(report.refused),
        "encoding": text.encoding, "delimiter": text.delimiter, "warnings": text.warnings,
        "columns": {column: target.field for column, target in report.mapping.targets.items()},
        "unknown_columns": list(report.mapping.unknown),
        "errors_file": str(beside) if report.refused else None,
        "errors": [error.as_json() for row in report.refused for error in row.errors],
    }  # fmt: skip
