"""Workflows as programs: lists of nodes and edges, files, checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import towpath
from towpath import FormatError, Workflow, WorkflowError
from towpath.builder.options import NodeOptions, RetryOptions, WorkflowOptions
from towpath.errors import InputError
from towpath.model.workflow import Node, Retry, Settings


def listed() -> Workflow:
    workflow = Workflow("Qualify a new lead", time_limit="2h", timezone="Europe/Berlin")
    workflow.nodes(
        [
            {"id": "1", "name": "Create Lead", "type": "crm.create", "credentials": ["towpath"],
             "options": {"object": "Lead", "fields": {"company": "Acme"}}},
            {
                "id": "2", "name": "Update Lead", "type": "crm.update", "credentials": ["towpath"],
                "options": {"object": "Lead", "fields": {"status": "Qualified"},
                            "search": [{"field": "id", "value": "{{ $global.leadId }}", "operator": "=="}]},
            },
        ]
    ).edges([{"id": "1", "source": "1", "target": "2", "action": "workflow"}])  # fmt: skip
    return workflow


def test_the_program_of_the_chapter_is_a_definition() -> None:
    definition = listed().definition
    assert [node.name for node in definition.nodes.values()] == ["Create Lead", "Update Lead"]
    assert definition.settings.time_limit == 7200
    assert definition.nodes["2"].position.x > definition.nodes["1"].position.x


def test_the_program_of_the_chapter_has_no_problems_but_for_its_missing_name() -> None:
    assert [problem.code for problem in listed().check() if problem.severity == "error"] == []


def test_a_workflow_comes_back_from_yaml_and_json() -> None:
    workflow = listed()
    for text in (workflow.to_yaml(), workflow.to_json(), workflow.to_json(indent=2)):
        assert towpath.load(text).definition == workflow.definition


def test_a_loaded_workflow_can_be_built_on() -> None:
    workflow = towpath.load(listed().definition)
    workflow.edges([{"source": "2", "target": "1", "limit": 2}])
    assert set(workflow.definition.edges) == {"1", "2-1"}


def test_files_are_loaded_by_path(tmp_path: Path) -> None:
    yaml, json = tmp_path / "flow.yaml", tmp_path / "flow.json"
    yaml.write_text(listed().to_yaml(), encoding="utf-8")
    json.write_text(listed().to_json(), encoding="utf-8")
    assert towpath.load(yaml).definition == towpath.load(str(json)).definition


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        towpath.load(tmp_path / "none.yaml")
    assert (caught.value.code, caught.value.where.file) == ("format.file", str(tmp_path / "none.yaml"))


def test_an_error_in_a_file_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "flow.json"
    path.write_text('{"name": "x",\n "name": "y"}', encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        towpath.check(path)
    assert (caught.value.where.file, caught.value.where.line) == (str(path), 2)


def test_check_finds_faults_of_shape_and_of_meaning_at_once() -> None:
    document: dict[str, Any] = {"name": "x", "nodes": {"a": {"type": "crm.creat", "nmae": "A"}}, "edges": {}}
    assert {problem.code for problem in towpath.check(document)} == {"format.unknown_field", "workflow.unknown_type"}


def test_a_misspelt_crm_field_is_found_with_the_nearest_one() -> None:
    workflow = Workflow("x")
    workflow.nodes([{"id": "1", "type": "crm.create", "options": {"object": "Lead", "fields": {"compny": "Acme"}}}])
    (problem,) = [problem for problem in towpath.check(workflow) if problem.code == "node.unknown_field"]
    assert (problem.node, problem.hint) == ("1", "Did you mean 'company'?")


def test_the_same_id_twice_and_no_id_are_refused_at_once() -> None:
    with pytest.raises(InputError, match="already"):
        listed().nodes([{"id": "1", "type": "crm.create"}])
    with pytest.raises(InputError, match="no id"):
        listed().nodes([{"type": "crm.create"}])


def test_a_definition_of_wrong_shape_is_refused_with_all_problems() -> None:
    workflow = Workflow("x").nodes(
        [{"id": "1", "type": "a", "prams": {}}, {"id": "2", "type": "b", "time_limit": "soon"}]
    )
    with pytest.raises(WorkflowError) as caught:
        _ = workflow.definition
    assert len(caught.value.problems) == 2


def test_positions_given_by_the_program_are_kept() -> None:
    workflow = Workflow("x").nodes([{"id": "1", "type": "a", "position": {"x": 7, "y": 8}}, {"id": "2", "type": "b"}])
    assert [(node.position.x, node.position.y) for node in workflow.definition.nodes.values()] == [(7, 8), (0, 0)]


def test_typed_options_are_those_of_the_model() -> None:
    assert set(WorkflowOptions.__annotations__) == set(Settings.model_fields)
    assert set(RetryOptions.__annotations__) == set(Retry.model_fields)
    assert set(NodeOptions.__annotations__) == set(Node.model_fields) - {"type", "name", "version", "params"}
