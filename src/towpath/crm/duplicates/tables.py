"""The keys by which duplicates are found, the pairs that were found, and where merged records went."""

from __future__ import annotations

from towpath.model.table import Column, Index, Table

EXACT = Table(
    "duplicate_exact",  # unique: the store itself refuses a second record with the value, whoever else saves one
    (Column("rule", required=True), Column("value", required=True), Column("record", required=True)),
    key=("rule", "value"),
    indexes=(Index(("record",)),),
)
BLOCK = Table(
    "duplicate_block",
    (Column("rule", required=True), Column("value", required=True), Column("record", required=True)),
    key=("rule", "value", "record"),
    indexes=(Index(("record",)),),
)
PAIR = Table(
    "duplicate_pair",
    (
        Column("record", required=True),
        Column("other", required=True),
        Column("object", required=True),
        Column("rule", required=True),
        Column("score", "real", required=True),
        Column("linked", "boolean", required=True),
        Column("at", "integer", required=True),
    ),
    key=("record", "other"),
    indexes=(Index(("object",)), Index(("other",))),
)
REDIRECT = Table(
    "record_redirect",
    (
        Column("record", required=True),
        Column("object", required=True),
        Column("target", required=True),
        Column("at", "integer", required=True),
        Column("actor", required=True),
    ),
    key=("record",),
    indexes=(Index(("target",)),),
)
DUPLICATE_TABLES = (EXACT, BLOCK, PAIR, REDIRECT)
