"""Node types that installed packages bring, and mistakes in what ``towpath.run`` is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import towpath
from towpath import Workflow

PROGRAM = """
import towpath
result = towpath.run({
    "name": "Greet",
    "nodes": {"greet": {"type": "acme.greet", "params": {"text": "{{ 'Hello ' + $json.name }}", "into": "greeting"}}},
}, [{"name": "Ann"}], store=":memory:")
print(result.items)
"""


def installed(folder: Path, entries: str, **modules: str) -> Path:
    """A package in a folder as pip would leave it: its modules, and the metadata that names its entry points."""
    about = folder / "acme_nodes-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-nodes\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[towpath.nodes]\n{entries}\n")
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "TOWPATH_FOLDER": str(folder / "data"), "LC_ALL": "C.UTF-8"}
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, env=environment, check=False)


def test_what_new_node_writes_runs_once_its_package_is_installed(tmp_path: Path) -> None:
    folder = installed(tmp_path / "site", "acme.greet = acme_greet:node_type")
    written = run(folder, "-m", "towpath.main", "new", "node", "acme.greet", "--into", str(folder))
    assert written.returncode == 0, written.stderr
    done = run(folder, "-c", PROGRAM)
    assert done.stdout.strip() == "[{'name': 'Ann', 'greeting': 'Hello Ann'}]", done.stderr


def test_a_package_that_cannot_be_loaded_is_named_with_what_to_do(tmp_path: Path) -> None:
    folder = installed(tmp_path / "site", "acme.greet = acme_greet:node_type", acme_greet="import nothing_like_this")
    (folder / "flow.yaml").write_text("name: Greet\nnodes: {greet: {type: acme.greet, params: {text: hello}}}\n")
    done = run(folder, "-m", "towpath.main", "publish", str(folder / "flow.yaml"))
    said = " ".join(done.stderr.split())
    assert done.returncode != 0
    assert "'acme.greet' (acme_greet:node_type) cannot be loaded: No module named 'nothing_like_this'" in said
    assert "Repair or uninstall the package 'acme-nodes'." in said
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("module", "complaint"),
    [
        ("node_type = 7", "is of the type int, not a NodeType"),
        ("from towpath.nodes.logic_if import node_type", "has the name of the built-in 'logic.if'"),
    ],
)
def test_what_is_no_node_type_or_takes_a_name_is_refused(tmp_path: Path, module: str, complaint: str) -> None:
    folder = installed(tmp_path / "site", "acme.greet = acme_greet:node_type", acme_greet=module)
    done = run(folder, "-c", PROGRAM)
    assert done.returncode != 0
    assert complaint in done.stderr


def flow() -> Workflow:
    return Workflow("Shout").nodes(
        [{"id": "loud", "name": "Loud", "type": "data.set", "options": {"fields": {"text": "{{ $json.text + '!' }}"}}}]
    )


def test_a_mock_for_a_node_that_is_not_there_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(towpath.TowpathError) as caught:
        towpath.run(flow(), [{"text": "hey"}], mocks={"laud": {"text": "x"}})
    assert caught.value.code == "run.unknown_mock"
    assert "loud" in str(caught.value.hint)


@pytest.mark.parametrize("key", ["loud", "Loud", "data.set"])
def test_a_mock_may_name_the_node_by_id_name_or_type(key: str) -> None:
    assert towpath.run(flow(), [{"text": "hey"}], mocks={key: {"text": "mocked"}}).items == [{"text": "mocked"}]


@pytest.mark.parametrize("items", ["hey", 7, {"text": "hey"}, ["hey"]])
def test_items_that_are_no_list_of_objects_are_refused(items: object) -> None:
    with pytest.raises(towpath.TowpathError) as caught:
        towpath.run(flow(), items, store=":memory:")  # type: ignore[arg-type]
    assert caught.value.code == "run.items"
