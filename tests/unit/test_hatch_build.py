"""When the pages are built, and with which Node. The build itself is real in the stories and in `just package`."""

from __future__ import annotations

from pathlib import Path

import pytest

import hatch_build


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TOWPATH_UI", raising=False)
    (tmp_path / "ui" / "src").mkdir(parents=True)
    (tmp_path / "ui" / "src" / "main.tsx").write_text("1", encoding="utf-8")
    return tmp_path


def finish(checkout: Path) -> None:
    static = hatch_build.static(checkout)
    static.mkdir(parents=True, exist_ok=True)
    (static / ".stamp").write_text(hatch_build.sources_hash(checkout / "ui"), encoding="ascii")


def test_a_build_is_due_until_it_is_done_and_again_after_a_change(checkout: Path) -> None:
    assert hatch_build.stale(checkout)
    finish(checkout)
    assert not hatch_build.stale(checkout)
    (checkout / "ui" / "src" / "main.tsx").write_text("2", encoding="utf-8")
    assert hatch_build.stale(checkout)


def test_an_archive_without_ui_has_its_pages_already(tmp_path: Path) -> None:
    assert not hatch_build.stale(tmp_path)


def test_the_variable_skips_or_forces_it(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOWPATH_UI", "skip")
    assert not hatch_build.stale(checkout)
    finish(checkout)
    monkeypatch.setenv("TOWPATH_UI", "force")
    assert hatch_build.stale(checkout)


@pytest.mark.parametrize(
    ("version", "good"), [("v20.20.2", False), ("v22.11.0", False), ("v22.12.0", True), ("v24.1", True)]
)
def test_a_node_on_path_that_is_too_old_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, good: bool
) -> None:
    for name in ("node", "npm"):
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (hatch_build.system_npm() is not None) == good


def test_without_any_node_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "system_npm", lambda: None)
    monkeypatch.setattr(hatch_build, "wheel_npm", lambda: None)
    with pytest.raises(RuntimeError, match=r"Node 22\.12 or newer"):
        hatch_build.npm(["ci"])
