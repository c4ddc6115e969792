"""How conditions compare two known JSON values: by kind, without coercion."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from towpath.model.condition import Operator

Test = Callable[[object, object], bool]
_PLAIN = frozenset({str, int, float, bool, type(None)})  # compared by == alone when both are of one of these types


def kind_of(value: object) -> str:
    """null, true-or-false, number, text, list or object: values of different kinds are never equal or ordered."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "checkbox"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list | tuple):
        return "list"
    return "object" if isinstance(value, Mapping) else type(value).__name__


def same(left: object, right: object) -> bool:
    """Equal in kind and value; text is case-sensitive, 1 equals 1.0, and true does not equal 1."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return left == right
    kind = kind_of(left)
    if kind != kind_of(right):
        return False
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return left == right


def _less(left: object, right: object) -> bool:
    return _ordered(left, right) and left < right  # type: ignore[operator]


def _at_most(left: object, right: object) -> bool:
    return _ordered(left, right) and left <= right  # type: ignore[operator]


def _ordered(left: object, right: object) -> bool:
    # Dates and times are ISO text, which orders as text does.
    kind = kind_of(left)
    return kind in ("number", "text") and kind == kind_of(right)


def _one_of(value: object, options: object) -> bool:
    return any(same(value, option) for option in options) if isinstance(options, list | tuple) else False


def _none_of(value: object, options: object) -> bool:
    return isinstance(options, list | tuple) and not _one_of(value, options)


def _contains(whole: object, part: object) -> bool:
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    return _one_of(part, whole)


def _lacks(whole: object, part: object) -> bool:
    if isinstance(whole, str):
        return isinstance(part, str) and part not in whole
    return _none_of(part, whole)


def _between(value: object, bounds: object) -> bool:
    if not isinstance(bounds, list | tuple) or len(bounds) != 2:
        return False
    return _at_most(bounds[0], value) and _at_most(value, bounds[1])


def is_empty(value: object) -> bool:
    """Null or missing, empty text, an empty list or an empty object; 0 and false are not empty."""
    return value is None or value == "" or value in ([], (), {})


TESTS: Mapping[Operator, Test] = {
    "==": same,
    "!=": lambda left, right: not same(left, right),
    "<": _less,
    "<=": _at_most,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: _at_most(right, left),
    "in": _one_of,
    "not_in": _none_of,
    "contains": _contains,
    "not_contains": _lacks,
    "starts_with": lambda left, right: isinstance(left, str) and isinstance(right, str) and left.startswith(right),
    "ends_with": lambda left, right: isinstance(left, str) and isinstance(right, str) and left.endswith(right),
    "between": _between,
}
