"""Where records stand in blueprints, how they came there, and every version of a blueprint."""

from __future__ import annotations

from towpath.model.table import Column, Index, Table

STANDING = Table(
    "blueprint_standing",
    (
        Column("record", required=True),
        Column("object", required=True),
        Column("blueprint", required=True),
        Column("state", required=True),
        Column("since", "integer", required=True),
        Column("done", "integer", required=True),  # how many of the alarms of the state have rung
    ),
    key=("record",),
    indexes=(Index(("blueprint", "state")),),
)
MOVE = Table(
    "blueprint_move",
    (
        Column("id", required=True),
        Column("blueprint", required=True),
        Column("record", required=True),
        Column("source"),
        Column("target"),
        Column("transition"),
        Column("via", required=True),  # enter, transition, automatic, breach, workflow, bypass, leave, version
        Column("deviation", "boolean", required=True),
        Column("actor", required=True),
        Column("at", "integer", required=True),
        Column("seconds", "real"),  # of business time in the state that it left
        Column("note"),
    ),
    indexes=(Index(("record",)), Index(("blueprint", "deviation"))),
)
VERSION = Table(
    "blueprint_version",
    (
        Column("name", required=True),
        Column("version", "integer", required=True),
        Column("document", "json", required=True),
        Column("at", "integer", required=True),
        Column("actor", required=True),
    ),
    key=("name", "version"),
)
