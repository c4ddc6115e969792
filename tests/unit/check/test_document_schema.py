"""The JSON Schema of workflow documents is whole, and says what each node type takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.unit.check.catalogue import REGISTRY
from towpath.engine.document_schema import workflow_schema
from towpath.nodes import registry


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_every_reference_leads_somewhere() -> None:
    schema = workflow_schema(registry())
    found = set(references(schema))
    assert len(found) > len(registry())
    for reference in found:
        place: Any = schema
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert isinstance(place, dict)


def test_each_node_type_has_a_rule_for_its_parameters() -> None:
    schema = workflow_schema(REGISTRY)
    node = schema["$defs"]["Node"]
    assert node["properties"]["type"]["enum"] == sorted(REGISTRY)
    assert {rule["if"]["properties"]["type"]["const"] for rule in node["allOf"]} == set(REGISTRY)
    write = schema["$defs"]["params:write"]
    assert write["required"] == ["object", "fields"]


def test_an_expression_may_stand_for_any_dynamic_parameter() -> None:
    fields = workflow_schema(REGISTRY)["$defs"]["params:write"]["properties"]["fields"]
    assert [choice["type"] for choice in fields["anyOf"]] == ["object", "string"]
    assert fields["description"] == "Values by name."


def test_nodes_and_edges_are_maps_or_lists() -> None:
    properties = workflow_schema(REGISTRY)["properties"]
    for part in ("nodes", "edges"):
        assert [choice["type"] for choice in properties[part]["anyOf"]] == ["object", "array"]
