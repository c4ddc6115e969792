"""Spreadsheets: sheets of Excel and LibreOffice files as rows, and rows as an Excel file.

What a file unpacks to is counted before anything reads it, since a small one may hold a very large one.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine
import xlsxwriter  # type: ignore[import-untyped]

from towpath.errors import FormatError, LimitError, did_you_mean

MAX_UNPACKED = 200_000_000
MAX_ROWS = 1_048_576  # of a sheet, as in Excel
MAX_COLUMNS = 16_384
_CHUNK = 1 << 20


def read_sheet(data: bytes, sheet: str | None = None) -> Iterator[list[Any]]:
    """The rows of a sheet, by name or the first one: text, numbers, true and false, dates as ISO text, None.

    Raises FormatError ``format.spreadsheet`` for what is none, LimitError ``limit.unpacked`` for what is too large.
    """
    _count_unpacked(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise _bad(f"there is no sheet {sheet!r}", did_you_mean(sheet, names))
        rows = book.get_sheet_by_name(sheet or names[0]).to_python() if names else []
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise _bad(
            f"this is no spreadsheet: {error}", "Excel (xlsx, xls, xlsb) and LibreOffice (ods) are read."
        ) from None
    return ([_value(cell) for cell in row] for row in rows)


def write_sheet(header: Sequence[str] | None, rows: Iterable[Sequence[Any]], *, sheet: str = "Sheet") -> bytes:
    """An Excel file of one sheet. Texts are written as text, so that none of them becomes a formula."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(made, options)
    try:
        page = book.add_worksheet(sheet)
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise _bad(f"{sheet[:80]!r} cannot be the name of a sheet: {error}") from None
    for number, row in enumerate([header, *rows] if header is not None else rows):
        if number >= MAX_ROWS or len(row) > MAX_COLUMNS:
            raise _bad(f"a sheet has {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns at most")
        for column, value in enumerate(row):
            _write(page, number, column, value)
    book.close()
    return made.getvalue()


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    elif value is not None:
        page.write_string(row, column, str(value)[:32_767])


def _value(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    return None if cell == "" else cell


def _count_unpacked(data: bytes) -> None:
    if not data.startswith(b"PK"):
        return
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for part in packed.infolist():
                with packed.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise _too_large()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _bad(f"this is no spreadsheet: {error}") from None


def _bad(message: str, hint: str | None = None) -> FormatError:
    return FormatError(message, code="format.spreadsheet", hint=hint)


def _too_large() -> LimitError:
    return LimitError(
        f"the spreadsheet unpacks to more than {MAX_UNPACKED:,} bytes",
        code="limit.unpacked",
        hint="Save its sheets as files of their own, or as CSV.",
        params={"limit": MAX_UNPACKED},
    )
