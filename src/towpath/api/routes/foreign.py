"""Foreign workflows over HTTP: read with a report, and written."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Body

from towpath.api.routing import Routes, ThePlatform
from towpath.api.shapes.workflows import Definition
from towpath.formats import read_workflow
from towpath.service.import_n8n import export_n8n, import_n8n

routes = Routes("workflow", "Import and export")
_FLOW = {"name": "Hello", "nodes": [], "connections": {}}


@routes.post("/api/import/n8n", "read", response_model=list[dict[str, Any]])
def import_from_n8n(platform: ThePlatform, document: Annotated[Any, Body(examples=[_FLOW])]) -> Any:
    """Read an n8n export: every workflow in it, with a report on each node and expression.

    Nothing is stored: publish the `definition`, or keep it as a draft, after a look at the report.
    """
    return [report.as_json() for report in import_n8n(platform, msgspec.json.encode(document))]


@routes.post("/api/export/n8n", "read", response_model=dict[str, Any])
def export_to_n8n(definition: Annotated[Definition, Body()]) -> Any:
    """Write a definition as an n8n document, and name the nodes that n8n keeps but cannot run.

    Importing the document again gives an equal definition.
    """
    written = export_n8n(read_workflow(definition))
    return {"document": written.document, "foreign": list(written.foreign)}
