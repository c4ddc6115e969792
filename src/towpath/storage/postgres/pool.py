"""Connections for reading: each reading unit has one to itself, which is kept for the next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg

from towpath.errors import StorageError
from towpath.storage.postgres.committing import closed
from towpath.storage.postgres.errors import LOST
from towpath.storage.postgres.settings import PostgresSettings

SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_KEPT = 8  # idle connections
_PAUSE = 0.1  # seconds between two attempts to reach the server


class ReadPool:
    """Opens connections as they are needed and keeps a few."""

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._idle: list[psycopg.Connection[Any]] = []
        self._closed = False

    @contextmanager
    def snapshot(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection that sees one state of the database, that of the first look at it."""
        connection = self._begun()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close what is idle now, and the others when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _begun(self) -> psycopg.Connection[Any]:
        """A connection in a transaction; those that broke while they were idle are replaced."""
        while (connection := self._take()) is not None:
            try:
                connection.execute(SNAPSHOT)
            except psycopg.Error:
                connection.close()
            else:
                return connection
        connection = self._connected()
        connection.execute(SNAPSHOT)
        return connection

    def _connected(self) -> psycopg.Connection[Any]:
        until = time.monotonic() + self._settings.patience
        while True:
            try:
                return self._settings.connect()
            except StorageError as error:
                if error.code != LOST or time.monotonic() > until:
                    raise
            time.sleep(_PAUSE)

    def _take(self) -> psycopg.Connection[Any] | None:
        with self._lock:
            if self._closed:
                raise closed()
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: psycopg.Connection[Any]) -> None:
        try:
            connection.execute("ROLLBACK")  # it has only read
        except psycopg.Error:
            connection.close()
            return
        with self._lock:
            if not self._closed and len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()
