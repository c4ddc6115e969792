"""What a definition file may not hold: each refusal has a code and a place, and comes before memory is spent."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from towpath.errors import FormatError
from towpath.formats import read_workflow
from towpath.formats.native.limits import MAX_BYTES
from towpath.formats.native.upgrades import upgrade

HALF = MAX_BYTES // 2 - 10

CASES = [
    ('{"a": 1,\n "b": {"c": 1, "c": 2}}', "format.duplicate_key", 2, 16),
    ('{"a": [{"a": 1}, {"a": 1}], "\\u0061": 2}', "format.duplicate_key", 1, 29),
    ('{"a": 1,}', "format.json", 1, 9),
    ('{"a": NaN}', "format.json", None, None),
    ('{"a": ' + "9" * 5000 + "}", "format.json", None, None),
    ("a: 1\nb: 2\na: 3\n", "format.duplicate_key", 3, 1),
    ("a: &x 1\nb: *x\n", "format.yaml", 1, 4),
    ("a: *x\n", "format.yaml", 1, 4),
    ("a: !!python/object/apply:os.system [ls]\n", "format.yaml", 1, 4),
    ("a: !secret x\n", "format.yaml", 1, 4),
    ("a: .inf\n", "format.yaml", 1, 4),
    ("a: " + "9" * 5000, "format.yaml", 1, 4),
    ("{[a]: 1}", "format.json", 1, 2),
    ("? " * HALF, "format.yaml", 1, 3),
    ("? [a]\n: 1\n", "format.yaml", 1, 3),
    ("a: 1\n---\na: 2\n", "format.yaml", 2, 1),
    ("a: 'open\n", "format.yaml", 2, 1),
    ("a: \x00", "format.yaml", None, None),
    (b'{"a": "\xff"}', "format.encoding", 1, None),
]


@pytest.mark.parametrize(("source", "code", "line", "column"), CASES)
def test_bad_text_is_refused_with_its_place(
    source: str | bytes, code: str, line: int | None, column: int | None
) -> None:
    with pytest.raises(FormatError) as caught:
        read_workflow(source)
    where = caught.value.where
    assert (caught.value.code, where.line, where.column) == (code, line, column)


@pytest.mark.parametrize(
    "source",
    [
        "[" * HALF,
        "[" * HALF + "]" * HALF,
        '{"a":' * (HALF // 3),
        "- " * HALF,
        "a: " + "{a: " * (HALF // 3),
    ],
    ids=["open lists", "closed lists", "objects", "yaml lists", "yaml maps"],
)
def test_megabytes_of_nesting_are_refused_without_building_them(source: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(FormatError) as caught:
            read_workflow(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.code == "format.too_deep"
    assert peak < 4 * MAX_BYTES


def test_a_file_beyond_ten_megabytes_is_refused() -> None:
    with pytest.raises(FormatError) as caught:
        read_workflow(b" " * (MAX_BYTES + 1))
    assert caught.value.code == "format.too_large"


def endless() -> dict[str, Any]:
    made: dict[str, Any] = {"name": "x"}
    made["nodes"] = made
    return made


def unfolding() -> dict[str, Any]:
    part: list[Any] = []
    for _ in range(60):
        part = [part, part]
    return {"name": "x", "nodes": part}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (endless(), "format.too_deep"),
        (unfolding(), "format.too_large"),
        ({"name": "x", "nodes": {str(number): {"type": "a"} for number in range(20_001)}}, "format.too_large"),
        ({"a": {1: 2}}, "format.value"),
        ({"a": [object()]}, "format.value"),
        ({"a": 2**64}, "format.value"),
        ({"a": float("nan")}, "format.value"),
        ({"a": "\ud800"}, "format.value"),
        ({"\ud800": 1}, "format.value"),
    ],
)
def test_a_dict_that_is_not_plain_json_is_refused(value: dict[str, Any], code: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_workflow(value)
    assert caught.value.code == code


def test_a_document_is_upgraded_by_one_function_per_format() -> None:
    def rename_steps(document: dict[str, Any]) -> dict[str, Any]:
        """``steps`` became ``nodes``."""
        return {"nodes" if key == "steps" else key: value for key, value in document.items()}

    def name_is_required(document: dict[str, Any]) -> dict[str, Any]:
        """Every workflow has a name."""
        return {"name": "Untitled", **document}

    upgrades = {1: rename_steps, 2: name_is_required}
    assert upgrade({"format": 1, "steps": {}}, upgrades, 3) == {"format": 3, "nodes": {}, "name": "Untitled"}
    assert upgrade({"format": 2, "name": "x"}, upgrades, 3) == {"format": 3, "name": "x"}
    assert upgrade({"name": "x"}, upgrades, 3) == {"name": "x"}


@pytest.mark.parametrize(
    ("number", "code"),
    [(2, "format.too_new"), (0, "format.version"), ("1", "format.version"), (True, "format.version")],
)
def test_a_format_that_cannot_be_read_is_refused(number: object, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_workflow({"format": number, "name": "x"})
    assert caught.value.code == code
