"""Reading definition files: JSON and YAML, friendly spellings, and every fault of the shape at once."""

from __future__ import annotations

import pytest

from towpath.errors import FormatError, WorkflowError
from towpath.formats import read_workflow, survey_workflow

YAML = """
name: Qualify
nodes:
  start: {type: trigger.record, params: {object: Lead, on: created, when: 12:30, yes: no}}
  set:
    type: data.set
    time_limit: 1h 30m
edges:
  1: {source: start, target: set}
"""


def test_yaml_and_json_of_one_workflow_are_equal() -> None:
    definition = read_workflow(YAML)
    assert read_workflow(definition.canonical()) == definition


def test_words_that_old_yaml_reads_as_true_or_times_stay_text() -> None:
    params = read_workflow(YAML).nodes["start"].params
    assert params == {"object": "Lead", "on": "created", "when": "12:30", "yes": "no"}


def test_nodes_and_edges_may_be_lists_with_ids_and_ids_may_be_numbers() -> None:
    listed = read_workflow(
        {
            "name": "Two",
            "nodes": [{"id": 1, "type": "a"}, {"id": "2", "type": "b"}],
            "edges": [{"id": 7, "source": 1, "target": 2}],
        }
    )
    assert list(listed.nodes) == ["1", "2"]
    assert listed.edges["7"].source == "1"


def test_an_edge_in_a_list_may_go_without_an_id() -> None:
    listed = read_workflow(
        {"name": "Two", "nodes": {"a": {"type": "x"}}, "edges": [{"source": "a", "target": "a"}]},
    )
    assert list(listed.edges) == ["1"]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_workflow(b'\xef\xbb\xbf{"name": "x"}').name == "x"


def test_every_fault_is_found_at_once_and_the_rest_is_read() -> None:
    reading = survey_workflow(
        {
            "name": "Faulty",
            "setings": {},
            "nodes": {
                "a": {"type": "x", "time_limit": "banana", "retry": {"atempts": 3}},
                "b": {"type": "y", "prams": {}},
            },
            "edges": {"1": {"source": "a"}, "2": {"source": "a", "target": "b", "limit": 0}},
        }
    )
    found = {(problem.code, problem.node or problem.edge, problem.field) for problem in reading.problems}
    assert found == {
        ("format.unknown_field", None, "setings"),
        ("format.value", "a", "time_limit"),
        ("format.unknown_field", "a", "retry.atempts"),
        ("format.unknown_field", "b", "prams"),
        ("format.missing_field", "1", "target"),
        ("format.value", "2", "limit"),
    }
    assert {problem.hint for problem in reading.problems} >= {"Did you mean 'settings'?", "Did you mean 'params'?"}
    assert reading.definition is not None
    assert set(reading.definition.nodes) == {"a", "b"}
    assert set(reading.definition.edges) == {"2"}


def test_an_unreadable_workflow_is_one_error_with_all_problems() -> None:
    with pytest.raises(WorkflowError) as caught:
        read_workflow({"nodes": {"a": {}}, "edges": {"e": {"source": "a", "target": "a", "lable": "x"}}})
    assert {problem.code for problem in caught.value.problems} == {"format.missing_field", "format.unknown_field"}


def test_two_entries_with_one_id_are_reported() -> None:
    reading = survey_workflow(
        {"name": "x", "nodes": [{"id": "a", "type": "t"}, {"id": "a", "type": "u"}, {"type": "v"}, 3]}
    )
    assert [problem.code for problem in reading.problems] == [
        "format.duplicate_id",
        "format.missing_id",
        "format.value",
    ]


@pytest.mark.parametrize("source", ["[1, 2]", "just text", "", "- a", b"[]"])
def test_a_file_without_an_object_is_refused(source: str | bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read_workflow(source)
    assert caught.value.code == "format.not_an_object"


def test_the_file_is_named_in_the_error() -> None:
    with pytest.raises(FormatError) as caught:
        read_workflow("[1]", file="flow.json")
    assert caught.value.where.file == "flow.json"
