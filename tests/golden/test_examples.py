"""The examples run as they stand, each in a folder of its own."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import towpath

EXAMPLES = Path(__file__).parents[2] / "examples"


def run_example(name: str, folder: Path) -> str:
    environment = {**os.environ, "TOWPATH_FOLDER": str(folder)}
    done = subprocess.run(
        [sys.executable, EXAMPLES / name], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_program_of_the_chapter_qualifies_a_lead_and_a_second_one_when_run_twice(tmp_path: Path) -> None:
    leads = [run_example("qualify_lead.py", tmp_path).splitlines()[-1] for _ in range(2)]
    assert all(line.endswith(" Acme Corp Qualified") for line in leads)
    assert len({line.split()[0] for line in leads}) == 2


def test_a_misspelt_field_is_refused_with_node_field_and_the_nearest_field(tmp_path: Path) -> None:
    program = (EXAMPLES / "qualify_lead.py").read_text(encoding="utf-8").replace('"company"', '"compny"', 1)
    (tmp_path / "misspelt.py").write_text(program, encoding="utf-8")
    environment = {**os.environ, "TOWPATH_FOLDER": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "misspelt.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    for part in ("'1'", "compny", "Did you mean 'company'?"):
        assert part in done.stderr


@pytest.mark.parametrize("kind", ["crm.create", "n8n-nodes-base.createObject"])
def test_the_type_names_of_the_original_load_too(kind: str) -> None:
    program = (EXAMPLES / "qualify_lead.py").read_text(encoding="utf-8").partition("result =")[0]
    program = program.replace("crm.create", kind).replace("crm.update", kind.replace("create", "update"))
    names: dict[str, object] = {}
    exec(compile(program, "qualify_lead.py", "exec"), names)
    workflow = names["workflow"]
    assert isinstance(workflow, towpath.Workflow)
    assert [node.type for node in workflow.definition.nodes.values()] == ["crm.create", "crm.update"]
    assert [problem for problem in workflow.check() if problem.severity == "error"] == []


def test_the_fluent_example_has_no_problems_and_is_drawn_in_order() -> None:
    wf = runpy.run_path(str(EXAMPLES / "score_leads.py"))["wf"]
    assert wf.check() == []
    places = [node.position.x for node in wf.definition.nodes.values()]
    assert len(set(places)) == 5
