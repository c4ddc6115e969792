"""Opening SQLite so that what is committed is on disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import apsw

from towpath.errors import StorageError
from towpath.storage.sqlite.errors import storage_error

MEMORY = ":memory:"
OLDEST = (3, 51, 3)  # from 3.7.0 up to here a checkpoint could damage a WAL that was being reset
_PAGE = 4096  # bytes; 8192 was no faster, and a lone write costs more
_CACHE = 64  # MiB per connection at most; what is not used is not taken
_CHECKPOINT = 8000  # pages of WAL (32 MiB) before it is copied into the file: a third faster than the usual 1,000
_STATEMENTS = 512  # prepared statements kept per connection


def check_version(version: str | None = None) -> None:
    """Refuse a SQLite that can damage databases."""
    version = version or apsw.sqlite_lib_version()
    if tuple(map(int, version.split(".")[:3])) < OLDEST:
        raise StorageError(
            f"This SQLite ({version}) can damage databases: a fault in its write-ahead log was mended in 3.51.3.",
            code="storage.sqlite_too_old",
            hint="Install apsw as a wheel, which brings its own SQLite, instead of building it against the system's.",
        )


def connect(path: str, busy_timeout: float, *, reading: bool = False) -> apsw.Connection:
    """A connection; ``busy_timeout`` in seconds. StorageError when the file cannot be opened or is no database."""
    try:
        if path != MEMORY:
            _make_private(Path(path))
        connection = apsw.Connection(path, statementcachesize=_STATEMENTS)
        try:
            _configure(connection, busy_timeout, reading=reading)
        except BaseException:
            connection.close()
            raise
    except (apsw.Error, OSError) as error:
        raise _cannot_open(path, error) from error
    return connection


def _make_private(path: Path) -> None:
    """A new database may be read by its owner only; SQLite gives its other files the same rights."""
    with suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)


def _configure(connection: apsw.Connection, busy_timeout: float, *, reading: bool) -> None:
    connection.set_busy_timeout(round(busy_timeout * 1000))
    connection.pragma("page_size", _PAGE)
    connection.pragma("journal_mode", "WAL")
    connection.pragma("synchronous", "FULL")
    connection.pragma("fullfsync", True)  # macOS: past the drive's own cache
    connection.pragma("checkpoint_fullfsync", True)
    connection.pragma("cache_size", -_CACHE * 1024)
    connection.pragma("temp_store", "MEMORY")
    connection.pragma("trusted_schema", False)
    connection.pragma("journal_size_limit", 4 * _CHECKPOINT * _PAGE)
    connection.wal_autocheckpoint(_CHECKPOINT)
    connection.pragma("query_only", reading)


def _cannot_open(path: str, error: Exception) -> StorageError:
    if isinstance(error, apsw.Error):
        failed = storage_error(error)
        failed.where = failed.where.within(file=path)
        return failed
    return StorageError(
        f"The database cannot be opened: {error}.",
        code="storage.io",
        hint="Check that the folder exists and that it may be written to.",
    )
