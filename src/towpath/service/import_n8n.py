"""Importing n8n workflows: the definition, and a report on every node and every expression in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from towpath.expr import classify, is_template
from towpath.formats.n8n import Connection, Imported, NodeReport, survey_n8n, write_n8n
from towpath.formats.n8n.writing import Written
from towpath.model.problem import Problem
from towpath.model.workflow import WorkflowDefinition
from towpath.service.platform import Platform
from towpath.service.workflows import check

Evaluator = Literal["native", "sandbox", "unsupported"]
_EVALUATORS: Mapping[str, Evaluator] = {
    "literal": "native", "path": "native", "native": "native", "sandbox": "sandbox", "unavailable": "unsupported",
    "invalid": "unsupported",
}  # fmt: skip
_CODE = "code."  # node types whose parameter 'code' is a program, not an expression


@dataclass(frozen=True, slots=True)
class ExpressionReport:
    """One expression: where it stands, its text, who evaluates it, and why it is not evaluated natively."""

    node: str
    field: str
    text: str
    evaluator: Evaluator
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        found = {"node": self.node, "field": self.field, "text": self.text, "evaluator": self.evaluator}
        return {**found, "reason": self.reason} if self.reason else found


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one workflow; ``problems`` are what publishing it would say."""

    definition: WorkflowDefinition
    nodes: tuple[NodeReport, ...]
    expressions: tuple[ExpressionReport, ...]
    connections: tuple[Connection, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]

    def counts(self) -> dict[str, int]:
        """How many nodes are native, generic and refused, and how many expressions each evaluator takes."""
        made = dict.fromkeys(("native", "generic", "refused", "expressions", "sandbox", "unsupported"), 0)
        for node in self.nodes:
            made[node.status] += 1
        made["expressions"] = len(self.expressions)
        for expression in self.expressions:
            if expression.evaluator != "native":
                made[expression.evaluator] += 1
        return made

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {
            "name": self.definition.name,
            "counts": self.counts(),
            "nodes": [node.as_json() for node in self.nodes],
            "expressions": [expression.as_json() for expression in self.expressions],
            "connections": [{"name": each.name, "kind": each.kind} for each in self.connections],
            "warnings": list(self.warnings),
            "problems": [problem.as_json() for problem in self.problems],
            "definition": self.definition.as_json(),
        }


def import_n8n(platform: Platform, source: bytes | str, *, file: str | None = None) -> list[ImportReport]:
    """Every workflow of an n8n file, read and held against this platform; nothing is stored.

    Raises FormatError where the file cannot be read.
    """
    return [_report(platform, imported) for imported in survey_n8n(source, file=file)]


def export_n8n(definition: WorkflowDefinition) -> Written:
    """The definition as an n8n document; importing it gives an equal definition."""
    return write_n8n(definition)


def _report(platform: Platform, imported: Imported) -> ImportReport:
    definition = imported.definition
    nodes = tuple(_held_against(platform, node) for node in imported.nodes)
    expressions = tuple(_expressions(definition))
    problems = tuple(check(platform, definition))
    return ImportReport(definition, nodes, expressions, imported.connections, imported.warnings, problems)


def _held_against(platform: Platform, node: NodeReport) -> NodeReport:
    """A node whose type this Towpath lacks is kept, but does not run."""
    if node.towpath is None or node.towpath in platform.registry:
        return node
    reason = f"this Towpath has no node type {node.towpath!r}"
    return replace(node, status="refused", reason=reason, hint="Update Towpath, or install the package that has it.")


def _expressions(definition: WorkflowDefinition) -> Iterator[ExpressionReport]:
    for node_id, node in definition.nodes.items():
        params = node.params
        if node.type.startswith(_CODE):
            params = {name: value for name, value in params.items() if name != "code"}
        for path, text in _templates("", params):
            kind = classify(text)
            yield ExpressionReport(node_id, path, text, _EVALUATORS[kind.kind], kind.reason)


def _templates(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text inside a JSON value that is an expression, with its path."""
    if isinstance(value, str):
        if is_template(value):
            yield path, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _templates(f"{path}.{name}" if path else str(name), part)
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _templates(f"{path}[{index}]", part)
