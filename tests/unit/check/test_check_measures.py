"""What check says about a workflow's named measures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.check.catalogue import CRM, REGISTRY, START
from towpath.engine.check import check_definition
from towpath.errors import TowpathError
from towpath.formats import read_workflow


def found(**measure: Any) -> list[tuple[str, str | None, str | None]]:
    definition = read_workflow({
        "name": "Measured", "nodes": {"start": START}, "measures": {"m": {"name": "M", **measure}},
    })  # fmt: skip
    return [(p.code, p.field, p.hint) for p in check_definition(definition, REGISTRY, CRM)]


def test_a_measure_of_nodes_and_records_that_are_there_has_no_problems() -> None:
    assert found(reached="start") == []
    assert found(until="start", within="5 min") == []
    assert found(object="Lead", where="score > 50", of="score > 10") == []


def test_a_node_that_is_not_there_is_named_with_the_nearest_one() -> None:
    assert found(reached="stat") == [("measure.unknown_node", "measures.m.reached", "Did you mean 'start'?")]
    assert found(reached="start", of="strat")[0][:2] == ("measure.unknown_node", "measures.m.of")


def test_unknown_objects_fields_and_broken_conditions_are_found() -> None:
    assert found(object="Leed")[0][:2] == ("node.unknown_object", "measures.m.object")
    assert found(object="Lead", average="scor")[0][:2] == ("node.unknown_field", "measures.m.average")
    assert found(object="Lead", where="scor > 1")[0][:2] == ("node.unknown_field", "measures.m.where")
    assert found(object="Lead", where="score >")[0][:2] == ("condition.syntax", "measures.m.where")


@pytest.mark.parametrize(
    "measure",
    [
        {},
        {"reached": "start", "until": "start"},
        {"reached": "start", "within": 5},
        {"until": "start", "of": "start"},
        {"reached": "start", "where": "a == 1"},
        {"object": "Lead", "average": "score", "of": "score > 1"},
    ],
)
def test_a_measure_is_of_one_kind(measure: dict[str, Any]) -> None:
    with pytest.raises(TowpathError):
        found(**measure)
