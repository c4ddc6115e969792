"""Makes ``golden/version_N.db.gz``: a database as this version writes it, for later versions to open.

Run once per release that brings a migration: ``python -m tests.contract.storage.make_golden``.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

from towpath.engine.tables import META, OUTBOX, RUN, STEP_DATA, WORKFLOW
from towpath.ports.store import Transaction
from towpath.storage.migrations import MIGRATIONS, migrate
from towpath.storage.sqlite import SQLiteStore

FOLDER = Path(__file__).parent / "golden"
RUNS = 100
START = 1_767_225_600_000_000  # 2026-01-01 in microseconds


def fill(tx: Transaction) -> None:
    """Rows of every kind of column, runs that wait among them."""
    tx.insert(META, ("key", "value"), [("golden", {"made by": len(MIGRATIONS), "text": "Grüße, 世界"})])
    tx.insert(WORKFLOW, ("id", "name", "status"), [("w1", "Qualify a lead", "on")])
    columns = ("id", "version", "status", "record", "due", "started_at", "state")
    tx.insert(
        RUN, columns, [(f"run{n:03}", 1, "waiting", f"lead{n}", START + n, START, bytes([n])) for n in range(RUNS)]
    )
    tx.insert(STEP_DATA, ("run", "sequence", "node", "data"), [("run000", 1, "n1", [{"json": {"a": 1.5}}])])
    tx.insert(OUTBOX, ("id", "run", "request", "keyed", "state"), [("e1", "run000", {"to": "a@b.co"}, True, "new")])


def main() -> None:
    """Write the file of this version; an older one's is never made again."""
    target = FOLDER / f"version_{len(MIGRATIONS)}.db.gz"
    if target.exists():
        raise SystemExit(f"{target.name} exists: a released version's database is never made anew.")
    with TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder) / "towpath.db")
        migrate(store)
        store.write(fill)
        store.backup(Path(folder) / "whole.db")
        store.close()
        target.write_bytes(gzip.compress((Path(folder) / "whole.db").read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
