"""Checks of single nodes: the type exists, the parameters fit it, and what the type itself has to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from towpath.engine.node import ERROR, CheckContext, NodeType, Port, Registry
from towpath.engine.params import NodeParams
from towpath.errors import TowpathError, did_you_mean
from towpath.expr import compile_template, is_template
from towpath.model.problem import Problem
from towpath.model.workflow import Node, WorkflowDefinition


@dataclass(slots=True)
class CheckedNode:
    """A node with what could be found out about it; None where a fault hides it."""

    id: str
    spec: Node
    type: NodeType[Any] | None = None
    params: NodeParams | None = None
    inputs: tuple[Port, ...] | None = None
    outputs: tuple[Port, ...] | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name shown, and used by expressions."""
        return self.spec.name or self.id


def check_node(node_id: str, spec: Node, registry: Registry, definition: WorkflowDefinition) -> CheckedNode:
    """Look at one node alone."""
    node = CheckedNode(node_id, spec, registry.get(spec.type))
    node.problems += _place_problems(node, definition)
    if node.type is None:
        hint = did_you_mean(spec.type, registry)
        node.problems.append(
            Problem("workflow.unknown_type", f"there is no node type {spec.type!r}", node_id, "type", hint=hint)
        )
        return node
    if spec.version > node.type.version:
        message = f"the node was written for version {spec.version} of {spec.type}; here is version {node.type.version}"
        node.problems.append(Problem("workflow.type_version", message, node_id, "version", hint="Update Towpath."))
    node.params = _read_params(node, node.type)
    _set_ports(node, node.type)
    return node


def own_problems(node: CheckedNode, context: CheckContext) -> Iterator[Problem]:
    """What the node type finds in its parameters, against the CRM schema."""
    if node.type is None or node.params is None or node.type.check is None:
        return
    try:
        yield from node.type.check(node.params, context)
    except TowpathError as error:
        yield as_problem(error, node.id)


def as_problem(error: TowpathError, node: str | None, field: str | None = None) -> Problem:
    """An error that was raised while checking, as a finding."""
    where = error.where
    line = f" (line {where.line}, column {where.column})" if where.line is not None else ""
    return Problem(error.code, error.message + line, where.node or node, field or where.field, hint=error.hint)


def _place_problems(node: CheckedNode, definition: WorkflowDefinition) -> Iterator[Problem]:
    lane = node.spec.lane
    if lane is not None and lane not in definition.lanes:
        hint = did_you_mean(lane, definition.lanes) or "Add it under 'lanes'."
        yield Problem("workflow.unknown_lane", f"there is no lane {lane!r}", node.id, "lane", hint=hint)


def _set_ports(node: CheckedNode, node_type: NodeType[Any]) -> None:
    if node.params is not None:
        node.inputs = node_type.input_ports(node.params)
        node.outputs = node_type.output_ports(node.params)
    else:  # ports that depend on the parameters are unknown
        node.inputs = () if node_type.trigger else None if callable(node_type.inputs) else node_type.inputs
        node.outputs = None if callable(node_type.outputs) else node_type.outputs
    if node.outputs is not None and node.spec.on_error == "branch":
        node.outputs = (*node.outputs, ERROR)


def _read_params(node: CheckedNode, node_type: NodeType[Any]) -> NodeParams | None:
    """The parameters as their model. Where one raises an error of ours, the others are still looked at."""
    given = node.spec.params
    faulty: set[str] = set()
    try:
        params: NodeParams = node_type.params.model_validate(given)
        return params
    except ValidationError as error:
        details = error.errors(include_url=False)
    except TowpathError:
        faulty = {name for name, value in given.items() if _raises(node, node_type, name, value)}
        details = _other_faults(node_type, {name: value for name, value in given.items() if name not in faulty})
    for detail in details:
        if detail["loc"][:1] not in {(name,) for name in faulty}:
            node.problems.append(_parameter_problem(detail, node.id, node_type))
    return None


def _raises(node: CheckedNode, node_type: NodeType[Any], name: str, value: Any) -> bool:
    """Whether this parameter alone makes validation raise; its errors are then among the node's problems."""
    try:
        node_type.params.model_validate({name: value})
    except ValidationError:
        return False
    except TowpathError as error:
        inside = list(_expression_problems(node.id, name, value))
        node.problems += inside or [as_problem(error, node.id, name)]
        return True
    return False


def _other_faults(node_type: NodeType[Any], params: Mapping[str, Any]) -> list[ErrorDetails]:
    try:
        node_type.params.model_validate(params)
    except ValidationError as error:
        return error.errors(include_url=False)
    except TowpathError:
        return []
    return []


def _expression_problems(node_id: str, path: str, value: Any) -> Iterator[Problem]:
    """Every text inside the value that is an expression and cannot be compiled."""
    if isinstance(value, str):
        if is_template(value):
            try:
                compile_template(value)
            except TowpathError as error:
                yield as_problem(error, node_id, path)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _expression_problems(node_id, f"{path}.{key}", part)
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _expression_problems(node_id, f"{path}[{index}]", part)


def _parameter_problem(detail: ErrorDetails, node_id: str, node_type: NodeType[Any]) -> Problem:
    path = ".".join(str(part) for part in detail["loc"]) or None
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        known = node_type.params.model_fields if len(detail["loc"]) == 1 else ()
        message = f"{node_type.name} has no parameter {name!r}"
        return Problem("node.unknown_parameter", message, node_id, path, hint=did_you_mean(name, known))
    if detail["type"] == "missing":
        message = f"the parameter {name!r} is missing"
        return Problem("node.missing_parameter", message, node_id, path, hint=_description(node_type, detail))
    text = detail["msg"].removeprefix("Value error, ")
    return Problem(
        "node.parameter", f"{name!r}: {text[:1].lower()}{text[1:]}" if name else text, node_id, path,
        hint=_description(node_type, detail),
    )  # fmt: skip


def _description(node_type: NodeType[Any], detail: ErrorDetails) -> str | None:
    field = node_type.params.model_fields.get(str(detail["loc"][0])) if detail["loc"] else None
    return field.description if field else None
