"""n8n's texts: an expression begins with ``=``; its chunks stand between ``{{`` and ``}}``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_QUOTES = "'\"`"
_NAMED = r"""\(\s*(?:'[^'\\]*'|"[^"\\]*")\s*\)"""
_PATH = re.compile(
    rf"(\$json|\$input\.(?:item|first\(\)|last\(\))\.json|\${_NAMED}\.(?:item|first\(\)|last\(\))\.json"
    r"""|\$node\[(?:'[^'\\]*'|"[^"\\]*")\]\.json)((?:\.[A-Za-z_$][\w$]*|\[\d+\]|\['[^'\\]*'\]|\["[^"\\]*"\])*)"""
)
_STEP = re.compile(r"""\.[A-Za-z_$][\w$]*|\[(?:\d+|'[^'\\]*'|"[^"\\]*")\]""")
_LITERAL = re.compile(r"""-?\d+(\.\d+)?|true|false|null|undefined|'[^'\\]*'|"[^"\\]*"|\$now|\$today""")


def is_expression(value: object) -> bool:
    """Whether n8n would evaluate the value."""
    return isinstance(value, str) and value.startswith("=")


def ours(value: Any) -> Any:
    """A JSON value with every plain text that we would take for an expression escaped, and n8n's kept."""
    if isinstance(value, str):
        return value if value.startswith("=") else escaped(value)
    if isinstance(value, dict):
        return {key: ours(part) for key, part in value.items()}
    return [ours(part) for part in value] if isinstance(value, list | tuple) else value


def theirs(value: Any) -> Any:
    """The inverse of ``ours``: our expressions get n8n's sign, escaped texts become plain."""
    if isinstance(value, str):
        if value.startswith("=") or not _looks_like_template(value):
            return value
        plain = value.replace("\\{{", "{{").replace("\\}}", "}}")
        return plain if escaped(plain) == value else f"={value}"
    if isinstance(value, dict):
        return {key: theirs(part) for key, part in value.items()}
    return [theirs(part) for part in value] if isinstance(value, list | tuple) else value


def unsigned(value: Any) -> Any:
    """The value with its expressions as Towpath's own workflows write them: without n8n's sign."""
    if isinstance(value, str):
        return value[1:] if value.startswith("=") and _looks_like_template(value) else value
    if isinstance(value, dict):
        return {key: unsigned(part) for key, part in value.items()}
    return [unsigned(part) for part in value] if isinstance(value, list | tuple) else value


def escaped(text: str) -> str:
    """A plain text so that it is not taken for an expression."""
    return text.replace("{{", "\\{{").replace("}}", "\\}}") if _looks_like_template(text) else text


def _looks_like_template(text: str) -> bool:
    opening = text.find("{{")
    return opening >= 0 and text.find("}}", opening) >= 0


def chunks(expression: str) -> Iterator[tuple[bool, str]]:
    """``(is code, text)`` for each part of an expression, in order."""
    position, end = 1, len(expression)
    while position < end:
        opening = expression.find("{{", position)
        while opening > 0 and expression[opening - 1] == "\\":
            opening = expression.find("{{", opening + 2)
        plain = expression[position : opening if opening >= 0 else end]
        if plain:
            yield False, plain.replace("\\{{", "{{").replace("\\}}", "}}")
        if opening < 0:
            return
        closing = _closing(expression, opening + 2)
        yield True, expression[opening + 2 : closing].strip()
        position = closing + 2


def _closing(text: str, position: int) -> int:
    """Where the chunk's ``}}`` is: outside quotes and with all braces of the code closed."""
    depth, quote = 0, ""
    while position < len(text):
        sign = text[position]
        if quote:
            position += sign == "\\"
            quote = "" if sign == quote else quote
        elif sign in _QUOTES:
            quote = sign
        elif sign == "{":
            depth += 1
        elif sign == "}":
            if depth == 0 and text.startswith("}}", position):
                return position
            depth -= 1
        position += 1
    return len(text)


def code_of(value: Any, *, guarded: bool = True) -> str:
    """A JavaScript expression for a parameter's value, to be put inside a larger one.

    n8n gives undefined for a chunk that throws. ``guarded`` keeps that meaning where it matters, so that an error
    in this part does not take the whole with it: paths become optional chains, anything else is caught.
    """
    if not is_expression(value):
        return json.dumps(value, ensure_ascii=False)
    parts = list(chunks(value))
    if len(parts) == 1 and parts[0][0]:
        return _chunk(parts[0][1], guarded)
    if not any(is_code for is_code, _ in parts):
        return json.dumps("".join(text for _, text in parts), ensure_ascii=False)
    texts = (_chunk(text, guarded) if is_code else json.dumps(text, ensure_ascii=False) for is_code, text in parts)
    return f"[{', '.join(texts)}].join('')"


def json_code(text: str) -> str:
    """An expression that reads JSON put together of text and expressions: first the text, then its value, as in n8n."""
    return f"={{{{ JSON.parse({code_of(text)}) }}}}"


def single_chunk(value: Any) -> str | None:
    """The code of an expression that is one chunk and nothing else."""
    parts = list(chunks(value)) if is_expression(value) else []
    return parts[0][1] if len(parts) == 1 and parts[0][0] else None


def _chunk(code: str, guarded: bool) -> str:
    path = _PATH.fullmatch(code)
    if path:
        return path[1] + _STEP.sub(_optional, path[2])
    if _LITERAL.fullmatch(code):
        return code
    return f"(() => {{ try {{ return ({code}); }} catch {{ return undefined; }} }})()" if guarded else f"({code})"


def _optional(step: re.Match[str]) -> str:
    return f"?{step[0]}" if step[0].startswith(".") else f"?.{step[0]}"
