"""What check says about single nodes: types, parameters, expressions, lanes, time zones."""

from __future__ import annotations

from typing import Any

from tests.unit.check.catalogue import START, STEP, WRITE, node, problems


def only(found: list[Any], code: str) -> Any:
    assert [problem.code for problem in found] == [code], found
    return found[0]


def test_a_sound_workflow_has_no_problems() -> None:
    assert problems({"a": START, "b": WRITE, "c": node("choose")}, ["a>b", "b>c"]) == []


def test_a_workflow_without_trigger_begins_where_nothing_leads_to() -> None:
    assert problems({"1": WRITE, "2": WRITE}, ["1>2"]) == []


def test_an_unknown_type_is_named_with_the_nearest_one() -> None:
    found = only(problems({"a": START, "b": node("wriet")}, ["a>b"]), "workflow.unknown_type")
    assert (found.node, found.field, found.hint) == ("b", "type", "Did you mean 'write'?")


def test_a_node_of_a_newer_type_version_is_refused() -> None:
    found = only(problems({"a": {"type": "start", "version": 2}}), "workflow.type_version")
    assert found.field == "version"


def test_an_unknown_parameter_is_named_with_the_nearest_one() -> None:
    found = only(problems({"a": node("write", object="Lead", fields={}, cuont=3)}), "node.unknown_parameter")
    assert (found.node, found.field, found.hint) == ("a", "cuont", "Did you mean 'count'?")


def test_a_missing_parameter_says_what_it_is_for() -> None:
    found = only(problems({"a": node("write", object="Lead")}), "node.missing_parameter")
    assert (found.field, found.hint) == ("fields", "Values by name.")


def test_a_parameter_of_the_wrong_type_is_named() -> None:
    found = only(problems({"a": node("write", object="Lead", fields={}, count="many")}), "node.parameter")
    assert found.field == "count"


def test_the_type_checks_its_parameters_against_the_crm() -> None:
    found = only(problems({"a": node("write", object="Lead", fields={"emial": "x"})}), "node.unknown_field")
    assert found.field == "fields.emial"
    only(problems({"a": node("write", object="Laed", fields={})}), "node.unknown_object")


def test_an_expression_that_cannot_be_read_is_placed() -> None:
    params = {"email": "{{ $json. }}", "score": ["{{ 1 + }}"], "name": "{{ $json.ok }}"}
    found = problems({"a": node("write", object="Lead", fields=params)})
    assert {(problem.code, problem.field) for problem in found} == {
        ("expression.syntax", "fields.email"),
        ("expression.syntax", "fields.score[0]"),
    }
    assert all("line 1, column" in problem.message for problem in found)


def test_a_faulty_expression_hides_no_other_fault_of_the_node() -> None:
    found = problems({"a": node("write", fields={"x": "{{ ( }}"}, cuont=1, count="x", when="score >")})
    assert {problem.field for problem in found} == {"fields.x", "object", "cuont", "count", "when"}


def test_an_unknown_name_in_an_expression_is_reported() -> None:
    found = only(problems({"a": node("write", object="Lead", fields={"x": "{{ $jsn.a }}"})}), "expression.unknown_name")
    assert found.node == "a"


def test_a_reference_to_a_node_that_does_not_exist_is_reported() -> None:
    nodes = {
        "a": START,
        "b": {**WRITE, "name": "Make lead"},
        "c": node("choose", text="{{ $('Mak lead').item.json.id }}"),
    }
    found = only(problems(nodes, ["a>b", "b>c"]), "expression.unknown_node")
    assert (found.node, found.field, found.hint) == ("c", "text", "Did you mean 'Make lead'?")


def test_a_reference_by_name_or_id_to_an_earlier_node_is_fine() -> None:
    for name in ("Make lead", "b"):
        nodes = {
            "a": START,
            "b": {**WRITE, "name": "Make lead"},
            "c": node("choose", text=f"{{{{ $('{name}').item.json.id }}}}"),
        }
        assert problems(nodes, ["a>b", "b>c"]) == []


def test_a_reference_to_a_later_node_is_a_warning() -> None:
    nodes = {"a": START, "b": node("choose", text="{{ $('c').item.json.id }}"), "c": WRITE}
    found = only(problems(nodes, ["a>b", "b.yes>c"]), "expression.node_not_before")
    assert found.severity == "warning"


def test_two_nodes_may_not_have_one_name() -> None:
    found = problems({"a": START, "b": {**STEP, "name": "Do"}, "c": {**STEP, "name": "Do"}}, ["a>b", "b>c"])
    assert [(problem.code, problem.node) for problem in found] == [("workflow.duplicate_name", n) for n in "bc"]
    only(problems({"a": START, "b": {**STEP, "name": "a"}}, ["a>b"])[:1], "workflow.duplicate_name")


def test_an_unknown_lane_and_time_zone_are_reported() -> None:
    only(problems({"a": {**START, "lane": "sales"}}), "workflow.unknown_lane")
    assert problems({"a": {**START, "lane": "sales"}}, lanes={"sales": {"name": "Sales"}}) == []
    only(problems({"a": START}, settings={"timezone": "Mars/Base"}), "workflow.unknown_timezone")


def test_a_faulty_expression_of_a_lane_is_reported() -> None:
    lanes = {"sales": {"name": "Sales", "assignee": "{{ ) }}"}}
    assert only(problems({"a": START}, lanes=lanes), "expression.syntax").field == "lanes.sales.assignee"
