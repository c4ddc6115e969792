"""Files that are large, deep or wrong: read in time, or refused with the reason, in a process of its own.

The limits are those of issue 3: 500 nodes in a second; whatever comes, an answer within ten seconds and 256 MB.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")

PROBE = """
import json, sys, time
from towpath.errors import TowpathError
from towpath.formats.n8n import survey_n8n
data = open(sys.argv[1], "rb").read()
begin = time.perf_counter()
try:
    said = {"nodes": len(survey_n8n(data, file="flow.json")[0].definition.nodes)}
except TowpathError as error:
    said = {"code": error.code, "message": error.message}
spent = time.perf_counter() - begin
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # ru_maxrss counts the parent in
print(json.dumps({**said, "seconds": spent, "megabytes": int(peak.split()[1]) / 1024}))
"""


def node(number: int, **more: Any) -> dict[str, Any]:
    values = [
        {"name": f"f{n}", "type": "string", "value": f"={{{{ $json.a{n} + $('Node 0').item.json.b }}}}"}
        for n in range(4)
    ]
    return {"id": f"n{number}", "name": f"Node {number}", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
            "position": [number * 100, 0], "parameters": {"assignments": {"assignments": values}}, **more}  # fmt: skip


def line(target: int) -> dict[str, Any]:
    return {"main": [[{"node": f"Node {target}", "type": "main", "index": 0}]]}


def flow(nodes: list[Any], connections: dict[str, Any] | None = None) -> str:
    return json.dumps(
        {"name": "Big", "nodes": nodes, "connections": connections or {}, "settings": {"executionOrder": "v1"}}
    )


def read(tmp_path: Path, text: str) -> dict[str, Any]:
    """What becomes of a file, with the time and memory that it took."""
    path = tmp_path / "flow.json"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["megabytes"] <= 256, found
    return found


def test_five_hundred_nodes_are_read(tmp_path: Path) -> None:
    trigger = {"id": "t", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1, "parameters": {}}
    lines = {"Start": line(0), **{f"Node {n}": line(n + 1) for n in range(499)}}
    assert read(tmp_path, flow([trigger, *(node(n) for n in range(500))], lines))["nodes"] == 501


MILLION = '{"nodes": [' + ",".join(['{"type":"a"}'] * 700_000) + '], "connections": {}}'
DIGITS = "9" * 10_000
HOSTILE = {
    "a million nodes": ('{"nodes": [' + ",".join(f'{{"name":"{n}","type":"a"}}' for n in range(1_000_000)) + "]}",
                        "format.too_large"),
    "more values than fit": (MILLION, "format.too_large"),
    "more nodes than are read": (flow([{"name": str(n), "type": "a"} for n in range(25_000)]), "format.too_large"),
    "nested a hundred thousand times": ('{"nodes": ' + "[" * 100_000 + "]" * 100_000 + "}", "format.too_deep"),
    "objects nested a hundred thousand times": ('{"a":' * 100_000 + "1" + "}" * 100_000, "format.too_deep"),
    "two nodes of one id": (flow([node(1), node(2, id="n1")]), "format.n8n_duplicate"),
    "two nodes of one name": (flow([node(1), node(2, name="Node 1")]), "format.n8n_duplicate"),
    "one key twice": ('{"nodes": [], "nodes": []}', "format.json"),
    "NaN": ('{"nodes": [{"name": "a", "type": "b", "parameters": {"x": NaN}}]}', "format.json"),
    "infinity": ('{"nodes": [{"name": "a", "type": "b", "position": [Infinity, 0]}]}', "format.json"),
    "no JSON": ("{" * 1000, "format.too_deep"),
    "half a file": (flow([node(n) for n in range(100)])[:-500], "format.json"),
    "no workflow": ("[1, 2, 3]", "format.n8n"),
    "a number of ten thousand digits": ('{"nodes": [{"name": "a", "type": "b", "x": ' + DIGITS + "}]}", "format.json"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_read_is_refused_with_the_reason(kind: str, tmp_path: Path) -> None:
    text, code = HOSTILE[kind]
    found = read(tmp_path, text)
    assert found.get("code") == code, found


def test_parts_that_go_in_a_circle_are_refused(tmp_path: Path) -> None:
    agents = [{"id": f"n{n}", "name": f"Node {n}", "type": "@n8n/n8n-nodes-langchain.agent"} for n in range(2)]
    lines = {"Node 0": {"ai_tool": [[{"node": "Node 1", "type": "ai_tool", "index": 0}]]},
             "Node 1": {"ai_tool": [[{"node": "Node 0", "type": "ai_tool", "index": 0}]],
                        "main": [[{"node": "Node 0", "type": "main", "index": 0}]]}}  # fmt: skip
    found = read(tmp_path, flow(agents, lines))
    assert found.get("code") == "format.n8n_cycle", found


def test_circles_of_lines_are_bounded(tmp_path: Path) -> None:
    nodes = [node(n) for n in range(300)]
    lines = {
        f"Node {n}": {"main": [[{"node": f"Node {m}", "type": "main", "index": 0} for m in range(300)]]}
        for n in range(300)
    }
    trigger = {"id": "t", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1, "parameters": {}}
    assert read(tmp_path, flow([trigger, *nodes], {"Start": line(0), **lines}))["nodes"] == 301


@pytest.mark.nightly
def test_the_limits_of_time_hold(tmp_path: Path) -> None:
    """Apart from the others, since other work on the machine shows in it."""
    trigger = {"id": "t", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1, "parameters": {}}
    lines = {"Start": line(0), **{f"Node {n}": line(n + 1) for n in range(499)}}
    assert read(tmp_path, flow([trigger, *(node(n) for n in range(500))], lines))["seconds"] <= 1
    assert {kind: read(tmp_path, text)["seconds"] <= 10 for kind, (text, _) in HOSTILE.items()} == dict.fromkeys(
        HOSTILE, True
    )
