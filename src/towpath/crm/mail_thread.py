"""Which record each mail belongs to, by its Message-ID: what came in and what went out, so that answers find it."""

from __future__ import annotations

from towpath.model.table import Column, Index, Table

THREAD = Table(
    "mail_thread",
    (
        Column("message", required=True),  # the Message-ID without its angle brackets, in lower case
        Column("object", required=True),
        Column("record", required=True),
        Column("inbound", "boolean", required=True),
        Column("at", "integer", required=True),
    ),
    key=("message",),
    indexes=(Index(("record",)),),
)
