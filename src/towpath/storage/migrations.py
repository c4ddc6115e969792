"""Migrations: named steps over the storage port's own definitions, so that every adapter shares them.

A released migration is never changed. They go in three releases: expand (new tables and columns), backfill in
batches, contract. A store that is newer than this code is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from towpath.crm.catalogue import Catalogue, install
from towpath.engine.tables import ENGINE_TABLES, META
from towpath.errors import StorageError
from towpath.ports.store import Store, Transaction

VERSION_KEY = "schema.version"
Migration = Callable[[Transaction], None]


def create_engine_tables(tx: Transaction) -> None:
    """Version 1: runs, events, log, outbox, workflows."""
    for table in ENGINE_TABLES:
        tx.ensure(table)


MIGRATIONS: tuple[Migration, ...] = (create_engine_tables,)


def migrate(store: Store) -> Catalogue:
    """Bring a store to this code's version; gives the catalogue of CRM objects as stored."""

    def work(tx: Transaction) -> Catalogue:
        tx.ensure(META)
        rows = tx.get(META, [VERSION_KEY], ("value",))
        present = int(rows[0][0]) if rows else 0
        if present > len(MIGRATIONS):
            raise StorageError(
                f"this data was written by a newer Towpath (schema {present}, this one knows {len(MIGRATIONS)})",
                code="storage.newer_schema",
                hint="Install the newer version again; going back is not possible without a backup.",
            )
        for migration in MIGRATIONS[present:]:
            migration(tx)
        if present < len(MIGRATIONS):
            tx.insert(META, ("key", "value"), [(VERSION_KEY, len(MIGRATIONS))]) if not rows else tx.update(
                META, ("value",), [(len(MIGRATIONS), VERSION_KEY)]
            )
        return install(tx)

    return store.write(work)
