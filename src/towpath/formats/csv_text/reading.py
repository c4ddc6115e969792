"""CSV in whatever encoding and with whatever delimiter: bytes in, header and numbered rows out, as a stream."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from towpath.errors import FormatError, LimitError, Where
from towpath.formats.csv_text.decoding import Decoder, find_encoding, known_encoding, texts_of
from towpath.formats.csv_text.limits import CsvLimits
from towpath.formats.csv_text.lines import Lines

DELIMITERS = ",;\t|"
SNIFFED_ROWS = 50
DEFAULT_LIMITS = CsvLimits()

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?$", re.IGNORECASE)


class TextRow(NamedTuple):
    """One row: the line it begins in, one text per column, and how many cells it had beyond the columns."""

    line: int
    cells: list[str]
    surplus: int = 0


@dataclass(slots=True)
class CsvText:
    """An opened CSV text. ``rows`` can be read once; ``warnings`` may grow while it is."""

    header: tuple[str, ...]
    rows: Iterator[TextRow]
    encoding: str
    delimiter: str
    warnings: list[str] = field(default_factory=list)


def read_csv(
    data: bytes | Iterable[bytes],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: CsvLimits = DEFAULT_LIMITS,
    file: str | None = None,
) -> CsvText:
    """Open CSV bytes, given whole or in pieces. Encoding and delimiter are found out unless they are given.

    Raises FormatError for text that cannot be decoded, LimitError for a limit of ``limits``, each with the line.
    """
    warnings: list[str] = []
    chunks = iter((data,) if isinstance(data, bytes) else data)
    sample, chunks = _sample(chunks, limits.sample)
    decoder = Decoder(known_encoding(encoding, file) or find_encoding(sample, warnings), file, warnings)
    texts = texts_of(chunks, decoder)
    first = next(texts, "")
    bare_returns = "\r" in first and "\n" not in first
    lines = Lines(chain((first,), texts), limits, file, bare_returns)
    delimiter = delimiter or _separator_line(first, lines) or _find_delimiter(first, bare_returns)
    # The module's own limit is one for the whole process, so it is only ever raised; rows are bounded by Lines.
    csv.field_size_limit(max(csv.field_size_limit(), limits.row_characters + 1))
    reader = _numbered(lines, delimiter, file)
    header = _header(reader, limits, warnings, file)
    return CsvText(header, _rows(reader, len(header), limits, file), decoder.encoding, delimiter, warnings)


def _sample(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    taken: list[bytes] = []
    length = 0
    while length < size and (chunk := next(chunks, None)) is not None:
        taken.append(chunk)
        length += len(chunk)
    whole = b"".join(taken)
    return whole[:size], chain((whole,), chunks)


def _separator_line(first: str, lines: Lines) -> str | None:
    """Spreadsheets may write ``sep=;`` as a line of its own before the header."""
    match = _SEPARATOR_LINE.match(first.split("\n", 1)[0])
    if not match:
        return None
    next(lines)
    lines.next_row()
    return match[1]


def _find_delimiter(text: str, bare_returns: bool) -> str:
    """The delimiter that cuts most of the first rows into the same number of cells, more than one."""
    lines = text.replace("\r", "\n").split("\n") if bare_returns else text.split("\n")
    lines = lines[:-1] or lines  # the last may be cut short
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            counts = [len(row) for row in islice(csv.reader(lines, delimiter=delimiter), SNIFFED_ROWS) if row]
        except csv.Error:
            continue  # a row that cannot be cut like this is refused, with its line, when it is read
        width = counts[0] if counts else 0
        if width > 1:
            score = (sum(count == width for count in counts) / len(counts), width)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _numbered(lines: Lines, delimiter: str, file: str | None) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = lines.row_line
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise FormatError(
                f"The row cannot be read: {error}.",
                code="csv.invalid",
                hint="Look for quotes and line breaks in this row.",
                where=Where(file=file, line=line),
            ) from None
        lines.next_row()
        if row is None:
            return
        if row and any(cell.strip() for cell in row):
            yield line, row


def _header(
    reader: Iterator[tuple[int, list[str]]], limits: CsvLimits, warnings: list[str], file: str | None
) -> tuple[str, ...]:
    line, cells = next(reader, (1, []))
    if not cells:
        raise FormatError(
            "The file has no rows.",
            code="csv.empty",
            hint="The first row must name the columns.",
            where=Where(file=file),
        )
    if len(cells) > limits.columns:
        raise LimitError(
            f"The file has {len(cells)} columns; {limits.columns} are allowed (columns).",
            code="csv.too_many_columns",
            hint="Remove columns that are not needed, or check the delimiter.",
            where=Where(file=file, line=line),
        )
    return _distinct([cell.strip() for cell in cells], warnings)


def _distinct(names: Sequence[str], warnings: list[str]) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for position, name in enumerate(names, 1):
        unique = name or f"Column {position}"
        number = 2
        while unique in seen:
            unique = f"{name or f'Column {position}'} ({number})"
            number += 1
        if unique != name:
            warnings.append(f"Column {position} is called {unique!r}: its name is {'taken' if name else 'missing'}.")
        seen[unique] = None
    return tuple(seen)


def _rows(
    reader: Iterator[tuple[int, list[str]]], width: int, limits: CsvLimits, file: str | None
) -> Iterator[TextRow]:
    for number, (line, cells) in enumerate(reader, 1):
        if limits.rows is not None and number > limits.rows:
            raise LimitError(
                f"The file has more than {limits.rows} rows (rows).",
                code="csv.too_many_rows",
                hint="Cut it into several files.",
                where=Where(file=file, line=line),
            )
        if len(cells) == width:
            yield TextRow(line, cells)
        elif len(cells) < width:
            yield TextRow(line, cells + [""] * (width - len(cells)))
        else:
            surplus = len(cells) - width if any(cells[width:]) else 0
            yield TextRow(line, cells[:width], surplus)
