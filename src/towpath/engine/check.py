"""Checks a workflow before it may be published: finds every problem at once, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from towpath.engine.check_edges import edge_problems
from towpath.engine.check_expressions import expression_problems
from towpath.engine.check_graph import graph_problems
from towpath.engine.check_measures import measure_problems
from towpath.engine.check_nodes import CheckedNode, check_node, own_problems
from towpath.engine.check_secrets import secret_problems
from towpath.engine.enrolment import enrolment_problems
from towpath.engine.node import CheckContext, Registry
from towpath.engine.saving import save_problems
from towpath.errors import Where, WorkflowError
from towpath.model.problem import Problem
from towpath.model.schema import ObjectSchema
from towpath.model.workflow import WorkflowDefinition


class Schemas(Protocol):
    """The objects of the CRM, by name."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        ...

    def find(self, name: str) -> ObjectSchema | None:
        """The object of that name, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Examined:
    """What looking at a definition gave: every problem, errors first, and each node with its ports as they are."""

    problems: list[Problem]
    nodes: Mapping[str, CheckedNode]


def check_definition(definition: WorkflowDefinition, registry: Registry, schemas: Schemas) -> list[Problem]:
    """Every problem of a definition; an empty list means that it can run. Errors come before warnings.

    ``registry`` has the node types and ``schemas`` the CRM objects.
    """
    return examine(definition, registry, schemas).problems


def examine(definition: WorkflowDefinition, registry: Registry, schemas: Schemas) -> Examined:
    """Look at a definition as a whole; like ``check_definition``, for those who want to draw it too."""
    nodes = {node_id: check_node(node_id, spec, registry, definition) for node_id, spec in definition.nodes.items()}
    found: list[Problem] = []
    for node in nodes.values():
        found += node.problems
        found += own_problems(node, CheckContext(node.id, schemas.find, schemas.names))
    found += edge_problems(definition, nodes)
    found += graph_problems(definition, nodes)
    found += expression_problems(definition, nodes)
    found += secret_problems(definition)
    found += measure_problems(definition, CheckContext(None, schemas.find, schemas.names))
    found += save_problems(nodes)
    found += enrolment_problems(definition)
    found += _setting_problems(definition)
    return Examined(sorted(found, key=lambda problem: problem.severity != "error"), nodes)


def require_sound(definition: WorkflowDefinition, registry: Registry, schemas: Schemas) -> list[Problem]:
    """The warnings of a definition without errors. Raises WorkflowError with all problems otherwise."""
    problems = check_definition(definition, registry, schemas)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        first = errors[0]
        where = Where(workflow=definition.name, node=first.node, field=first.field)
        raise WorkflowError(f"{first.message}{more}", code=first.code, hint=first.hint, where=where, problems=problems)
    return problems


def _setting_problems(definition: WorkflowDefinition) -> Iterator[Problem]:
    zone = definition.settings.timezone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = "Use a name such as Europe/Berlin, Asia/Shanghai or UTC."
        yield Problem(
            "workflow.unknown_timezone", f"there is no time zone {zone!r}", field="settings.timezone", hint=hint
        )
