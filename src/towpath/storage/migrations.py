"""Migrations: named steps over the storage port's own definitions, so that every adapter shares them.

A released migration is never changed, only followed by another. What cannot be done in one release goes in
three: expand (new tables and columns), backfill in batches, contract.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from towpath.crm.catalogue import Catalogue, install
from towpath.engine.enrolment import ENROLMENT_TABLES
from towpath.engine.jobs import JOB
from towpath.engine.tables import ENGINE_TABLES, FILE, FILE_TABLES, META, REPLY
from towpath.engine.workers import WORKER
from towpath.errors import StorageError
from towpath.identity.tables import IDENTITY_TABLES
from towpath.ports.store import Store, Transaction

APPLIED = "schema.migrations"  # the row of META with the names of what has been done, in order
Migration: TypeAlias = Callable[[Transaction], None]


@runtime_checkable
class KeepsCopies(Protocol):
    """A store that can put a copy of itself aside."""

    def keep_copy(self, reason: str) -> Path | None:
        """Copy everything, under a name that says why; None where there is nothing to keep."""
        ...


def create_engine_tables(tx: Transaction) -> None:
    """Runs, events, log, outbox, timers, workflows."""
    for table in ENGINE_TABLES:
        tx.ensure(table)


def create_file_tables(tx: Transaction) -> None:
    """Files that items carry."""
    for table in FILE_TABLES:
        tx.ensure(table)


def create_reply_table(tx: Transaction) -> None:
    """What runs say to the web calls that started them."""
    tx.ensure(REPLY)


def create_enrolment_tables(tx: Transaction) -> None:
    """Who is inside a workflow, has been, or waits to enter."""
    for table in ENROLMENT_TABLES:
        tx.ensure(table)


def create_identity_tables(tx: Transaction) -> None:
    """Accounts, sessions, links, tokens, the audit log."""
    for table in IDENTITY_TABLES:
        tx.ensure(table)


def name_files(tx: Transaction) -> None:
    """Names and media types of files, beside what items say of them."""
    tx.ensure(FILE)


def create_job_tables(tx: Transaction) -> None:
    """Bulk jobs and how far they have come; workers and when they were last heard of."""
    for table in (JOB, WORKER):
        tx.ensure(table)


MIGRATIONS: tuple[Migration, ...] = (
    create_engine_tables,
    create_file_tables,
    create_reply_table,
    create_enrolment_tables,
    create_identity_tables,
    name_files,
    create_job_tables,
)


def migrate(store: Store, migrations: Sequence[Migration] = MIGRATIONS) -> Catalogue:
    """Bring a store to this code's schema; gives the catalogue of CRM objects as stored.

    Each migration is one transaction with the note that it is done: a process that dies in between is followed by
    one that goes on there, and a second process that migrates at the same time finds it done. A store that has
    data is copied first. StorageError ``storage.newer_schema`` for one that knows migrations this code does not.
    """
    names = [migration.__name__ for migration in migrations]
    done = store.write(lambda tx: _applied(tx, names))
    if done and len(done) < len(names) and isinstance(store, KeepsCopies):
        store.keep_copy(f"before-{names[len(done)]}")
    for migration in migrations[len(done) :]:
        store.write(lambda tx, step=migration: _apply(tx, step, names))  # type: ignore[misc]
    return store.write(install)


def _apply(tx: Transaction, migration: Migration, names: Sequence[str]) -> None:
    done = _applied(tx, names)
    if migration.__name__ in done:
        return
    migration(tx)
    noted = [*done, migration.__name__]
    if done:
        tx.update(META, ("value",), [(noted, APPLIED)])
    else:
        tx.insert(META, ("key", "value"), [(APPLIED, noted)])


def _applied(tx: Transaction, names: Sequence[str]) -> list[str]:
    """What has been done: always a beginning of what there is to do."""
    tx.ensure(META)
    rows = tx.get(META, [APPLIED], ("value",))
    done: list[str] = rows[0][0] if rows else []
    if done != list(names[: len(done)]):
        unknown = next((name for name in done if name not in names), done[-1])
        raise StorageError(
            f"This data was written by another, newer Towpath: its schema has the step {unknown!r}.",
            code="storage.newer_schema",
            hint="Install the version that wrote it, or restore the copy made before it was brought up to date.",
            params={"stored": len(done), "known": len(names), "step": unknown},
        )
    return done
