"""The table of workers: which queues each serves, and when it was last heard of."""

from __future__ import annotations

from towpath.model.table import Column, Table

WORKER = Table(
    "worker",
    (
        Column("id", required=True),
        Column("queues", "json"),
        Column("started_at", "integer"),
        Column("seen_at", "integer"),
    ),
    changing=True,
)
