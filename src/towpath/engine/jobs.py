"""The table of declared bulk jobs: each takes records into a workflow, and knows how far it has come."""

from __future__ import annotations

from towpath.model.condition import Comparison, Field
from towpath.model.table import Column, Index, Table

JOB = Table(
    "job",
    (
        Column("id", required=True),
        Column("workflow", required=True),
        Column("object", required=True),
        Column("where", "json"),
        Column("by_hand", "boolean"),
        Column("per_hour", "integer"),
        Column("state", required=True),  # running, paused, completed, cancelled, failed
        Column("total", "integer"),  # records that matched when it was declared
        Column("looked", "integer"),  # records that have had their turn
        Column("entered", "integer"),  # runs that it has started
        Column("refused", "json"),  # by reason: how many, and the first of them
        Column("created_by"),
        Column("created_at", "integer"),
        Column("changed_at", "integer"),
        Column("ended_at", "integer"),
        Column("due", "integer"),  # when it takes its next page, while it is running
        Column("error"),
        Column("cursor"),  # id of the last record that has had its turn
        Column("last"),  # id of the newest record when it was declared: later ones are not its business
        Column("hour", "integer"),  # as in the cap of a workflow, for its own ``per_hour``
        Column("used", "integer"),
    ),
    indexes=(Index(("due",), where=Comparison(Field("due"), "is_not_empty")), Index(("state",))),
    changing=True,
)
