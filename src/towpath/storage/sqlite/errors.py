"""SQLite's errors as Towpath's: what happened, where, and what to do."""

from __future__ import annotations

import errno

import apsw

from towpath.errors import StorageError, Where
from towpath.model.table import Table
from towpath.storage.relational.definitions import TENANT
from towpath.storage.relational.refusals import conflict, disk_full, unstorable

UNSTORABLE = (TypeError, OverflowError, UnicodeEncodeError)  # raised while a value is bound or encoded
_MISFITS = (apsw.BindingsError, apsw.MismatchError, apsw.TooBigError, *UNSTORABLE)
_CLASHES = frozenset({apsw.SQLITE_CONSTRAINT_PRIMARYKEY, apsw.SQLITE_CONSTRAINT_UNIQUE, apsw.SQLITE_CONSTRAINT_ROWID})


def storage_error(error: Exception, table: Table | None = None) -> StorageError:
    """The StorageError for anything that the driver raises."""
    where = Where(object=table.name) if table else Where()
    if isinstance(error, apsw.ConstraintError):
        return _constraint(error, table, where)
    if isinstance(error, apsw.FullError) or _no_space(error):
        return disk_full(where)
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return StorageError(
            "Another process is writing to the database and has not finished in time.",
            code="storage.locked",
            hint="Try again; if it lasts, look which other process has the folder open.",
            where=where,
        )
    if isinstance(error, apsw.CorruptError | apsw.NotADBError):
        return StorageError(
            f"The database file is damaged or is no database: {error}.",
            code="storage.damaged",
            hint="Stop Towpath and restore the latest backup.",
            where=where,
        )
    if isinstance(error, apsw.IOError | apsw.CantOpenError | apsw.ReadOnlyError | apsw.PermissionsError):
        return StorageError(
            f"The database file cannot be used: {error}.",
            code="storage.io",
            hint="Check that the folder exists, that it may be written to, and that the disk is sound.",
            where=where,
        )
    if isinstance(error, _MISFITS):
        return unstorable(str(error), where)
    return StorageError(f"The database refused: {error}.", code="storage.failed", where=where)


def _constraint(error: apsw.ConstraintError, table: Table | None, where: Where) -> StorageError:
    if getattr(error, "extendedresult", None) not in _CLASHES:
        return unstorable(str(error), where)
    columns = _clashing(str(error), table) if table else ()
    return conflict(columns, where)


def _clashing(message: str, table: Table) -> tuple[str, ...]:
    """The columns of the key or unique index that the message names; names may hold dots and commas themselves."""
    for columns in (table.key, *(index.columns for index in table.indexes if index.unique)):
        if message.endswith(": " + ", ".join(f"{table.name}.{name}" for name in (TENANT, *columns))):
            return columns
    return ()


def _no_space(error: Exception) -> bool:
    return isinstance(error, apsw.IOError) and getattr(error, "system_errno", None) in (errno.ENOSPC, errno.EDQUOT)
