"""The table of saved views: which records of an object a list shows, in which order and columns."""

from __future__ import annotations

from towpath.model.table import Column, Index, Table

VIEW = Table(
    "saved_view",
    (
        Column("id", required=True),
        Column("object", required=True),
        Column("name", required=True),
        Column("owner", required=True),
        Column("shared", "boolean", required=True),
        Column("is_default", "boolean", required=True),
        Column("document", "json", required=True),
        Column("changed_at", "integer", required=True),
    ),
    indexes=(Index(("object", "name")),),
)
