"""Finds the method for a name and the Python type of its receiver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from towpath.expr.methods.arguments import Arguments
from towpath.expr.methods.array import ARRAY_METHODS
from towpath.expr.methods.functions import FUNCTIONS, NAMESPACES
from towpath.expr.methods.number import CHECKBOX_METHODS, NUMBER_METHODS
from towpath.expr.methods.text import TEXT_METHODS
from towpath.expr.values import object_to_text

# The receiver has the type that the method was looked up for.
Method: TypeAlias = Callable[[Any, Arguments], object]

_OBJECT_METHODS: Mapping[str, Method] = {"toString": lambda value, _: object_to_text(value)}
_BY_TYPE: Mapping[type, Mapping[str, Method]] = {
    str: TEXT_METHODS,
    int: NUMBER_METHODS,
    float: NUMBER_METHODS,
    bool: CHECKBOX_METHODS,
    list: ARRAY_METHODS,
    tuple: ARRAY_METHODS,
    dict: _OBJECT_METHODS,
}


def _by_name() -> dict[str, dict[type, Method]]:
    methods: dict[str, dict[type, Method]] = {}
    for receiver, named in _BY_TYPE.items():
        for name, method in named.items():
            methods.setdefault(name, {})[receiver] = method
    return methods


METHODS: Mapping[str, Mapping[type, Method]] = _by_name()

__all__ = ["FUNCTIONS", "METHODS", "NAMESPACES", "Method"]
