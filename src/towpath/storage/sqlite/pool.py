"""Connections for reading: each reading unit has one to itself, which is kept for the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import apsw

from towpath.storage.sqlite.committing import closed
from towpath.storage.sqlite.connection import connect
from towpath.storage.sqlite.errors import storage_error

_KEPT = 8  # idle connections


class ReadPool:
    """Opens connections as they are needed and keeps a few."""

    def __init__(self, path: str, busy_timeout: float) -> None:
        self._path = path
        self._busy_timeout = busy_timeout
        self._lock = Lock()
        self._idle: list[apsw.Connection] = []
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[apsw.Connection]:
        """A connection, outside any transaction."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection)

    @contextmanager
    def snapshot(self) -> Iterator[apsw.Connection]:
        """A connection that sees one state of the database, that of the first look at it."""
        with self.connection() as connection:
            try:
                connection.execute("BEGIN")
            except apsw.Error as error:
                raise storage_error(error) from error
            yield connection

    def close(self) -> None:
        """Close what is idle now, and the others when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> apsw.Connection:
        with self._lock:
            if self._closed:
                raise closed()
            if self._idle:
                return self._idle.pop()
        return connect(self._path, self._busy_timeout, reading=True)

    def _give_back(self, connection: apsw.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")  # it has only read
        with self._lock:
            if not self._closed and len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()
