"""Postgres's errors as Towpath's: what happened, where, and what to do."""

from __future__ import annotations

import psycopg
from psycopg import errors as pg

from towpath.errors import StorageError, Where
from towpath.model.table import Table
from towpath.storage.postgres.arrays import UNFIT
from towpath.storage.relational.definitions import index_name
from towpath.storage.relational.refusals import conflict, disk_full, unstorable

REFUSALS = (psycopg.Error, *UNFIT)
AGAIN = "storage.serialization"  # another transaction was in the way: the unit is run again
LOST = "storage.connection_lost"  # the server or the way to it is gone, or it gave the session up
SLOW = "storage.idle_timeout"  # the session was given up because the unit had the database wait for too long
_GONE = (pg.AdminShutdown, pg.CrashShutdown, pg.CannotConnectNow, pg.OperatorIntervention, pg.ConnectionException)
_MISFITS = (psycopg.DataError, pg.NotNullViolation, pg.CheckViolation, pg.ProgramLimitExceeded, *UNFIT)
_TEXTS: tuple[tuple[tuple[type[Exception], ...], str, str, str], ...] = (
    (
        (pg.SerializationFailure, pg.DeadlockDetected), AGAIN,
        "Another transaction changed the same rows at the same time.", "Try again.",
    ),
    (
        (pg.IdleInTransactionSessionTimeout,), SLOW,
        "The database gave the transaction up, because nothing was asked of it for too long.",
        "Let workflows do less in one step, or raise TOWPATH_DATABASE_IDLE_TIMEOUT.",
    ),
    (
        (pg.LockNotAvailable, pg.QueryCanceled), "storage.locked",
        "Another process holds what is needed and has not let go in time.", "Try again; if it lasts, look who waits.",
    ),
    (
        (pg.InsufficientPrivilege, pg.ReadOnlySqlTransaction), "storage.denied",
        "The database user may not do this, or the server takes no changes.",
        "Give the user its own schema with the right to create tables; connect to the primary server.",
    ),
    (
        (pg.DataCorrupted, pg.IndexCorrupted), "storage.damaged",
        "The database is damaged.", "Stop Towpath and restore the latest backup.",
    ),
)  # fmt: skip


def storage_error(error: Exception, table: Table | None = None) -> StorageError:
    """The StorageError for anything that the driver raises."""
    where = Where(object=table.name) if table else Where()
    if isinstance(error, pg.UniqueViolation | pg.ExclusionViolation):
        return conflict(_clashing(error.diag.constraint_name, table) if table else (), where)
    if isinstance(error, pg.DiskFull):
        return disk_full(where)
    for kinds, code, message, hint in _TEXTS:
        if isinstance(error, kinds):
            return StorageError(message, code=code, hint=hint, where=where)
    if isinstance(error, _GONE) or (isinstance(error, psycopg.OperationalError) and error.sqlstate is None):
        return lost(error, where)
    if isinstance(error, _MISFITS):
        return unstorable(_first_line(error), where)
    return StorageError(f"The database refused: {_first_line(error)}.", code="storage.failed", where=where)


def lost(error: Exception, where: Where | None = None) -> StorageError:
    """The connection broke; what had not been committed is not stored."""
    return StorageError(
        f"The database cannot be reached: {_first_line(error)}.",
        code=LOST,
        hint="Look whether the server runs; Towpath connects again by itself.",
        where=where or Where(),
    )


def _clashing(constraint: str | None, table: Table) -> tuple[str, ...]:
    """The columns of the unique index of that name; any other constraint is the key."""
    for index in table.indexes:
        if index_name(table, index) == constraint:
            return index.columns
    return table.key


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
