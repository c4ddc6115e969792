"""n8n's old HTML Extract."""

from __future__ import annotations

from towpath.formats.n8n.dialect import Dialect
from towpath.formats.n8n.types.html import extract

dialect = Dialect(
    "n8n-nodes-base.htmlExtract", (1,), extract, {1: {"sourceData": "json", "dataPropertyName": "data", "options": {}}}
)
