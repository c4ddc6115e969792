"""Reading a property as JavaScript does: own values, text and array indexes, length, and nothing inherited."""

from __future__ import annotations

from collections.abc import Mapping

from towpath.expr.values import UNDEFINED, DeclinedError, JsError, is_index, to_text

_OF_OBJECTS = frozenset(
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
     "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    ]
)  # fmt: skip
_OF_NUMBERS = _OF_OBJECTS | {"toExponential", "toFixed", "toPrecision"}
_OF_TEXTS = _OF_OBJECTS.union(
    ["anchor", "at", "big", "blink", "bold", "charAt", "charCodeAt", "codePointAt", "concat", "endsWith", "fixed"],
    ["fontcolor", "fontsize", "includes", "indexOf", "isWellFormed", "italics", "lastIndexOf", "link"],
    ["localeCompare", "match", "matchAll", "normalize", "padEnd", "padStart", "repeat", "replace", "replaceAll"],
    ["search", "slice", "small", "split", "startsWith", "strike", "sub", "substr", "substring", "sup"],
    ["toLocaleLowerCase", "toLocaleUpperCase", "toLowerCase", "toUpperCase", "toWellFormed", "trim", "trimEnd"],
    ["trimLeft", "trimRight", "trimStart"],
)
_OF_ARRAYS = _OF_OBJECTS.union(
    ["at", "concat", "copyWithin", "entries", "every", "fill", "filter", "find", "findIndex", "findLast"],
    ["findLastIndex", "flat", "flatMap", "forEach", "includes", "indexOf", "join", "keys", "lastIndexOf", "map"],
    ["pop", "push", "reduce", "reduceRight", "reverse", "shift", "slice", "some", "sort", "splice", "toReversed"],
    ["toSorted", "toSpliced", "unshift", "values", "with"],
)
INHERITED_BY_OBJECTS = _OF_OBJECTS


def get_property(target: object, key: object) -> object:
    """``target[key]``; JsError on null and undefined, Declined where JavaScript finds an inherited function."""
    if target is None or target is UNDEFINED:
        raise JsError(f"Cannot read properties of {to_text(target)} (reading '{to_text(key)}')")
    name = to_text(key)
    if isinstance(target, Mapping):
        found = target.get(name, UNDEFINED)
        return found if found is not UNDEFINED else _inherited(name, _OF_OBJECTS)
    if isinstance(target, str):
        return _of_text(target, name)
    if isinstance(target, list | tuple):
        if is_index(name):
            return target[int(name)] if int(name) < len(target) else UNDEFINED
        return len(target) if name == "length" else _inherited(name, _OF_ARRAYS)
    return _inherited(name, _OF_NUMBERS)


def _of_text(text: str, name: str) -> object:
    if name == "length":
        return text_length(text)
    if is_index(name):
        return unit_at(text, int(name))
    return _inherited(name, _OF_TEXTS)


def _inherited(name: str, inherited: frozenset[str]) -> object:
    if name in inherited:
        raise DeclinedError(f"{name} is a function here")
    return UNDEFINED


def text_length(text: str) -> int:
    """The length in UTF-16 units, as JavaScript counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def unit_at(text: str, index: int) -> object:
    """The UTF-16 unit at the index as text, or undefined."""
    units = Units(text)
    return units.cut(index, index + 1) if 0 <= index < len(units) else UNDEFINED


class Units:
    """A text seen as UTF-16 units, so that lengths and positions are those of JavaScript."""

    __slots__ = ("_bytes", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        # Text without characters beyond U+FFFF has one unit per character: no copy is needed.
        self._bytes = None if text.isascii() or max(text) <= "\uffff" else text.encode("utf-16-le", "surrogatepass")

    def __len__(self) -> int:
        return len(self._text) if self._bytes is None else len(self._bytes) // 2

    def cut(self, start: int, end: int) -> str:
        """The units from start to end; both within 0 and the length."""
        if self._bytes is None:
            return self._text[start:end]
        return self._bytes[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")

    def find(self, wanted: str, start: int) -> int:
        """The unit index of the first occurrence at or after ``start``, or -1."""
        if self._bytes is None:
            return self._text.find(wanted, start)
        sought, position = wanted.encode("utf-16-le", "surrogatepass"), 2 * start
        while (position := self._bytes.find(sought, position)) % 2 and position >= 0:
            position += 1
        return position // 2 if position >= 0 else -1
