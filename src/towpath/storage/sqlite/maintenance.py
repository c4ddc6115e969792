"""Copies of a database that is in use, and its examination."""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from towpath.errors import StorageError
from towpath.storage.sqlite.errors import storage_error


def copy_file(connection: apsw.Connection, to: Path) -> None:
    """Copy everything, as of one moment, to a new file. The file appears only when it is whole and on disk."""
    _refuse_existing(to)
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        _copy_pages(connection, part)
        _publish(part, to)
    except apsw.Error as error:
        raise storage_error(error) from error
    finally:
        part.unlink(missing_ok=True)


def copy_memory(connection: apsw.Connection, to: Path) -> None:
    """Write a database in memory to a new file."""
    _refuse_existing(to)
    part = to.with_name(to.name + ".part")
    try:
        part.write_bytes(connection.serialize("main"))
        part.chmod(0o600)
        _publish(part, to)
    finally:
        part.unlink(missing_ok=True)


def integrity_check(connection: apsw.Connection) -> list[str]:
    """What SQLite's own examination of every page finds; empty when all is sound."""
    try:
        rows = connection.execute("PRAGMA integrity_check").fetchall()
    except apsw.Error as error:
        return [str(storage_error(error))]
    return [str(found) for (found,) in rows if found != "ok"]


def _copy_pages(connection: apsw.Connection, part: Path) -> None:
    target = apsw.Connection(str(part))
    try:
        with target.backup("main", connection, "main") as copy:
            while not copy.done:
                copy.step(-1)  # in one go, so that writers cannot make it start again; they are not held up
        target.pragma("journal_mode", "DELETE")  # one file, whole in itself
    finally:
        target.close()


def _publish(part: Path, to: Path) -> None:
    """Give a finished file its name, so that even a power cut leaves all of it or none."""
    _sync(part)
    part.rename(to)
    _sync(to.parent)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows has no such thing
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refuse_existing(to: Path) -> None:
    if to.exists():
        raise StorageError(
            "The file for the copy exists already.",
            code="storage.file_exists",
            hint="Give a name that is not taken, or move the old copy away.",
            params={"file": str(to)},
        )
