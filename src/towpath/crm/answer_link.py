"""Links by which a person answers a task from a mail: of each token only its hash is kept."""

from __future__ import annotations

from towpath.model.table import Column, Index, Table

LINK = Table(
    "answer_link",
    (
        Column("hash", required=True),
        Column("task", required=True),
        Column("user", required=True),
        Column("made_at", "integer", required=True),
    ),
    key=("hash",),
    indexes=(Index(("task",)),),
)
