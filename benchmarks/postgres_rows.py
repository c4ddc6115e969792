"""The limit on Postgres: the rows that Towpath wrote, written again by the same set-wise statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from psycopg import Connection

from towpath.storage.postgres import PostgresStore, transaction

_WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT")
Statement = tuple[str, Any, bytes | None]  # text, arrays, data of a COPY


class Recording:
    """The writing statements of a store in order."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def replay(self, connection: Connection[Any]) -> None:
        """Write the same rows again."""
        for text, values, data in self.statements:
            if data is not None:
                transaction._copy(connection, text, data)
            elif values:
                connection.execute(text, values)
            else:
                connection.execute(text)


@contextmanager
def recording(store: PostgresStore) -> Iterator[Recording]:
    """Record what the store writes meanwhile."""
    made, connection = Recording(), store._committer._connection
    assert connection is not None
    execute, copy = connection.execute, transaction._copy

    def noted(text: str, values: Any = None, **options: Any) -> Any:
        if text.startswith(_WRITES):
            made.statements.append((text, values, None))
        return execute(text, values, **options)

    def noted_copy(on: Connection[Any], head: str, data: bytes) -> None:
        made.statements.append((head, None, data))
        copy(on, head, data)

    with patch.object(connection, "execute", noted), patch.object(transaction, "_copy", noted_copy):
        yield made
