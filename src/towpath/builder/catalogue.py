"""What the builder knows of node types: titles, ports, defaults. Loaded when first asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import ValidationError

from towpath import app
from towpath.engine.node import NodeType, Registry
from towpath.errors import TowpathError


@cache
def node_types() -> Registry:
    """All node types by name, built-in and brought by installed packages."""
    return app.node_types()


@cache
def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a node type's parameters; empty for a type that is not known."""
    node_type = node_types().get(kind)
    return node_type.params.model_json_schema(mode="validation") if node_type else {}


def given(kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters that differ from the type's defaults."""
    properties = schema_of(kind).get("properties", {})
    return {name: value for name, value in params.items() if not _is_default(value, properties.get(name, {}))}


def _is_default(value: Any, schema: dict[str, Any]) -> bool:
    if "default" not in schema:
        return False
    default = schema["default"]
    if isinstance(default, list | dict):
        return value is None or (isinstance(value, tuple | list | dict) and len(value) == len(default) == 0)
    return type(value) is type(default) and bool(value == default)


def input_ports(kind: str, params: dict[str, Any]) -> tuple[str, ...]:
    """The names of a node's inputs as far as its parameters tell; one "in" otherwise."""
    read = _read(kind, params)
    return tuple(port.name for port in read[0].input_ports(read[1])) if read else ("in",)


def output_ports(kind: str, params: dict[str, Any]) -> tuple[str, ...]:
    """The names of a node's outputs, the main one first; one "out" where the parameters do not tell."""
    read = _read(kind, params)
    return tuple(port.name for port in read[0].output_ports(read[1])) if read else ("out",)


def _read(kind: str, params: dict[str, Any]) -> tuple[NodeType[Any], Any] | None:
    node_type = node_types().get(kind)
    try:
        return (node_type, node_type.params.model_validate(params)) if node_type else None
    except (ValidationError, TowpathError):
        return None  # check says what is wrong with them
