"""Through every n8n node that gives items on: which item of an earlier node each of them comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise, starmap
from typing import Any

import pytest

from tests.acceptance.flows import World, workflow
from tests.acceptance.test_n8n import outputs, played
from tests.acceptance.test_n8n_pairing import NODES, conditions, look
from tests.unit.connectors.web_server import Handler, web_server
from tests.unit.formats.n8n.building import chain, document, line, node
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.formats.n8n import read_n8n
from towpath.formats.n8n.types import DIALECTS

ITEMS = [{"id": number, "name": name, "tags": [name, number], "page": f"<p>{name}</p>", "xml": f"<a>{name}</a>",
          "text": f"# {name}", "day": f"2026-03-0{number}"}
         for number, name in enumerate(["Ann", "Bob", "Cy"], 1)]  # fmt: skip
EACH = ["Ann", "Bob", "Cy"]
TWICE = [name for name in EACH for _ in range(2)]
BACK = EACH[::-1]
NONE = ["expression.no_item"]
FILES = node("Files", "convertToFile", 1.1, {"operation": "toJson", "mode": "each"})
OVER_ONE = {"number": [{"value1": "={{ $json.id }}", "operation": "larger", "value2": 1}]}
SECOND = {"rules": {"values": [{"conditions": conditions("={{ $json.id }}", 1, "gt")["conditions"]}]}}
CELL = {"operation": "extractHtmlContent", "dataPropertyName": "page",
        "extractionValues": {"values": [{"key": "t", "cssSelector": "p"}]}}  # fmt: skip
DESCENDING = {"sortFieldsUi": {"sortField": [{"fieldName": "id", "order": "descending"}]}}

# By what is done: the nodes between, and whom the items behind them come from.
THROUGH: Mapping[str, tuple[list[dict[str, Any]], list[str]]] = {
    "the first set": ([node("N", "set", 1, {"values": {"string": [{"name": "a", "value": "b"}]}})], EACH),
    "splitOut": ([node("N", "splitOut", 1, {"fieldToSplitOut": "tags"})], TWICE),
    "the first if": ([node("N", "if", 1, {"conditions": OVER_ONE})], ["Bob", "Cy"]),
    "the first filter": ([node("N", "filter", 1, {"conditions": OVER_ONE})], ["Bob", "Cy"]),
    "switch": ([node("N", "switch", 3.2, SECOND)], ["Bob", "Cy"]),
    "function": ([node("N", "function", 1, {"functionCode": "return items.slice(1)"})], ["Bob", "Cy"]),
    "functionItem": ([node("N", "functionItem", 1, {"functionCode": "return { a: 1 }"})], EACH),
    "python for each item": ([node("N", "code", 2, {"language": "python", "mode": "runOnceForEachItem",
                                                    "pythonCode": "return {'json': {}}"})], EACH),
    "dateTime": ([node("N", "dateTime", 2, {"operation": "roundDate", "date": "={{ $json.day }}"})], EACH),
    "the first dateTime": ([node("N", "dateTime", 1, {"value": "={{ $json.day }}"})], EACH),
    "crypto": ([node("N", "crypto", 1, {"value": "={{ $json.name }}"})], EACH),
    "markdown": ([node("N", "markdown", 1, {"mode": "markdownToHtml", "markdown": "={{ $json.text }}"})], EACH),
    "html extract": ([node("N", "html", 1.2, CELL)], EACH),
    "html template": ([node("N", "html", 1.2, {"html": "<b>{{ $json.name }}</b>"})], EACH),
    "html table": ([node("N", "html", 1.2, {"operation": "convertToHtmlTable"})], NONE),
    "htmlExtract": ([node("N", "htmlExtract", 1, CELL)], EACH),
    "xml": ([node("N", "xml", 1, {"dataPropertyName": "xml"})], EACH),
    "a file of each": ([FILES], EACH),
    "one file of all": ([node("N", "convertToFile", 1.1)], NONE),
    "a file read": ([FILES, node("N", "extractFromFile", 1, {"operation": "fromJson"})], EACH),
    "rows of one file of all": ([node("Files", "convertToFile", 1.1), node("N", "extractFromFile", 1)], NONE),
    "moveBinaryData": ([node("M", "moveBinaryData", 1, {"mode": "jsonToBinary"}), node("N", "moveBinaryData", 1)],
                       EACH),
    "spreadsheetFile": ([node("M", "spreadsheetFile", 2, {"operation": "toFile", "fileFormat": "csv"}),
                         node("N", "spreadsheetFile", 2, {"fileFormat": "csv"})], NONE),
    "executionData": ([node("N", "executionData", 1, {"dataToSave": {"values": [{"key": "a", "value": "1"}]}})], EACH),
    "a wait": ([node("N", "wait", 1.1, {"amount": 0})], EACH),
    "respondToWebhook": ([node("N", "respondToWebhook", 1.1)], EACH),
    "itemLists split": ([node("N", "itemLists", 3, {"fieldToSplitOut": "tags"})], TWICE),
    "itemLists sort": ([node("N", "itemLists", 3, {"operation": "sort", **DESCENDING})], BACK),
    "duplicates from the end": ([node("S", "sort", 1, DESCENDING), node("N", "removeDuplicates", 2)], BACK),
    "aggregate of a field": ([node("N", "aggregate", 1, {"fieldsToAggregate": {"fieldToAggregate": [
        {"fieldToAggregate": "id"}]}})], NONE),
    "a loop of twos": ([node("N", "splitInBatches", 3, {"batchSize": 2})], EACH),
}  # fmt: skip


@pytest.mark.parametrize("name", THROUGH)
def test_it_is_known_behind(name: str) -> None:
    between, names = THROUGH[name]
    read = "$('Start').item.json.name"
    whole = [node("Start", "manualTrigger"), *between, node("Read", "set", 3.4, look(read, f"((x) => x)({read})"))]
    ways = [each["name"] for each in whole]
    lines = list(starmap(line, pairwise(ways)))
    if between[-1]["type"].endswith("splitInBatches"):
        lines.append(line("N", "N", 1))
    result = played(read_n8n(document(whole, *lines)), ITEMS)
    if result.error is not None:
        assert [result.error["code"]] == names, result.error
        return
    (gone,) = outputs(result, "Read")
    assert [item["r0"] for item in gone["out"]] == [item["r1"] for item in gone["out"]] == names


def on_two(handler: Handler) -> None:
    handler.reply(200, b'[{"x": 1}, {"x": 2}]', Content_Type="application/json")


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with web_server() as (address, handler):
        setattr(handler, on_two.__name__, on_two)
        yield address


def behind(tested: dict[str, Any], world: World) -> list[str]:
    """Whom the items behind a node come from, in a whole Towpath."""
    found = read_n8n(chain(node("Start", "manualTrigger"), tested, node("End", "noOp"))).definition.as_json()
    found["nodes"]["say"] = {"type": "notify.log", "params": {"text": "{{ $('Start').item.json.name }}"}}
    found["edges"]["last"] = {"source": "id-End", "target": "say"}
    try:
        world.publish(found)
        world.start(ITEMS, name="Case")
        (run,) = world.runs("Case")
        return world.said() if run.error is None else [run.error]
    finally:
        world.platform.close()


@pytest.mark.parametrize(("mode", "most", "names"), [
    ("each", 9, EACH), ("once", 9, EACH),  # n8n's rule: as many items as went in are paired by their place
    ("once", 2, NONE),
])  # fmt: skip
def test_it_is_known_behind_another_workflow(mode: str, most: int, names: list[str]) -> None:
    world = World()
    inner = {"go": "trigger.workflow", "limit": ("data.limit", {"max": most})}
    world.publish(workflow(inner, "go > limit", name="Sub"))
    assert behind(node("N", "executeWorkflow", 1.2, {"workflowId": "Sub", "mode": mode}), world) == names


@pytest.mark.parametrize("version", DIALECTS["n8n-nodes-base.httpRequest"].versions)
def test_the_items_of_an_answer_belong_to_the_item_that_was_sent(peer: str, version: float) -> None:
    sender = HttpSender(HttpSettings(allow_hosts=("127.0.0.1",)))
    world = World({"http": sender})
    assert sorted(behind(node("N", "httpRequest", version, {"url": f"{peer}/two"}), world)) == sorted(EACH * 2)
    sender.close()


@pytest.mark.parametrize(("tested", "output", "names"), [
    (node("N", "compareDatasets", 2.3, {"mergeByFields": {"values": [{"field1": "id", "field2": "id"}]}}), 0, ["Ann"]),
    (node("N", "compareDatasets", 2.3, {"mergeByFields": {"values": [{"field1": "id", "field2": "id"}]}}), 1,
     ["Bob", "Cy"]),
    (node("N", "merge", 2.1, {"mode": "combine", "mergeByFields": {"values": [{"field1": "id", "field2": "id"}]},
                              "options": {}}), 0, ["Bob", "Cy"]),
    (node("N", "merge", 3.2, {"mode": "combine", "fieldsToMatchString": "id", "joinMode": "keepNonMatches",
                              "outputDataFrom": "input1"}), 0, ["Ann"]),
    (node("N", "merge", 3.2, {"mode": "chooseBranch"}), 0, EACH),
    (node("N", "merge", 1, {"mode": "passThrough", "output": "input2"}), 0, ["Bob", "Cy"]),
])  # fmt: skip
def test_it_is_known_behind_a_node_of_two_inputs(tested: dict[str, Any], output: int, names: list[str]) -> None:
    nodes = [node("Start", "manualTrigger"), node("Some", "if", 1, {"conditions": OVER_ONE}), tested,
             node("Read", "set", 3.4, look("$('Start').item.json.name"))]  # fmt: skip
    lines = [line("Start", "N"), line("Start", "Some"), line("Some", "N", 0, 1), line("N", "Read", output)]
    result = played(read_n8n(document(nodes, *lines)), ITEMS)
    assert [item["r0"] for item in outputs(result, "Read")[0]["out"]] == names, result.error


# Triggers begin, and stopAndError ends; what is in other tests is named with them.
ELSEWHERE = {
    "emailSend": "its one item stays as it is",
    "form": "it waits for a person",
    "graphql": "an HTTP request",
    "executeWorkflow": "above",
    "httpRequest": "above",
    "compareDatasets": "above",
    "stopAndError": "an end",
}


def test_no_node_type_of_n8n_is_left_out() -> None:
    used = {each["type"] for between, _ in THROUGH.values() for each in between}
    used |= {node("N", given[0])["type"] for given, _ in NODES.values() if given} | {"n8n-nodes-base.merge"}
    for name, dialect in DIALECTS.items():
        short = name.rpartition(".")[2]
        begins = "rigger" in short or short in ("webhook", "start", "cron", "interval")
        assert begins or name in used or short in ELSEWHERE, dialect.type
