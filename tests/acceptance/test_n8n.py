"""n8n's nodes, imported and run: for each type and version the items that its documentation says come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.flows import World
from tests.unit.formats.n8n.building import chain, document, line, node
from towpath.builder.running import run_definition
from towpath.engine.plan import compile_plan
from towpath.formats.n8n import Imported, read_n8n, write_n8n
from towpath.formats.n8n.dialect import Dialect
from towpath.formats.n8n.types import DIALECTS
from towpath.model.result import Result
from towpath.nodes import registry
from towpath.ports.effects import Answer, Effect

CASES = Path(__file__).parents[1] / "golden" / "n8n"


def _listed() -> Iterator[tuple[str, float, dict[str, Any]]]:
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            for version in case.get("versions", [1]):
                yield path.stem, version, case


def _cases() -> Iterator[Any]:
    for stem, version, case in _listed():
        yield pytest.param(stem, version, case, id=f"{stem} {version}: {case['name']}")


def imported(kind: str, version: float, case: dict[str, Any]) -> Imported:
    """A workflow that brings the case's items to the node under test, one branch for each input."""
    more = case.get("node", {})
    tested = node("Node", case.get("type", kind), version, case.get("parameters", {}), **more)
    start = node("Start", "manualTrigger")
    if "inputs" not in case:
        before = [node(f"Before {n}", each["type"], each.get("version", 1), each["parameters"])
                  for n, each in enumerate(case.get("before", ()))]  # fmt: skip
        return read_n8n(chain(start, *before, tested))
    nodes, lines = [start, tested], []
    for number, items in enumerate(case["inputs"]):
        rows, split = f"Rows {number}", f"Split {number}"
        nodes.append(node(rows, "set", 3.4, {"mode": "raw", "jsonOutput": {"rows": items}}))
        nodes.append(node(split, "splitOut", 1, {"fieldToSplitOut": "rows"}))
        lines += [line("Start", rows), line(rows, split), line(split, "Node", 0, number)]
    return read_n8n(document(nodes, *lines))


def played(found: Imported, items: list[dict[str, Any]]) -> Result:
    return run_definition(found.definition, items, trigger=None, store=":memory:", mocks=None, clock=None)


def outputs(result: Result, name: str) -> list[dict[str, Any]]:
    """What each step of a node gave, by port."""
    steps = [step for step in result.steps if step.name == name]
    return [{port: items for port, items in step.outputs.items() if items} for step in steps]


@pytest.mark.parametrize(("kind", "version", "case"), list(_cases()))
def test_a_node_gives_what_n8n_documents(kind: str, version: float, case: dict[str, Any]) -> None:
    found = imported(kind, version, case)
    report = next(each for each in found.nodes if each.name == "Node")
    assert report.status == "native", report.reason
    result = played(found, case.get("items", [{}]))
    if "fails" in case:
        assert case["fails"] in str(result.error)
        return
    gives = case["gives"] if isinstance(case["gives"], dict) else {"out": case["gives"]}
    assert outputs(result, "Node")[-1] == gives, result.error


BECOMES = yaml.safe_load((CASES.parent / "n8n_becomes.yaml").read_text("utf-8"))


def _each_version() -> Iterator[Any]:
    for number, case in enumerate(BECOMES):
        for version in case["versions"]:
            yield pytest.param(version, case, id=f"{case['type']} {version}: {number}")


@pytest.mark.parametrize(("version", "case"), list(_each_version()))
def test_a_node_becomes_what_runs_as_it_did(version: float, case: dict[str, Any]) -> None:
    tested = node("Node", case["type"], version, case.get("parameters", {}))
    starts = case["becomes"].startswith("trigger.")
    found = read_n8n(chain(*([] if starts else [node("Start", "manualTrigger")]), tested, node("End", "noOp")))
    report = next(each for each in found.nodes if each.name == "Node")
    assert report.status == "native", report.reason
    made = found.definition.nodes
    assert made["id-Node"].type == case["becomes"]
    assert case["params"].items() <= made["id-Node"].params.items(), made["id-Node"].params
    others = {name: each for name, each in made.items() if name.startswith("id-Node-")}
    assert [each.params for each in others.values() if each.type == case["becomes"]] == case.get("beside", [])
    before = [{"type": each.type, "params": each.params} for each in others.values() if each.type != case["becomes"]]
    assert before == ([case["before"]] if "before" in case else [])
    assert compile_plan(found.definition, registry())


# Called over real sockets in test_n8n_http.
HTTP = {"httpRequest", "graphql"}


@pytest.mark.parametrize("dialect", [each for name, each in DIALECTS.items() if name.split(".")[-1] not in HTTP],
                         ids=lambda dialect: dialect.type.split(".")[-1])  # fmt: skip
def test_every_version_of_every_node_type_has_its_cases(dialect: Dialect) -> None:
    short = dialect.type.split(".")[-1]
    covered = Counter(version for kind, version, case in _listed() if case.get("type", kind) == short)
    covered.update(version for case in BECOMES if case["type"] == short for version in case["versions"])
    assert {version: covered[version] for version in dialect.versions if covered[version] < 2} == {}


SUM = {"assignments": {"assignments": [{"name": "n", "type": "number", "value": "={{ $json.n + 1 }}"}]}}


def steps(found: Imported, items: list[dict[str, Any]]) -> list[str]:
    """The names of the nodes in the order in which they ran."""
    return [step.name for step in played(found, items).steps]


def at(x: float, y: float, *given: Any, **more: Any) -> dict[str, Any]:
    return node(*given, position=[x, y], **more)


def test_branches_run_one_to_its_end_before_the_next_from_top_to_bottom() -> None:
    nodes = [at(0, 0, "Start", "manualTrigger"), at(1, 300, "Low", "noOp"), at(1, 0, "High", "noOp"),
             at(2, 300, "Low end", "noOp"), at(2, 0, "High end", "noOp")]  # fmt: skip
    found = read_n8n(
        document(nodes, line("Start", "Low"), line("Start", "High"), line("Low", "Low end"), line("High", "High end"))
    )
    assert steps(found, [{}]) == ["Start", "High", "High end", "Low", "Low end"]


def test_a_merge_waits_for_both_branches_and_not_for_a_dead_end() -> None:
    condition = {"leftValue": "={{ $json.n }}", "rightValue": 1, "operator": {"type": "number", "operation": "gt"}}
    nodes = [node("Start", "manualTrigger"), node("If", "if", 2.2, {"conditions": {"conditions": [condition]}}),
             node("A", "set", 3.4, SUM), node("Merge", "merge", 3), node("Dead", "noOp")]  # fmt: skip
    lines = [line("Start", "If"), line("If", "A"), line("A", "Merge"), line("If", "Merge", 1, 1), line("If", "Dead")]
    found = read_n8n(document(nodes, *lines))
    assert outputs(played(found, [{"n": 1}, {"n": 2}]), "Merge") == [{"out": [{"n": 3}, {"n": 1}]}]
    assert outputs(played(found, [{"n": 2}]), "Merge") == [{"out": [{"n": 3}]}]


def test_a_node_with_two_lines_into_one_input_runs_for_each() -> None:
    nodes = [node("Start", "manualTrigger"), at(1, 0, "A", "set", 3.4, SUM), at(1, 9, "B", "noOp"), node("End", "noOp")]
    found = read_n8n(document(nodes, line("Start", "A"), line("Start", "B"), line("A", "End"), line("B", "End")))
    assert outputs(played(found, [{"n": 1}]), "End") == [{"out": [{"n": 2}]}, {"out": [{"n": 1}]}]


@pytest.mark.parametrize(("version", "loop", "done"), [(2, 0, 1), (3, 1, 0)])
def test_a_loop_goes_round_batch_by_batch_and_gives_all_at_the_end(version: int, loop: int, done: int) -> None:
    nodes = [node("Start", "manualTrigger"), node("Loop", "splitInBatches", version, {"batchSize": 2}),
             node("Work", "set", 3.4, SUM), node("End", "noOp")]  # fmt: skip
    lines = [line("Start", "Loop"), line("Loop", "Work", loop), line("Work", "Loop"), line("Loop", "End", done)]
    result = played(read_n8n(document(nodes, *lines)), [{"n": 1}, {"n": 2}, {"n": 3}])
    assert [len(each["out"]) for each in outputs(result, "Work")] == [2, 1]
    assert outputs(result, "End") == [{"out": [{"n": 2}, {"n": 3}, {"n": 4}]}]


def test_paired_items_are_found_through_filters_and_branches() -> None:
    """Each reads the item of an earlier node that its own item came from."""
    parameters = {"assignments": {"assignments": [
        {"name": "first", "type": "string", "value": "={{ $('Start').first().json.name }}"},
        {"name": "old", "type": "string", "value": "={{ $node['Start'].json.name }}"}]}}  # fmt: skip
    found = read_n8n(chain(node("Start", "manualTrigger"), node("Read", "set", 3.4, parameters)))
    result = played(found, [{"name": "Ann"}, {"name": "Bob"}])
    assert outputs(result, "Read") == [{"out": [{"first": "Ann", "old": "Ann"}, {"first": "Ann", "old": "Bob"}]}]


def test_a_failed_item_takes_the_error_output() -> None:
    hub = node("Hub", "hubspot", 2, {"resource": "deal"}, onError="continueErrorOutput")
    nodes = [node("Start", "manualTrigger"), hub, node("Good", "noOp"), node("Bad", "noOp")]
    found = read_n8n(document(nodes, line("Start", "Hub"), line("Hub", "Good"), line("Hub", "Bad", 1)))
    result = played(found, [{"a": 1}])
    assert result.status == "completed"
    assert [step.name for step in result.steps] == ["Start", "Hub", "Bad"]


def test_a_service_without_a_connector_fails_and_says_what_is_missing() -> None:
    hub = node(
        "Hub", "hubspot", 2, {"resource": "deal", "operation": "get"}, credentials={"hubspotApi": {"name": "Sales"}}
    )
    result = played(read_n8n(chain(node("Start", "manualTrigger"), hub)), [{}])
    assert result.error is not None
    assert result.error["code"] == "service.not_mapped"
    assert "hubspot (deal: get)" in result.error["message"]
    assert "'Sales'" in result.error["hint"]


class Hub:
    """A connector for one service: it answers with two items for each call."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        self.seen += [dict(effect.request) for effect in effects]
        return [
            Answer(effect.id, "sent", {"items": [{"id": 1}, {"id": effect.request["item"]["n"]}]}) for effect in effects
        ]


def test_a_service_runs_through_its_connector_where_there_is_one() -> None:
    parameters = {"resource": "deal", "operation": "get", "dealId": "={{ $json.n }}"}
    hub = node("Hub", "hubspot", 2, parameters, credentials={"hubspotApi": {"name": "Sales"}})
    say = {
        "assignments": {"assignments": [{"name": "from", "type": "number", "value": "={{ $('Start').item.json.n }}"}]}
    }
    found = read_n8n(
        chain(node("Start", "manualTrigger"), hub, node("Say", "set", 3.4, {**say, "includeOtherFields": True}))
    )
    connector = Hub()
    world = World({"service:n8n-nodes-base.hubspot": connector})
    document = found.definition.as_json()
    document["nodes"]["log"] = {"type": "notify.log", "params": {"text": "{{ $json.id }} from {{ $json.from }}"}}
    document["edges"]["last"] = {"source": "id-Say", "target": "log"}
    world.publish(document)
    world.start([{"n": 7}, {"n": 8}], name="Case")
    assert world.said() == ["1 from 7", "7 from 7", "1 from 8", "8 from 8"]
    (first, _) = connector.seen
    assert (first["resource"], first["operation"], first["parameters"]) == ("deal", "get", {"dealId": 7})
    assert first["connection"] == "Sales"


@pytest.mark.parametrize("kind", ["executeCommand", "ssh", "ftp", "readWriteFile", "editImage"])
def test_what_touches_the_server_is_kept_but_refuses_to_run(kind: str) -> None:
    found = read_n8n(chain(node("Start", "manualTrigger"), node("Bad", kind, 1, {"command": "ls"})))
    report = found.nodes[1]
    assert report.status == "refused"
    error = played(found, [{}]).error
    assert error is not None
    assert error["code"] == "service.refused"
    assert report.reason.partition(": ")[2] in error["message"]
    assert write_n8n(found.definition).document["nodes"][1]["parameters"] == {"command": "ls"}


def test_a_service_is_mocked_in_tests() -> None:
    found = read_n8n(chain(node("Start", "manualTrigger"), node("Hub", "hubspot", 2), node("End", "noOp")))
    mocks = {"Hub": [{"name": "Ann"}]}
    result = run_definition(found.definition, [{}], trigger=None, store=None, mocks=mocks, clock=None)
    assert outputs(result, "End") == [{"out": [{"name": "Ann"}]}], result.error
