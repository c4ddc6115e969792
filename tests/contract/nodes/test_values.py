"""Every node type is one value that says enough for a form, a reference page and a schema."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import towpath.nodes
from tests.contract.nodes.harness import DATA
from towpath.engine.node import NodeType
from towpath.nodes import BUILT_IN, registry

FILES = {p.stem for p in Path(towpath.nodes.__file__).parent.glob("*.py")} - {"__init__"}
EVERY_TYPE = pytest.mark.parametrize("node_type", BUILT_IN, ids=lambda node_type: node_type.name)


def file_of(node_type: NodeType[Any]) -> str:
    """``crm.update`` lives in ``crm_update.py``."""
    return node_type.name.replace(".", "_")


@EVERY_TYPE
def test_it_lives_in_the_file_of_its_name(node_type: NodeType[Any]) -> None:
    module = import_module(f"towpath.nodes.{file_of(node_type)}")
    assert module.node_type is node_type
    assert (module.__doc__ or "").strip()


def test_every_file_is_listed_once_and_in_alphabetical_order() -> None:
    names = [node_type.name for node_type in BUILT_IN]
    assert names == sorted(set(names))
    assert {file_of(node_type) for node_type in BUILT_IN} == FILES
    assert list(registry()) == names


@EVERY_TYPE
def test_it_has_cases_in_the_contract_suite(node_type: NodeType[Any]) -> None:
    assert (DATA / f"{file_of(node_type)}.yaml").is_file()


@EVERY_TYPE
def test_it_says_what_it_is(node_type: NodeType[Any]) -> None:
    assert node_type.title[0].isupper()
    assert node_type.description.endswith(".")
    assert node_type.icon != "circle"
    assert node_type.group == node_type.name.split(".")[0] or node_type.group


@EVERY_TYPE
def test_every_parameter_has_a_description(node_type: NodeType[Any]) -> None:
    assert (node_type.params.__doc__ or "").strip()
    for model, name, field in _fields(node_type.params):
        assert field.description, f"{model.__name__}.{name} has no description"


def _fields(model: type[BaseModel]) -> Iterator[tuple[type[BaseModel], str, Any]]:
    for name, field in model.model_fields.items():
        yield model, name, field
        for inner in _models(field.annotation):
            yield from _fields(inner)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


@EVERY_TYPE
def test_its_json_schema_can_be_made(node_type: NodeType[Any]) -> None:
    schema = node_type.params.model_json_schema()
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


@EVERY_TYPE
def test_its_examples_are_good_and_come_back_as_written(node_type: NodeType[Any]) -> None:
    assert node_type.examples
    for example in node_type.examples:
        params = node_type.params.model_validate(example)
        written = params.model_dump(mode="json", exclude_unset=True)
        assert node_type.params.model_validate(written).model_dump(mode="json") == params.model_dump(mode="json")
        ports = node_type.output_ports(params)
        assert len({port.name for port in ports}) == len(ports)
        assert "error" not in {port.name for port in ports}


@EVERY_TYPE
def test_it_does_something_or_lets_items_pass(node_type: NodeType[Any]) -> None:
    assert node_type.run is not None or node_type.trigger is not None or node_type.name == "logic.noop"
    if node_type.touches in ("wait", "people", "external"):
        assert node_type.resume is not None
