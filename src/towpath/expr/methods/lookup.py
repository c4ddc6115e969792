"""Finds the method for a name and the Python type of its receiver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from towpath.expr.methods.arguments import Arguments
from towpath.expr.methods.array import ARRAY_METHODS
from towpath.expr.methods.extended import OF_ARRAY, OF_CHECKBOX, OF_NOTHING, OF_NUMBER, OF_OBJECT, OF_TEXT
from towpath.expr.methods.extensions import EXTENSION_NAMES, EXTENSIONS
from towpath.expr.methods.functions import FUNCTIONS, NAMESPACES
from towpath.expr.methods.number import CHECKBOX_METHODS, NUMBER_METHODS
from towpath.expr.methods.text import TEXT_METHODS
from towpath.expr.properties import get_property
from towpath.expr.values import DeclinedError, JsError, OwnError, Undefined, object_to_text, to_text

# The receiver has the type that the method was looked up for.
Method: TypeAlias = Callable[[Any, Arguments], object]

_OBJECT_METHODS: Mapping[str, Method] = {"toString": lambda value, _: object_to_text(value)}
_BY_TYPE: Mapping[type, Mapping[str, Method]] = {
    str: {**OF_TEXT, **TEXT_METHODS},
    int: {**OF_NUMBER, **NUMBER_METHODS},
    float: {**OF_NUMBER, **NUMBER_METHODS},
    bool: {**OF_CHECKBOX, **CHECKBOX_METHODS},
    list: {**OF_ARRAY, **ARRAY_METHODS},
    tuple: {**OF_ARRAY, **ARRAY_METHODS},
    dict: {**OF_OBJECT, **_OBJECT_METHODS},
    type(None): OF_NOTHING,
    Undefined: OF_NOTHING,
}


def _by_name() -> dict[str, dict[type, Method]]:
    methods: dict[str, dict[type, Method]] = {}
    for receiver, named in _BY_TYPE.items():
        for name, method in named.items():
            methods.setdefault(name, {})[receiver] = method
    return methods


METHODS: Mapping[str, Mapping[type, Method]] = _by_name()


def no_method(name: str, value: object) -> Exception:
    """What to raise where the value has no such method here: the sandbox is asked where it may have one."""
    if name not in EXTENSION_NAMES:
        return JsError(f"{name} is not a function of {to_text(value)[:40]}")
    if value is None or isinstance(value, Undefined):
        return OwnError(f"{name}() cannot be used on {to_text(value)}; where that may be missing, write ?.{name}()")
    kinds = [kind for kind, table in EXTENSIONS.items() if name in table]
    if _kind_of(value) in kinds or (isinstance(value, str) and "date" in kinds):
        return DeclinedError(f"{name}() of this value")
    get_property(value, name)  # declines where JavaScript itself has such a function, as arrays have keys()
    return OwnError(f"{name}() is only for {', '.join(kinds)}")


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list | tuple) else "object"


__all__ = ["FUNCTIONS", "METHODS", "NAMESPACES", "Method", "no_method"]
