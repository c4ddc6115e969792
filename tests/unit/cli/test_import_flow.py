"""``towpath import`` and ``towpath export``, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.formats.n8n.building import chain, node
from towpath.cli.main import main
from towpath.formats import read_workflow
from towpath.main import DOORS


def run(*arguments: str, folder: Path) -> int:
    return main(["--folder", str(folder / "data"), *arguments], DOORS)


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    path = tmp_path / "flow.json"
    start, hub = node("Start", "manualTrigger"), node("Hub", "hubspot", 2, {"resource": "deal"})
    path.write_text(json.dumps(chain(start, hub, node("Shell", "executeCommand"))), encoding="utf-8")
    return path


def test_an_imported_file_can_be_read_and_exported_again(flow: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", str(flow), folder=flow.parent) == 0
    written = flow.with_name("flow.towpath.yaml")
    definition = read_workflow(written.read_bytes())
    assert [each.type for each in definition.nodes.values()] == ["trigger.manual", "service.call", "service.call"]
    capsys.readouterr()
    assert run("export", str(written), folder=flow.parent) == 0
    assert len(json.loads(capsys.readouterr().out)["nodes"]) == 3


def test_the_report_as_json_counts_nodes_by_status(flow: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", str(flow), "--report", "--json", folder=flow.parent) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert {name: report["counts"][name] for name in ("native", "generic", "refused")} == {
        "native": 1, "generic": 1, "refused": 1,
    }  # fmt: skip
    assert not flow.with_name("flow.towpath.yaml").exists()


def test_a_file_that_is_there_is_not_written_over(flow: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow.with_name("flow.towpath.yaml").write_text("mine", encoding="utf-8")
    assert run("import", str(flow), folder=flow.parent) != 0
    assert flow.with_name("flow.towpath.yaml").read_text(encoding="utf-8") == "mine"
    assert run("import", str(flow), "--force", folder=flow.parent) == 0


def test_the_report_says_which_expressions_cannot_run_in_which_node(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ask.json"
    values = {"values": {"string": [{"name": "a", "value": "={{ $fromAI('name') }}"}]}}
    path.write_text(json.dumps(chain(node("Start", "manualTrigger"), node("Fill in", "set", 1, values))), "utf-8")
    assert run("import", str(path), "--report", folder=tmp_path) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if "$fromAI" in line)
    assert row.split()[:2] == ["Fill", "in"]
    assert "unsupported" in row
    run("import", str(path), "--report", "--json", folder=tmp_path)
    (report,) = json.loads(capsys.readouterr().out)
    assert report["counts"]["unsupported"] == 1
    assert "AI agent" in report["expressions"][0]["reason"]
