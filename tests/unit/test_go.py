"""The script that begins everything: what it says, what it passes on to commands, and where it finds uv.

That it sets up the environment, and when it does not: test_go_set_up.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import go
import hatch_build


def start(*arguments: str, python: str = sys.executable, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": os.environ["PATH"] if path is None else path}
    return subprocess.run(
        [python, go.__file__, *arguments], capture_output=True, text=True, env=environment, check=False
    )


@pytest.mark.parametrize("arguments", [(), ("dmeo",), ("run",)])
def test_without_a_known_command_it_prints_the_commands_and_fails(arguments: tuple[str, ...]) -> None:
    result = start(*arguments)
    assert result.returncode == 2
    assert all(task in result.stderr for task in go.TASKS)


def test_asked_for_help_it_prints_the_commands_and_succeeds() -> None:
    result = start("--help")
    assert result.returncode == 0
    assert result.stdout == go.USAGE


def test_the_exit_code_and_the_output_of_a_command_are_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    assert go.run([sys.executable, "-c", "print('one line'); raise SystemExit(7)"]) == 7
    assert capfd.readouterr().out == "one line\n"


def test_a_command_runs_in_the_project_folder_and_downloads_no_python(capfd: pytest.CaptureFixture[str]) -> None:
    go.run([sys.executable, "-c", "import os; print(os.getcwd(), os.environ['UV_PYTHON_DOWNLOADS'])"])
    assert capfd.readouterr().out == f"{go.ROOT} never\n"


def test_the_programs_of_the_environment_come_before_all_others_and_our_own_uv_last() -> None:
    first, *others, last = go.environment()["PATH"].split(os.pathsep)
    assert (first, last) == (str(go.VENV / "bin"), str(go.TOOLS / "bin"))
    assert others == os.environ["PATH"].split(os.pathsep)


def test_a_command_that_is_not_there_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert go.run(["no-such-command"]) == 127
    assert "no-such-command cannot be started" in capfd.readouterr().err


def test_a_python_that_is_too_old_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 6))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert go.main(["demo"]) == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


def test_without_uv_and_pip_it_says_how_to_get_one(tmp_path: Path) -> None:
    """A real Python without pip, uv and ensurepip, as Debian ships it: an environment that hides them."""
    venv.create(tmp_path / "bare", with_pip=False)
    for script in (go.__file__, hatch_build.__file__):
        shutil.copy(script, tmp_path)
    (tmp_path / "ensurepip.py").touch()
    hidden = "import sys; sys.modules['ensurepip'] = None; import go; sys.exit(go.main(['test']))"
    result = subprocess.run(
        [tmp_path / "bare" / "bin" / "python", "-c", hidden],
        cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "apt install python3-pip" in result.stderr


def test_a_uv_that_does_not_answer_or_is_too_old_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setattr(go, "TOOLS", tmp_path / "tools")
    uv = tmp_path / "uv"
    for script in ("echo 'uv 0.4.9'", "exit 127"):
        uv.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        uv.chmod(0o755)
        assert go.find_uv() is None
    uv.write_text("#!/bin/sh\necho 'uv 1.0.0 (any)'\n", encoding="utf-8")
    assert go.find_uv() == str(uv)
