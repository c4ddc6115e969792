"""Text with NUL characters, which Postgres cannot store, as text without.

The characters 0 to 3 become codes of three characters: 1, then two of 2 and 3. Such codes never overlap each other or
plain text, and they sort as what they stand for. So comparisons, orders, prefixes and parts of coded texts are those of
the texts themselves, and all other text is stored as it is.
"""

from __future__ import annotations

import re

_CODES = {"\0": "\1\2\2", "\1": "\1\2\3", "\2": "\1\3\2", "\3": "\1\3\3"}
_TABLE = str.maketrans(_CODES)
_CHARACTERS = {code: character for character, code in _CODES.items()}
_CODED = re.compile("\1[\2\3][\2\3]")
# In JSON text they are written \u0000 to \u0003, after an even number of further backslashes.
_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u000([0-3])")
_CODED_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0001(\\u000[23])(\\u000[23])")
_JSON_CODES = {str(ord(plain)): "".join(f"\\u000{ord(each)}" for each in code) for plain, code in _CODES.items()}
_JSON_PLAIN = {code: f"\\u000{number}" for number, code in _JSON_CODES.items()}


def has_rare(text: str) -> bool:
    """Whether the text, or one of several joined, is stored in another form."""
    return "\0" in text or "\1" in text or "\2" in text or "\3" in text


def escaped(text: str) -> str:
    """The text as it is stored."""
    return text.translate(_TABLE) if has_rare(text) else text


def plain(text: str) -> str:
    """The text that is stored so."""
    return _CODED.sub(lambda match: _CHARACTERS[match[0]], text) if "\1" in text else text


def escaped_json(text: str) -> str:
    """JSON text as it is stored: its strings are coded as other text is."""
    if "\\u000" not in text:
        return text
    return _IN_JSON.sub(lambda match: match[1] + _JSON_CODES[match[2]], text)


def plain_json(text: str) -> str:
    """The JSON text that is stored so."""
    if "\\u0001" not in text:
        return text
    return _CODED_IN_JSON.sub(lambda match: match[1] + _JSON_PLAIN["\\u0001" + match[2] + match[3]], text)
