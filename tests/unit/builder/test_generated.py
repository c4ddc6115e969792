"""Files made from the code are as the code would make them now."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import make_builder, make_schemas

BUILDER = make_builder.make_files()


def test_the_builder_has_no_file_too_many() -> None:
    assert {path.name for path in make_builder.FOLDER.glob("*.py")} == set(BUILDER)


@pytest.mark.parametrize("name", sorted(BUILDER))
def test_the_steps_of_the_builder_are_up_to_date(name: str) -> None:
    path = make_builder.FOLDER / name
    assert path.read_text(encoding="utf-8") == BUILDER[name], "run: python -m scripts.make_builder"


def test_the_json_schema_is_up_to_date() -> None:
    path: Path = make_schemas.PATH
    assert path.read_text(encoding="utf-8") == make_schemas.make_schema(), "run: python -m scripts.make_schemas"
