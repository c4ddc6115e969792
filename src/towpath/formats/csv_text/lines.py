"""The lines of a text in pieces, with a bound on how much one row takes."""

from __future__ import annotations

from collections.abc import Iterator

from towpath.errors import LimitError, Where
from towpath.formats.csv_text.limits import CsvLimits


class Lines:
    """The lines of a text in pieces, counted, with a bound on how much one row takes.

    Without the bound, one quote that is never closed would draw the whole file into memory.
    """

    def __init__(self, texts: Iterator[str], limits: CsvLimits, file: str | None, bare_returns: bool) -> None:
        self._lines = _split(texts, limits.row_characters, "\r" if bare_returns else "\n")
        self._limit = limits.row_characters
        self._file = file
        self._row_characters = 0
        self.row_line = 1
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        self._row_characters += len(line)
        if self._row_characters > self._limit:
            raise LimitError(
                f"The row that begins here is longer than {self._limit} characters (row_characters).",
                code="csv.row_too_long",
                hint='A quote may be open: look for a single " in this row.',
                where=Where(file=self._file, line=self.row_line),
            )
        return line

    def next_row(self) -> None:
        """The row that was being read is complete."""
        self._row_characters = 0
        self.row_line = self.count + 1


def _split(texts: Iterator[str], most: int, end: str) -> Iterator[str]:
    rest = ""
    for text in texts:
        lines = (rest + text).split(end)
        rest = lines.pop()
        for line in lines:
            yield line + "\n"
        if len(rest) > most:
            yield rest
            rest = ""
    if rest:
        yield rest
