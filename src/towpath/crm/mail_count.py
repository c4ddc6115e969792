"""How many mails each mailbox has sent in each hour of the last day; ``*`` is all of them together."""

from __future__ import annotations

from towpath.model.table import Column, Table

MAIL_COUNT = Table(
    "mail_count",
    (
        Column("mailbox", required=True),
        Column("hour", "integer", required=True),
        Column("count", "integer", required=True),
    ),
    key=("mailbox", "hour"),
)
