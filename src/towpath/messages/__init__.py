"""Texts in each language: interface texts by their English wording, errors by their code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Messages:
    """The texts of one language. English is the wording in the code itself, so it needs no list.

    ``texts`` has interface texts by their English wording, ``errors`` templates by error code, ``hints`` what to do by
    the English hint, ``patterns`` (expression, replacement) for hints with values in them.
    """

    language: Language = "en"
    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()

    def text(self, english: str, **values: object) -> str:
        """An interface text with its ``{names}`` filled in; the English wording where there is no other."""
        found = self.texts.get(english, english)
        return found.format(**values) if values else found

    def error(self, code: str, message: str, values: Mapping[str, Any]) -> tuple[str, str | None]:
        """What happened, by code; and the English message as a detail where the translation does not say as much."""
        template = self.errors.get(code)
        if template is None:
            return message, None
        wanted = _PLACEHOLDER.findall(template)
        if wanted and all(values.get(name) is not None for name in wanted):
            return template.format_map(values), None
        return re.sub(r"\s*[“「]?\{\w+\}[”」]?\s*", "", template), message

    def sentence(self, code: str, message: str, values: Mapping[str, Any]) -> str:
        """What happened, in one piece: the English message follows where the translation does not say as much."""
        return " ".join(filter(None, self.error(code, message, values)))

    def hint(self, hint: str) -> str:
        """What to do; the English wording where there is no other."""
        known = self.hints.get(hint)
        if known is not None:
            return known
        for pattern, replacement in self.patterns:
            hint = pattern.sub(replacement, hint)
        return hint


@cache
def messages(language: Language = "en") -> Messages:
    """The texts of a language."""
    if language == "en":
        return Messages()
    content = json.loads((files(__package__) / f"{language}.json").read_text(encoding="utf-8"))
    patterns = tuple((re.compile(pattern), replacement) for pattern, replacement in content["patterns"])
    return Messages(language, content["texts"], content["errors"], content["hints"], patterns)


def language_of(locale: str | None) -> Language:
    """The language for a locale name such as ``zh_CN.UTF-8``: Chinese for any ``zh``, else English."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"
