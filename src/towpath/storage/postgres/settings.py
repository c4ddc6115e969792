"""How connections are made, so that a vanished machine or a frozen process does not keep its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from towpath.errors import InputError, StorageError
from towpath.storage.postgres.arrays import register
from towpath.storage.postgres.errors import lost

OLDEST = 14_00_00
_PREPARED = 500  # statements kept prepared per connection


@dataclass(frozen=True, slots=True)
class PostgresSettings:
    """Where the server is, and how long is waited; times in seconds.

    A transaction of which nothing has been heard for ``idle_timeout`` is given up by the server: until then the rows
    that a frozen worker holds are held. ``patience`` is how long a unit of work waits for a server that is away.
    """

    url: str
    idle_timeout: float = 30.0
    patience: float = 10.0
    lock_timeout: float = 20.0
    name: str = "towpath"

    def connection_info(self) -> str:
        """The URL with what is always the same added; InputError for one that cannot be read."""
        try:
            given = conninfo_to_dict(self.url)
        except psycopg.ProgrammingError as error:
            raise InputError(
                "TOWPATH_DATABASE_URL cannot be read",
                code="config.database_url",
                hint="It looks like postgresql://user:password@host:5432/database.",
            ) from error
        fixed: dict[str, Any] = {
            "application_name": given.get("application_name", self.name),
            "connect_timeout": given.get("connect_timeout", 5),
            "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000,
            "options": f"{given.get('options', '')} {self._options()}".strip(),
        }  # fmt: skip
        return make_conninfo(self.url, **fixed)

    def _options(self) -> str:
        options = {
            "synchronous_commit": "on",
            "idle_in_transaction_session_timeout": round(self.idle_timeout * 1000),
            "lock_timeout": round(self.lock_timeout * 1000),
            "client_connection_check_interval": 5_000,
            "tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3,
            # A statement on a batch takes rows by key, in the order of the keys, however many they are.
            "enable_hashjoin": "off", "enable_mergejoin": "off",
            "jit": "off",
        }  # fmt: skip
        return " ".join(f"-c {name}={value}" for name, value in options.items())

    def connect(self) -> psycopg.Connection[Any]:
        """A connection that begins no transaction by itself; StorageError while the server is away."""
        try:
            connection = psycopg.connect(self.connection_info(), autocommit=True, prepare_threshold=2)
        except psycopg.OperationalError as error:
            raise lost(error) from error
        connection.prepared_max = _PREPARED
        register(connection)
        check_version(connection.info.server_version)
        return connection


def check_version(version: int) -> None:
    """Refuse a server that lacks what is relied upon."""
    if version < OLDEST:
        raise StorageError(
            f"This server is Postgres {version // 10_000}; Towpath needs {OLDEST // 10_000} or newer.",
            code="storage.postgres_too_old",
            hint="Upgrade the server, or use another one.",
        )
