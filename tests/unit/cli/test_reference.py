"""The reference page of the command line is that of the commands as they are, and every command answers --help."""

from __future__ import annotations

import pytest

from scripts.make_cli_docs import PAGE, page
from towpath.cli.entries import ENTRIES
from towpath.cli.main import main
from towpath.main import DOORS


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m scripts.make_cli_docs"


@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_every_command_has_a_help_page_in_both_languages(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"], DOORS, {}) == 0
    assert "Usage:" in capsys.readouterr().out
    assert main([name, "-h", "--lang", "zh"], DOORS, {}) == 0
    assert "用法：" in capsys.readouterr().out


def test_a_shell_completes_commands_and_options(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_TOWPATH_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "towpath q")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        main([], DOORS, {})
    assert capfd.readouterr().out.split() == ["query"]
