"""Every text that the command line shows exists in both languages, with the same values in it."""

from __future__ import annotations

import re

import pytest

from tests.unit.cli.texts import error_codes, interface_texts
from towpath.errors import NotFoundError
from towpath.messages import language_of, messages

PLACEHOLDER = re.compile(r"\{\w+\}")


def test_every_interface_text_has_a_chinese_one() -> None:
    assert sorted(text for text in interface_texts() if text not in messages("zh").texts) == []


def test_no_chinese_text_is_left_over_from_a_text_that_is_gone() -> None:
    known = interface_texts() | REASONS
    assert sorted(text for text in messages("zh").texts if text not in known) == []


def test_a_translation_takes_the_same_values() -> None:
    for english, chinese in messages("zh").texts.items():
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(chinese)), english


def test_nearly_every_error_code_has_a_chinese_text() -> None:
    codes = error_codes()
    missing = sorted(code for code in codes if code not in messages("zh").errors)
    assert len(missing) <= len(codes) / 10, missing


def test_an_error_without_a_chinese_text_is_shown_in_english() -> None:
    assert messages("zh").error("no.such_code", "What happened.", {}) == ("What happened.", None)


def test_a_chinese_error_with_all_its_values_needs_no_english_detail() -> None:
    shown = messages("zh").error("schema.unknown_field", "Lead has no field 'x'.", {"object": "Lead", "field": "x"})
    assert shown == ("Lead 没有字段“x”。", None)


def test_a_chinese_error_that_lacks_values_keeps_the_english_message_as_detail() -> None:
    error = NotFoundError("there is no run 'x'", code="run.not_found")
    assert messages("zh").error(error.code, error.message, {}) == ("没有这个运行。", "there is no run 'x'")
    assert "{" not in messages("zh").error("schema.unknown_field", "m", {})[0]


def test_hints_with_values_in_them_are_translated_by_pattern() -> None:
    assert messages("zh").hint("Did you mean 'Lead'?") == "您是不是想写 'Lead'？"
    assert messages("zh").hint("Known: a, b.") == "可选：a, b。"
    assert messages("en").hint("Known: a, b.") == "Known: a, b."


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN.UTF-8", "zh"), ("zh-Hant", "zh"), ("de_DE", "en"), ("C", "en"), (None, "en")]
)
def test_the_locale_decides_the_language(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


# Shown from constants: reasons that figures give, units of time, a column.
REASONS = {
    "no labour", "no limit set and no baseline period", "no baseline or plan set", "some hours have no wage",
    "nothing has ended yet", "s", "min", "h", "d", "on time",
}  # fmt: skip
