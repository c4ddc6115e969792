"""The embedded adapter: SQLite, with the bundled library of apsw."""

from __future__ import annotations

from towpath.storage.sqlite.store import SQLiteStore

__all__ = ["SQLiteStore"]
