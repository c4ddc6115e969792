"""The JSON Schema of workflow documents, with the parameters of every node type: what editors complete and check by."""

from __future__ import annotations

from typing import Any

from towpath.engine.node import NodeType, Registry
from towpath.model.workflow import WorkflowDefinition

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EXPRESSION = {"type": "string", "pattern": r"^=|\{\{", "description": "An expression: {{ ... }}."}


def workflow_schema(registry: Registry) -> dict[str, Any]:
    """The schema of a document in the spelling that people write: nodes and edges as maps, or as lists with ids."""
    schema = WorkflowDefinition.model_json_schema()
    definitions = schema["$defs"]
    node = definitions["Node"]
    node["properties"]["type"] = {"description": "The node type.", "type": "string", "enum": sorted(registry)}
    node["allOf"] = [_params_rule(name) for name in sorted(registry)]
    for name, node_type in sorted(registry.items()):
        definitions[f"params:{name}"] = _params_schema(name, node_type)
    for part, entry in (("nodes", "Node"), ("edges", "Edge")):
        schema["properties"][part] = _map_or_list(schema["properties"][part], entry, definitions)
    return {"$schema": DIALECT, **schema}


def _params_rule(name: str) -> dict[str, Any]:
    return {
        "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
        "then": {"properties": {"params": {"$ref": f"#/$defs/params:{name}"}}},
    }


def _params_schema(name: str, node_type: NodeType[Any]) -> dict[str, Any]:
    schema = node_type.params.model_json_schema(ref_template=f"#/$defs/params:{name}/$defs/{{model}}")
    made: dict[str, Any] = _with_expressions(schema)
    return {**made, "title": node_type.title, "description": node_type.description}


def _with_expressions(schema: Any) -> Any:
    """Wherever an expression may stand for a value, the schema says so."""
    if isinstance(schema, list):
        return [_with_expressions(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _with_expressions(part) for key, part in schema.items() if key != "x-expression"}
    if not schema.get("x-expression"):
        return made
    around = {key: made.pop(key) for key in ("title", "description", "default") if key in made}
    if made.get("type") in ("object", "array"):  # with expressions inside, nothing more is known about it
        made = {"type": made["type"]}
    return {**around, "anyOf": [made, EXPRESSION]} if made else around


def _map_or_list(as_map: dict[str, Any], entry: str, definitions: dict[str, Any]) -> dict[str, Any]:
    model = definitions[entry]
    listed = {**model, "properties": {"id": {"type": ["string", "integer"]}, **model["properties"]}}
    definitions[f"Listed{entry}"] = listed
    around = {key: value for key, value in as_map.items() if key in ("title", "description", "default")}
    mapped = {key: value for key, value in as_map.items() if key not in around}
    return {**around, "anyOf": [mapped, {"type": "array", "items": {"$ref": f"#/$defs/Listed{entry}"}}]}
