"""The set-up of go.py: done once, again after a change, by one process at a time, and never half done.

The environments are real ones; only uv is played, by a script that writes down what it is asked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import go
import hatch_build

UV = """#!/bin/sh
if [ "$1" = --version ]; then echo "uv 1.0.0"; exit; fi
echo "$*" >> {folder}/asked
if [ -e {folder}/broken ]; then echo "no route to the index" >&2; exit 2; fi
for last; do :; done
if [ "$1" = venv ]; then exec {python} -m venv --without-pip "$last"; fi
"""


class Checkout:
    """A folder with go.py, the two lock files, and a uv on PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variables = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.defpath}"}
        for name in ("bin", "lock"):
            (folder / name).mkdir()
        for script in (go.__file__, hatch_build.__file__):
            shutil.copy(script, folder)
        self.write("pyproject.toml", "[project]")
        self.write("lock/runtime.txt", "one==1")
        self.write("lock/dev.txt", "one==1\ntwo==2")
        self.write("bin/uv", UV.format(folder=folder, python=sys.executable))
        (folder / "bin" / "uv").chmod(0o755)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.folder / "go.py"), *arguments],
            env=self.variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        with self.begin(*arguments) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def asked(self) -> list[str]:
        """What uv was asked since the last look: the first word that matters of each command."""
        notes = self.folder / "asked"
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
        notes.unlink(missing_ok=True)
        return [name for line in lines for name in ("venv ", "runtime.txt", "dev.txt", " -e ") if name in line]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_command_makes_the_environment_and_runs_in_it(checkout: Checkout) -> None:
    result = checkout.start("run", "python", "-c", "import sys; print(sys.prefix)")
    assert result.stdout == f"{checkout.folder / '.venv'}\n"
    assert checkout.asked() == ["venv ", "dev.txt", " -e "]


def test_what_is_set_up_needs_no_uv(checkout: Checkout) -> None:
    checkout.start("run", "true")
    (checkout.folder / "bin" / "uv").unlink()
    result = checkout.start("run", "true")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("file", ["pyproject.toml", "lock/dev.txt"])
def test_after_a_change_it_installs_again_into_the_same_environment(checkout: Checkout, file: str) -> None:
    checkout.start("run", "true")
    checkout.write(file, "changed")
    checkout.asked()
    checkout.start("run", "true")
    assert checkout.asked() == ["dev.txt", " -e "]


def test_the_demo_takes_less_than_the_tests_and_runs_where_the_tests_ran(checkout: Checkout) -> None:
    checkout.start("demo")
    assert checkout.asked() == ["venv ", "runtime.txt", " -e "]
    checkout.start("test")
    assert checkout.asked() == ["dev.txt", " -e "]
    checkout.start("demo")
    assert checkout.asked() == []


def test_a_folder_that_was_moved_is_set_up_again(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> None:
    checkout.start("run", "true")
    checkout.asked()
    moved = shutil.copytree(checkout.folder, tmp_path_factory.mktemp("moved") / "here", symlinks=True)
    subprocess.run([sys.executable, str(moved / "go.py"), "run", "true"], env=checkout.variables, check=True)
    assert checkout.asked() == ["dev.txt", " -e "]


def test_an_environment_of_another_python_is_made_anew(checkout: Checkout) -> None:
    checkout.start("run", "true")
    library = next((checkout.folder / ".venv" / "lib").iterdir())
    library.rename(library.with_name("python3.99"))
    checkout.asked()
    checkout.start("run", "true")
    assert checkout.asked() == ["venv ", "dev.txt", " -e "]
    assert [each.name for each in (checkout.folder / ".venv" / "lib").iterdir()] == [library.name]


def test_a_set_up_that_fails_says_so_and_is_tried_again(checkout: Checkout) -> None:
    checkout.start("run", "true")
    checkout.write("lock/dev.txt", "changed")
    checkout.write("broken", "")
    for _ in range(2):
        result = checkout.start("run", "true")
        assert result.returncode == 1
        assert "no route to the index" in result.stderr
        assert "Check the network" in result.stderr
    (checkout.folder / "broken").unlink()
    assert checkout.start("run", "true").returncode == 0


def test_a_folder_that_is_no_environment_is_never_removed(checkout: Checkout) -> None:
    checkout.variables["TOWPATH_VENV"] = "lock"
    checkout.start("run", "true")
    assert (checkout.folder / "lock" / "dev.txt").exists()


def test_several_at_once_set_up_once(checkout: Checkout) -> None:
    together = [checkout.begin("run", "true") for _ in range(4)]
    for process in together:
        process.communicate()
    assert [process.returncode for process in together] == [0, 0, 0, 0]
    assert checkout.asked() == ["venv ", "dev.txt", " -e "]


def test_pages_that_cannot_be_built_are_told_and_everything_else_works(checkout: Checkout) -> None:
    (checkout.folder / "ui").mkdir()
    checkout.write("ui/package.json", "{}")
    checkout.write("lock/node.txt", "")
    first = checkout.start("run", "true")
    assert first.returncode == 0
    assert "The web pages could not be built" in first.stderr
    assert checkout.start("run", "true").stderr == ""  # not tried again for every command
    assert "could not be built" in checkout.start("demo").stderr
    checkout.variables["TOWPATH_UI"] = "skip"
    assert "pages" not in checkout.start("demo").stderr
