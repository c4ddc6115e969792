"""Expressions that only walk, join, calculate and compare ``$json``, evaluated for all items of a batch at once.

Most expressions are like that. Where all values of a column are of one type for which Python does what JavaScript does,
one call in C does it for all of them; elsewhere each row goes through the operator that a lone item goes through.
A column in which anything fails is given up, and its items are looked at one by one: so there is one meaning.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from towpath.expr.compiler import plain_json_keys
from towpath.expr.leaving import AS_THEY_ARE, is_division_by_zero, leave, leave_number
from towpath.expr.numbers import SAFE
from towpath.expr.operators import BINARY
from towpath.expr.properties import get_property
from towpath.expr.tree import Binary, Literal, Node
from towpath.expr.values import FAILURES, MAX_TEXT, NUMBERS, UNDEFINED

Values: TypeAlias = Sequence[Any]
Column: TypeAlias = Callable[[Values], Values]
"""The JavaScript value of an expression for the JSON of each item; raises where any of them fails."""
Leaving: TypeAlias = Callable[[Values], Values | None]
"""The value of a template, as JSON, for the JSON of each item; None where they are to be looked at one by one."""

_EXACT: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "===": operator.eq, "!=": operator.ne, "!==": operator.ne,
}  # fmt: skip


def compile_column(node: Node) -> Column | None:
    """The column of a tree; None where it has anything else in it."""
    keys = plain_json_keys(node)
    if keys is not None:
        return _path(keys)
    if isinstance(node, Literal):
        value = node.value
        return lambda rows: [value] * len(rows)
    if isinstance(node, Binary):
        left, right = compile_column(node.left), compile_column(node.right)
        return None if left is None or right is None else _binary(node.operator, left, right)
    return None


def only_value(column: Column) -> Leaving:
    """A template that is one expression: its values as they leave it."""

    def values(rows: Values) -> Values | None:
        try:
            return _leave(column(rows))
        except FAILURES:
            return None

    return values


def only_path(column: Column) -> Leaving:
    """As ``only_value``, but what is found came in as JSON and leaves as it is."""

    def values(rows: Values) -> Values | None:
        try:
            found = column(rows)
        except FAILURES:
            return None
        kinds = set(map(type, found))
        if float in kinds:
            found = [leave_number(value) if type(value) is float else value for value in found]
        return [None if value is UNDEFINED else value for value in found] if type(UNDEFINED) in kinds else found

    return values


def joined(parts: Sequence[str | Column]) -> Leaving:
    """A template of several pieces: their texts, joined."""

    def values(rows: Values) -> Values | None:
        try:
            columns = [[part] * len(rows) if isinstance(part, str) else _texts(part(rows)) for part in parts]
        except FAILURES:
            return None
        if None in columns:
            return None
        texts = list(map("".join, zip(*columns, strict=True)))
        return texts if _are_plain(texts) else None

    return values


def objects(base: Mapping[str, Any], parts: Mapping[str, Leaving]) -> Leaving:
    """An object for each item: the values that vary are put into a copy of the constant ones."""

    def values(rows: Values) -> Values | None:
        made = [dict(base) for _ in rows]
        for key, part in parts.items():
            column = part(rows)
            if column is None:
                return None
            for row, value in zip(made, column, strict=True):
                row[key] = value
        return made

    return values


def _path(keys: Sequence[str]) -> Column:
    def read(rows: Values) -> Values:
        values = rows
        for key in keys:
            values = [
                value.get(key, UNDEFINED) if type(value) is dict else get_property(value, key) for value in values
            ]
        return values

    return read


def _binary(name: str, left: Column, right: Column) -> Column:
    general, exact, compared = BINARY[name], _EXACT.get(name), _COMPARED.get(name)

    def calculate(rows: Values) -> Values:
        ours, theirs = left(rows), right(rows)
        made = _joined(ours, theirs) if name == "+" else None
        if made is None and exact is not None:
            made = _calculated(exact, ours, theirs)
        elif compared is not None:
            made = _map(compared, ours, theirs)
        return list(map(general, ours, theirs)) if made is None else made

    return calculate


def _joined(left: Values, right: Values) -> Values | None:
    """Two columns put together, where one of them is text; None of any other values."""
    if {str} not in (set(map(type, left)), set(map(type, right))):
        return None
    first, second = _texts(left), _texts(right)
    if first is None or second is None:
        return None
    made = list(map(operator.add, first, second))
    return made if _are_plain(made) else None


def _calculated(operation: Callable[[Any, Any], Any], left: Values, right: Values) -> Values | None:
    """Whole numbers calculated, as long as they are exact; a product of zero may be a negative one."""
    made = _map(operation, left, right)
    if made is None or (operation is operator.mul and 0 in made):
        return None
    return _whole(made)


def _map(operation: Callable[[Any, Any], Any], left: Values, right: Values) -> Values | None:
    """The operation on two columns of whole numbers; None of any other values."""
    ours, theirs = _whole(left), _whole(right)
    return None if ours is None or theirs is None else list(map(operation, ours, theirs))


def _texts(values: Values) -> Values | None:
    """Texts as they are, whole numbers as text; None where there are others among them."""
    if set(map(type, values)) == {str}:
        return values
    whole = _whole(values)
    return None if whole is None else list(map(str, whole))


def _whole(values: Values) -> Values | None:
    """The numbers as ints, where all are whole and a double holds them exactly; None of any other values."""
    kinds = set(map(type, values))
    if not kinds or not kinds <= NUMBERS:
        return None
    whole = values
    if float in kinds:
        try:
            whole = list(map(int, values))
        except (ValueError, OverflowError):  # not a number, or an infinity
            return None
        if whole != values or (0 in whole and any(math.copysign(1, value) < 0 for value in values if not value)):
            return None
    return whole if min(whole) >= -SAFE and max(whole) <= SAFE else None


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether no text has halves of characters in it or is longer than an expression may make."""
    return all(map(str.isascii, texts)) and max(map(len, texts), default=0) <= MAX_TEXT


def _leave(values: Values) -> Values | None:
    kinds = set(map(type, values))
    if kinds <= AS_THEY_ARE or (kinds == {str} and all(map(str.isascii, values))):
        return values
    if float in kinds and any(type(value) is float and is_division_by_zero(value) for value in values):
        return None
    return [leave(value) for value in values]
