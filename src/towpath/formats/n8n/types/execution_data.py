"""n8n's Execution Data: marks on a run."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect, Given, Mapped
from towpath.formats.n8n.texts import ours


def read(given: Given) -> Mapped:
    """The marks are kept as values of the run; items go on as they are."""
    rows = given.rows("dataToSave.values")
    marks = {str(row.get("key")): ours(row.get("value", "")) for row in rows if row.get("key")}
    return Mapped("data.set", {"fields": {}, "globals": marks} if marks else {"fields": {}})


dialect = Dialect("n8n-nodes-base.executionData", (1, 1.1), read, {1: {"operation": "save"}})
