"""SQLite's errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from towpath.errors import StorageError, Where
from towpath.model.table import Table


@contextmanager
def translated(table: Table | None = None) -> Iterator[None]:
    """Raise StorageError for what SQLite reports."""
    try:
        yield
    except apsw.Error as error:
        raise storage_error(error, table) from error


def storage_error(error: apsw.Error, table: Table | None = None) -> StorageError:
    """What happened and what to do, by SQLite's result code."""
    where = Where(object=table.name if table else None)
    if isinstance(error, apsw.ConstraintError):
        return StorageError(
            f"a row with this key or unique value exists already: {error}", code="storage.conflict", where=where
        )
    if isinstance(error, apsw.FullError):
        full = StorageError("the disk is full; nothing of this was stored", code="storage.disk_full", where=where,
                            hint="Free some space; Towpath goes on by itself.")  # fmt: skip
        full.status = 507
        return full
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return StorageError(
            "the database is locked by another process",
            code="storage.locked",
            where=where,
            hint="Try again; if it lasts, see who holds the folder.",
        )
    if isinstance(error, apsw.CorruptError | apsw.NotADBError):
        return StorageError(
            f"the database file is damaged: {error}",
            code="storage.damaged",
            where=where,
            hint="Restore the latest backup.",
        )
    if isinstance(error, apsw.IOError | apsw.CantOpenError | apsw.ReadOnlyError):
        return StorageError(
            f"the database file cannot be used: {error}",
            code="storage.io",
            where=where,
            hint="Check the folder's rights and the disk.",
        )
    return StorageError(f"the store refused: {error}", code="storage.row", where=where)
