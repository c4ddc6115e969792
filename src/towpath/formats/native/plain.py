"""Makes sure that a value is plain JSON, wherever it came from: a parser, or a program's own dict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from towpath.errors import FormatError, Where
from towpath.formats.native.limits import MAX_DEPTH, MAX_VALUES, too_deep

_LARGEST = 2**63
_Path: TypeAlias = tuple[Any, ...]  # (path of what is around, key), built as text only when it is needed


def plain(value: Any) -> Any:
    """A copy made of dict, list, str, int, float, bool and None only. Raises FormatError naming the place.

    Mappings become dicts and tuples lists. Whole numbers have 64 bits, texts must be encodable as UTF-8.
    """
    return _Copier().copy(value, (), 0)


class _Copier:
    def __init__(self) -> None:
        self.left = MAX_VALUES

    def copy(self, value: Any, path: _Path, depth: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise _refuse(path, f"there are more than {MAX_VALUES:,} values", "format.too_large")
        if not isinstance(value, Mapping | list | tuple):
            _check_scalar(value, path)
            return value
        if depth >= MAX_DEPTH:
            raise too_deep()
        if isinstance(value, Mapping):
            return {_key(key, path): self.copy(part, (path, key), depth + 1) for key, part in value.items()}
        return [self.copy(part, (path, index), depth + 1) for index, part in enumerate(value)]


def _key(key: object, path: _Path) -> str:
    if not isinstance(key, str):
        raise _refuse(path, f"the key {key!r} is not text")
    _check_scalar(key, path)
    return key


def _check_scalar(value: object, path: _Path) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _refuse(path, "the text has half a character (a lone surrogate)") from None
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _refuse(path, f"{value} is not a JSON number")
    elif isinstance(value, int):
        if not -_LARGEST <= value < _LARGEST:
            raise _refuse(path, "a whole number has more than 64 bits")
    elif value is not None:
        raise _refuse(path, f"{type(value).__name__} is not JSON")


def _refuse(path: _Path, message: str, code: str = "format.value") -> FormatError:
    hint = "Use text, numbers, true, false, null, lists and objects; write dates as text."
    return FormatError(message, code=code, hint=hint, where=Where(field=_text(path) or None))


def _text(path: _Path) -> str:
    keys = []
    while path:
        path, key = path
        keys.append(f"[{key}]" if isinstance(key, int) else f".{key}")
    return "".join(reversed(keys)).removeprefix(".").encode("utf-8", "replace").decode()
