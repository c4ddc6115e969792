"""Normal forms of what is compared: mail addresses, phone numbers in E.164, companies without their legal form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import phonenumbers

from towpath.model.duplicates import DuplicateRule, Form, MatchField

_LEGAL = frozenset({
    "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "lp", "plc", "gmbh",
    "ag", "kg", "kgaa", "ohg", "ug", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "oy", "oyj", "ab", "as",
    "asa", "aps", "kft", "zrt", "sro", "doo", "pty", "pte", "bhd", "kk", "gk", "sl", "slu", "lda", "ltda",
})  # fmt: skip
_CHINESE_LEGAL = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团公司|公司|株式会社)$")
_NO_WORD = re.compile(r"[^\w]+")
_NO_DIGIT = re.compile(r"\D")
_INTERNATIONAL = re.compile(r"\+[1-9][\d ()./-]{6,24}")
_DOTTED = re.compile(r"\b((?:\w\.){2,})")


def normal(rule: DuplicateRule, match: MatchField, value: Any) -> str | None:
    """The value as it is compared; None for an empty one, which matches nothing."""
    if value is None or value == "":
        return None
    text = str(value)
    return phone(text, rule.region) if match.form == "phone" else _FORMS[match.form](text)


def mail(text: str) -> str | None:
    """Lower case and trimmed."""
    return text.strip().lower() or None


@lru_cache(maxsize=4096)
def phone(text: str, region: str) -> str | None:
    """E.164, such as +4930123456; the bare digits of what is no number of the region."""
    if _INTERNATIONAL.fullmatch(text) and "(0)" not in text:  # nothing to look up: most imports are written so
        return "+" + _NO_DIGIT.sub("", text)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return _NO_DIGIT.sub("", text) or None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def company(text: str) -> str | None:
    """Words in lower case without accents, punctuation and legal forms; of a name that is nothing else, all of it."""
    plain = words(text) or ""
    if "." in plain:
        plain = _DOTTED.sub(lambda found: found[1].replace(".", ""), plain)
    found = [word for word in _NO_WORD.split(plain) if word]
    kept = [word for word in found if word not in _LEGAL]
    name = " ".join(kept or found)
    return _CHINESE_LEGAL.sub("", name) or name or None


def words(text: str) -> str | None:
    """Lower case, trimmed, without accents, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split()) or None
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split()) or None


def alike(match: MatchField, one: str | None, other: str | None) -> bool:
    """Whether two normal forms match; an empty one matches nothing."""
    if one is None or other is None:
        return False
    if one == other:
        return True
    return match.similar is not None and SequenceMatcher(None, one, other).ratio() >= match.similar


def blocking_key(match: MatchField, value: str) -> str:
    """What candidates share: the whole value, or its first word's beginning where values need only be alike."""
    return f"{match.field}:{value if match.similar is None else value.split(maxsplit=1)[0][:4]}"


_FORMS: Mapping[Form, Callable[[str], str | None]] = {"mail": mail, "company": company, "text": words}
