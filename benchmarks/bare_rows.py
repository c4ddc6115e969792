"""The limit: the rows that Towpath wrote, written again by plain executemany, with nothing worked out.

While the real thing runs, every statement that writes is recorded with its values. They are then replayed on a copy of
the database as it was before, with the same transactions and the same settings. What remains is what SQLite
and the disk take; whatever the real thing took longer is Towpath's.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from towpath.storage.sqlite import SQLiteStore
from towpath.storage.sqlite.connection import connect

Statement = tuple[str, list[tuple[Any, ...]]]
_BOUNDS = ("BEGIN", "COMMIT")
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Recording:
    """The writing statements of a store in order, rows of one statement together."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    @property
    def rows(self) -> int:
        """How many rows were written."""
        return sum(len(rows) for text, rows in self.statements if not text.startswith(_BOUNDS))

    def note(self, _: Any, text: str, values: Any) -> bool:
        """Called by SQLite's binding before each statement and row; true lets it go on."""
        if text.startswith(_WRITES):
            if not self.statements or self.statements[-1][0] != text:
                self.statements.append((text, []))
            self.statements[-1][1].append(tuple(values or ()))
        elif text.startswith(_BOUNDS):
            self.statements.append((text, []))
        return True

    def replay(self, connection: apsw.Connection) -> None:
        """Write the same rows again."""
        for text, rows in self.statements:
            if rows:
                connection.executemany(text, rows)
            else:
                connection.execute(text)


@contextmanager
def recording(store: SQLiteStore) -> Iterator[Recording]:
    """Record what the store writes meanwhile."""
    made = Recording()
    store._writer.exec_trace = made.note
    try:
        yield made
    finally:
        store._writer.exec_trace = None


def copy_of(database: Path, folder: Path) -> Path:
    """A copy of a database that nobody has open."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(database, folder / database.name))


@contextmanager
def bare_connection(database: Path) -> Iterator[apsw.Connection]:
    """A connection with the settings of the store: WAL, synchronous FULL."""
    connection = connect(str(database), 10.0)
    try:
        yield connection
    finally:
        connection.close()
