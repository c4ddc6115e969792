"""Text, long text, references, e-mail addresses, telephone numbers and web addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from towpath.crm.values.bad import BadValue, Check, wrong_type

TEXT_LIMIT = 4_000  # characters of a text field without a max_length of its own
LONG_TEXT_LIMIT = 1_000_000
EMAIL_LIMIT = 254  # RFC 5321
URL_LIMIT = 2_083
PHONE_LIMIT = 40
REFERENCE_LIMIT = 64

_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_])?")
_PHONE = re.compile(r"\+?[\d\s().\-/]*(?:\s*(?:ext\.?|x|#)\s*\d+)?", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+\w{2,}(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def text(limit: int | None = None) -> Check:
    """Text without blanks around it."""
    most = limit or TEXT_LIMIT

    def check(value: Any) -> str | None:
        if value.__class__ is not str:
            value = _as_text(value)
        value = value.strip()
        # The two tests that nearly every text passes come first; the rest is for the few others.
        if len(value) > most or not value.isascii() or "\0" in value:
            _refuse(value, most)
        return value or None

    return check


def long_text(limit: int | None = None) -> Check:
    """Text with its line breaks and blanks as they are; only blanks count as empty."""
    most = limit or LONG_TEXT_LIMIT

    def check(value: Any) -> str | None:
        if value.__class__ is not str:
            value = _as_text(value)
        if len(value) > most or not value.isascii() or "\0" in value:
            _refuse(value, most)
        return value if value and not value.isspace() else None

    return check


def reference() -> Check:
    """The id of a record; that it exists is checked set-wise by the session."""
    inner = text(REFERENCE_LIMIT)

    def check(value: Any) -> str | None:
        if value.__class__ is not str:
            raise wrong_type("the id of a record", "Give the id as text.")
        return inner(value)  # type: ignore[no-any-return]

    return check


def email(limit: int | None = None) -> Check:
    """An e-mail address in lower case."""
    inner = text(limit or EMAIL_LIMIT)

    def check(value: Any) -> str | None:
        address: str | None = inner(value)
        if address is None:
            return None
        address = address.lower()
        if not _EMAIL.fullmatch(address):
            raise BadValue("schema.bad_email", "not an e-mail address", "Write it like name@example.com.")
        return address

    return check


def phone(limit: int | None = None) -> Check:
    """A telephone number as written, with plain digits, single blanks and ``+`` for a leading ``00``."""
    inner = text(limit or PHONE_LIMIT)

    def check(value: Any) -> str | None:
        number: str | None = inner(value)
        if number is None:
            return None
        number = number if number.isascii() else _plain_digits(number)
        number = _SPACES.sub(" ", number)
        number = "+" + number[2:].lstrip() if number.startswith("00") else number
        if not _PHONE.fullmatch(number) or sum(map(str.isdigit, number)) < 3:
            raise BadValue("schema.bad_phone", "not a telephone number", "Write digits, like +44 20 7946 0018.")
        return number

    return check


def url(limit: int | None = None) -> Check:
    """A web address; ``https://`` is added where the scheme is missing."""
    inner = text(limit or URL_LIMIT)

    def check(value: Any) -> str | None:
        address: str | None = inner(value)
        if address is None:
            return None
        if _HOST.fullmatch(address):
            return f"https://{address}"
        scheme = _SCHEME.match(address)
        if not scheme or scheme[1].lower() not in ("http", "https") or " " in address or len(address) < 10:
            raise BadValue("schema.bad_url", "not a web address", "Write it like https://example.com/page.")
        return address

    return check


def _plain_digits(number: str) -> str:
    plain = unicodedata.normalize("NFKC", number)
    return "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in plain)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type("text")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _refuse(value: str, most: int) -> None:
    if len(value) > most:
        raise BadValue("schema.too_long", f"{len(value)} characters long, the field takes {most}", "Shorten it.")
    check_characters(value)


def check_characters(value: str) -> None:
    """Raise BadValue for what no database keeps: the zero character and halves of surrogate pairs."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadValue("schema.bad_text", "not valid Unicode (it has half of a surrogate pair)") from None
    if "\0" in value:
        raise BadValue("schema.bad_text", "not usable, because it has the zero character in it")
