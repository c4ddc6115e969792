"""Global options, languages, usage errors and moments, piece by piece."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from towpath.cli.exit_codes import ExitCode, exit_code_of
from towpath.cli.failures import usage_text
from towpath.cli.main import hoist, language_given
from towpath.cli.reading import items_given, pairs_given
from towpath.cli.show import harmless
from towpath.cli.times import moment_given, seconds_text
from towpath.errors import (
    ConflictError,
    InputError,
    NodeError,
    NotFoundError,
    StorageError,
    TowpathError,
    WorkflowError,
)
from towpath.messages import messages
from towpath.ports.time import SECOND

NOW = 1_800_000_000 * SECOND


def test_global_options_are_found_anywhere_and_the_rest_keeps_its_order() -> None:
    assert hoist(["query", "--json", "Lead", "--folder", "x", "-n", "3", "--lang=zh"]) == (
        ["--json", "--folder", "x", "--lang=zh"],
        ["query", "Lead", "-n", "3"],
    )


def test_nothing_after_two_dashes_is_a_global_option() -> None:
    assert hoist(["query", "--", "--json"]) == ([], ["query", "--", "--json"])


def test_a_global_option_without_its_value_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        hoist(["query", "--folder"])
    assert caught.value.code == "usage.value"


def test_the_language_comes_from_the_option_before_the_locale() -> None:
    assert language_given(["x", "--lang", "zh"], {"LANG": "C"}) == "zh"
    assert language_given(["x"], {"LANG": "zh_CN", "LC_ALL": "C"}) == "en"
    assert language_given(["x"], {"LC_MESSAGES": "zh_TW"}) == "zh"
    assert language_given(["--lang"], {}) == "en"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFoundError("x"), ExitCode.NOT_FOUND),
        (ConflictError("x"), ExitCode.CONFLICT),
        (StorageError("x"), ExitCode.STORAGE),
        (WorkflowError("x"), ExitCode.FAILED),
        (InputError("x"), ExitCode.USAGE),
        (NodeError("x"), ExitCode.FAILED),
        (TowpathError("x"), ExitCode.FAILED),
    ],
)
def test_the_kind_of_an_error_decides_the_exit_code(error: TowpathError, code: ExitCode) -> None:
    assert exit_code_of(error) == code


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("No such command 'qury'. Did you mean 'query'?", "There is no command qury. Did you mean 'query'?"),
        ("Missing argument 'OBJECT'.", "The argument OBJECT is missing."),
        ("Option '--where' requires an argument.", "The option --where needs a value."),
        ("Got unexpected extra argument (x)", "There are more arguments than the command takes: x."),
        ("something new", "something new"),
    ],
)
def test_usage_errors_are_in_our_words(message: str, text: str) -> None:
    assert usage_text(message, messages("en")) == text


def test_values_that_read_as_json_are_that_value_and_others_text() -> None:
    assert pairs_given(["a=1", "b=x y", "c=true", "d=a=b", "e="]) == {
        "a": 1,
        "b": "x y",
        "c": True,
        "d": "a=b",
        "e": "",
    }


@pytest.mark.parametrize("text", ["[1", "1", "[1]", "[" * 100_000])
def test_items_that_are_no_objects_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        items_given(text)
    assert caught.value.code == "input.items"


@pytest.mark.parametrize("sign", ["", "@"])
def test_items_are_read_from_a_file(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "item.json"
    path.write_bytes(b'\xef\xbb\xbf{"name": "Ann"}')
    assert items_given(f"{sign}{path}") == [{"name": "Ann"}]


def test_a_moment_is_a_date_a_time_or_how_long_ago() -> None:
    assert moment_given("7 days", NOW) == NOW - 7 * 86400 * SECOND
    assert (
        moment_given("2026-03-31T12:00+00:00", NOW) == int(datetime(2026, 3, 31, 12, tzinfo=UTC).timestamp()) * SECOND
    )
    assert moment_given(None, NOW) is None


def test_durations_are_short() -> None:
    assert [seconds_text(value) for value in (None, 0.0123, 3.14159, 5400)] == ["", "12.3 ms", "3.14 s", "1h 30m"]


def test_control_characters_are_shown_as_dots() -> None:
    assert harmless("a\x1b[31m\u202eb\nc") == "a·[31m·b⏎c"
