"""Which records may cross the threshold of their score model (again)."""

from __future__ import annotations

from towpath.model.table import Column, Table

SCORE = Table("score_armed", (Column("key", required=True), Column("armed", "boolean", required=True)), key=("key",))
"""One row for each ``model|record`` that has ever crossed it."""
