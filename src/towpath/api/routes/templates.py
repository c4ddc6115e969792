"""The gallery of ready-made workflows over HTTP: list, look, use."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.design import TemplateAnswer, TemplateRow
from towpath.api.shapes.workflows import PublishedAnswer
from towpath.service import templates

routes = Routes("template", "Templates")


@routes.get("/api/templates", response_model=list[TemplateRow])
def list_templates() -> Any:
    """Ready-made workflows, by scenario."""
    return [_row(template) for template in templates.list_templates()]


@routes.get("/api/templates/{template}", response_model=TemplateAnswer)
def get_template(template: str) -> Any:
    """A ready-made workflow.

    With its definition, what it needs, its sample records, and the figures that its sample weeks come to.
    """
    found = templates.get_template(template)
    return {
        **_row(found), "definition": found.definition.as_json(), "sample": found.sample, "teams": found.teams,
        "connections": found.connections, "lasts": found.play.lasts, "expected": found.play.expected,
    }  # fmt: skip


@routes.post("/api/templates/{template}/use", "execute", status=201, response_model=PublishedAnswer)
def use_template(
    platform: ThePlatform,
    actor: TheActor,
    template: str,
    sample: Annotated[bool, Query(description="Create its sample records too, which start its first runs.")] = False,
) -> Any:
    """Use a ready-made workflow.

    Its definition is published and switched on; the teams that it names are made where there are none.
    """
    return templates.use_template(platform, template, actor=actor.id, sample=sample)


def _row(template: templates.Template) -> dict[str, Any]:
    return {
        "name": template.name, "scenario": template.scenario, "titles": template.titles,
        "descriptions": template.descriptions, "nodes": len(template.definition.nodes),
    }  # fmt: skip
