"""The rules that hold the repository together: commands, versions, records, floors, and the size of files."""

from __future__ import annotations

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest

import go

ROOT = Path(go.__file__).parent
SOURCE = ROOT / "src" / "towpath"
DECISIONS = ROOT / "docs" / "decisions"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# A folder of somebody's machine; the ending slash keeps this line, and prose, out of the catch.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work/(?:main|shared))/")


def tracked_files() -> list[Path]:
    """The files that git tracks, or would track at the next commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this copy is not a git checkout")
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def commands_in_readme() -> list[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return [line for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) for line in block.splitlines() if line]


def packages() -> set[str]:
    """The names directly under towpath that can be imported."""
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    return folders | {path.stem for path in SOURCE.glob("*.py")} - {"__init__", "__main__"}


def test_the_readme_begins_with_one_command_for_the_demo_and_one_for_the_tests() -> None:
    assert commands_in_readme()[:2] == ["python3 go.py demo", "python3 go.py test"]


def test_every_command_in_the_readme_is_one_that_go_knows() -> None:
    for command in commands_in_readme():
        program, script, task, *_ = command.split()
        assert (program, script) == ("python3", "go.py")
        assert task in go.TASKS


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == commands_in_readme()[1]
    assert "python3 go.py run just check" in lines


def test_the_newest_version_of_the_changelog_is_that_of_the_package() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (?!Unreleased)(\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["project"]["version"]


def test_every_decision_is_numbered_listed_dated_and_says_what_was_rejected() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    records = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [record.name[:4] for record in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert f"]({record.name})" in index, f"{record.name} is not in docs/decisions/README.md"
        dated = re.search(r"^Date: (\S+)$", text, re.MULTILINE)
        assert dated is not None, f"{record.name} has no line 'Date: YYYY-MM-DD'"
        date.fromisoformat(dated[1])
        assert "\n## Rejected\n" in text, f"{record.name} has no section 'Rejected'"


def test_every_page_of_the_documentation_can_be_reached_from_its_index() -> None:
    docs = ROOT / "docs"
    indexes = list(docs.rglob("README.md"))
    linked = {
        (index.parent / target).resolve()
        for index in indexes
        for target in re.findall(r"\]\(([^)#:]+)", index.read_text(encoding="utf-8"))
    }
    missing = {path for path in linked if not path.exists()}
    assert not missing, f"linked but not there: {sorted(map(str, missing))}"
    written = {path.resolve() for path in docs.rglob("*.md")} - {(docs / "README.md").resolve()}
    assert not written - linked, f"not linked from an index: {sorted(str(path) for path in written - linked)}"


def test_every_package_has_its_floor_in_the_import_rules() -> None:
    contracts = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
    floors = [set(re.findall(r"\w+", layer)) for layer in contracts["floors"]["layers"]]
    assert packages() <= set().union(*floors)
    core = {"errors", "model", "expr", "formats", "ports", "engine", "crm", "identity", "insight"}
    assert {f"towpath.{name}" for name in core} == set(contracts["pure"]["source_modules"])


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_source_file_is_longer_than_400_lines(path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= 400, f"{path.relative_to(ROOT)} has {length} lines: it is asking to be two"


def test_no_tracked_file_names_a_path_of_somebodys_machine() -> None:
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in MACHINE_PATH.finditer(text)]
    assert not found, "\n".join(found)
