"""The adapter for many processes: Postgres, with psycopg."""

from __future__ import annotations

from towpath.storage.postgres.settings import PostgresSettings
from towpath.storage.postgres.store import PostgresStore

__all__ = ["PostgresSettings", "PostgresStore"]
