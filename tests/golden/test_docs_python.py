"""The Python in the reference page runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import towpath

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("code", BLOCKS)
def test_the_code_of_the_page_runs(code: str) -> None:
    exec(compile(code, str(PAGE), "exec"), {})


def test_every_public_name_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in towpath.__all__ if f"`{name}" not in page] == []
