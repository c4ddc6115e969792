"""What a pool remembers: whose turn it was, each member's load, and who waits in the queue."""

from __future__ import annotations

from towpath.model.table import Column, Index, Table

POOL = Table("assignment_pool", (Column("name", required=True), Column("pointer"), Column("touched", "integer")),
             key=("name",))  # fmt: skip
MEMBER = Table(
    "assignment_member",
    (
        Column("pool", required=True),
        Column("user", required=True),
        Column("load", "real", required=True),
        Column("assigned", "real", required=True),
        Column("last", "integer", required=True),
    ),
    key=("pool", "user"),
)
QUEUE = Table(
    "assignment_queue",
    (
        Column("key", required=True),  # of the wait; made in order, so that the oldest comes first
        Column("pool", required=True),
        Column("record", required=True),
        Column("reason", required=True),
        Column("at", "integer", required=True),
    ),
    key=("key",),
    indexes=(Index(("pool", "key")),),
)
ASSIGNMENT_TABLES = (POOL, MEMBER, QUEUE)
