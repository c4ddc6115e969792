"""The words of written conditions: numbers, texts, names of fields, operators."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<quoted>`(?:[^`\\]|\\.)+`(?:\.(?:\w+|`(?:[^`\\]|\\.)+`))*)
    | (?P<name>[^\W\d]\w*(?:\.(?:\w+|`(?:[^`\\]|\\.)+`))*)
    | (?P<mark>===|!==|==|!=|<>|<=|>=|<|>|=|&&|\|\||!|\(|\)|\[|\]|,)
    )""",
    re.VERBOSE | re.DOTALL,
)
RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "contains",
        "starts",
        "ends",
        "with",
        "between",
        "empty",
        "true",
        "false",
        "null",
        "changed",
        "was",
        "increased",
        "decreased",
        "all",
        "any",
    ]
)
_ALIASES = {"&&": "and", "||": "or", "!": "not", "=": "==", "===": "==", "!==": "!=", "<>": "!="}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the text; aliases are already the word that they stand for."""

    kind: str  # number, text, name, quoted, word, mark or end
    value: str
    start: int


def make_token(kind: str, value: str, start: int) -> Token:
    """The token of a match: words of the language apart from names of fields."""
    if kind == "mark":
        value = _ALIASES.get(value, value)
        return Token("word" if value in RESERVED else "mark", value, start)
    if kind == "name" and value.lower() in RESERVED:
        return Token("word", value.lower(), start)
    return Token(kind, value, start)


def unescape(quoted: str) -> str:
    """The meaning of a quoted text."""
    body = quoted[1:-1]
    if "\\" not in body:
        return body
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _unescape_one, body, flags=re.DOTALL)


def _unescape_one(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(code, code)


_PATH_PART = re.compile(r"`((?:[^`\\]|\\.)+)`|([^.`]+)", re.DOTALL)


def unquote_path(name: str) -> str:
    """The name of a field, without the backquotes around odd parts."""
    if "`" not in name:
        return name
    return ".".join(unescape(part[0]) if part[1] else part[2] for part in _PATH_PART.finditer(name))
