"""Conditions compiled to closures: does a change of a record match, and does it start a workflow?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from towpath.expr.comparing import TESTS, Test, is_empty, same
from towpath.expr.condition_print import condition_to_text
from towpath.model.condition import (
    All,
    Any_,
    Changed,
    Comparison,
    Condition,
    Decreased,
    Field,
    Increased,
    Not,
    Operand,
    Operator,
    Scalar,
    Was,
    leaves,
)

Row: TypeAlias = Mapping[str, Any]
Predicate: TypeAlias = Callable[[Row, Row | None], bool]
Trigger: TypeAlias = Callable[[Row, Row | None, bool], bool]
Mode: TypeAlias = Literal["level", "edge"]
_Reader: TypeAlias = Callable[[Row], Any]


def compile_condition(condition: Condition) -> Predicate:
    """A function ``(new, old) -> bool``; ``old`` is the record before the change, or None."""
    match condition:
        case All(parts):
            return _all([compile_condition(part) for part in parts])
        case Any_(parts):
            return _any([compile_condition(part) for part in parts])
        case Not(part):
            return _not(compile_condition(part))
        case Comparison(left, operator, right):
            holds = _comparison(left, operator, right)
            return lambda new, old: holds(new, new)
        case Was(field, operator, value):
            held = _comparison(field, operator, value)
            return lambda new, old: old is not None and held(old, new)
        case Changed(field):
            return _against_old(field, lambda new, old: not same(new, old))
        case Increased(field):
            return _against_old(field, TESTS[">"])
        case Decreased(field):
            return _against_old(field, TESTS["<"])


def match(condition: Condition, rows: Iterable[Row]) -> list[bool]:
    """Whether each row meets the condition, in order; there is no row before, so changes do not hold."""
    holds = compile_condition(condition)
    return [holds(row, None) for row in rows]


def compile_trigger(condition: Condition, mode: Mode = "edge", *, per_clause: bool = False) -> Trigger:
    """A function ``(new, old, created) -> bool`` that says whether a change starts a workflow.

    ``level`` starts whenever the record meets the condition; ``edge`` only when it did not before.
    With ``per_clause`` each part of an "any" at the top has its own edge, so that a second part turning
    true starts although a first was true already.
    """
    if per_clause and isinstance(condition, Any_):
        clauses = [compile_trigger(part, mode) for part in condition.parts]
        return lambda new, old, created: any(fires(new, old, created) for fires in clauses)
    holds = compile_condition(condition)
    if mode == "level":
        return lambda new, old, created: holds(new, old)
    # What the record was before its old state is not known here: changed() and its like are false of the old state.
    return lambda new, old, created: holds(new, old) and (created or old is None or not holds(old, None))


def fires(
    condition: Condition, mode: Mode, new: Row, old: Row | None, created: bool, *, per_clause: bool = False
) -> bool:
    """Whether this one change starts a workflow; compile a trigger to ask for many."""
    return compile_trigger(condition, mode, per_clause=per_clause)(new, old, created)


@dataclass(frozen=True, slots=True)
class Explained:
    """One leaf of a condition: its text, whether it holds, and the value of the field it asks about."""

    text: str
    holds: bool
    value: Any


def explain(condition: Condition, new: Row, old: Row | None = None) -> list[Explained]:
    """Why the condition holds or not: every leaf, true or false, with the value it saw."""
    return [
        Explained(condition_to_text(leaf), compile_condition(leaf)(new, old), _seen(leaf, new, old))
        for leaf in leaves(condition)
    ]


def _seen(leaf: Condition, new: Row, old: Row | None) -> Any:
    match leaf:
        case Comparison(left, _, _):
            return _reader(left)(new)
        case Was(field, _, _):
            return None if old is None else _reader(field)(old)
        case Changed(field) | Increased(field) | Decreased(field):
            read = _reader(field)
            return {"old": None if old is None else read(old), "new": read(new)}
    return None


def _all(parts: list[Predicate]) -> Predicate:
    if len(parts) == 2:
        first, second = parts
        return lambda new, old: first(new, old) and second(new, old)
    return lambda new, old: all(part(new, old) for part in parts)


def _any(parts: list[Predicate]) -> Predicate:
    if len(parts) == 2:
        first, second = parts
        return lambda new, old: first(new, old) or second(new, old)
    return lambda new, old: any(part(new, old) for part in parts)


def _not(part: Predicate) -> Predicate:
    return lambda new, old: not part(new, old)


def _against_old(field: Field, test: Test) -> Predicate:
    read = _reader(field)
    return lambda new, old: old is not None and test(read(new), read(old))


def _comparison(left: Field | Scalar, operator: Operator, right: Operand) -> Callable[[Row, Row], bool]:
    """A function of the row that has the left side and the row that has fields on the right side."""
    read = _reader(left)
    if operator == "is_empty":
        return lambda row, _: is_empty(read(row))
    if operator == "is_not_empty":
        return lambda row, _: not is_empty(read(row))
    if right is None and operator in ("==", "!="):
        wanted = operator == "=="
        return lambda row, _: (read(row) is None) is wanted
    if _is_constant(right):
        return _with_constant(read, operator, right)
    return _with_operand(read, TESTS[operator], _reader(right))


def _is_constant(operand: Operand) -> bool:
    values = operand if isinstance(operand, tuple) else (operand,)
    return not any(isinstance(value, Field) for value in values)


def _with_constant(read: _Reader, operator: Operator, right: Operand) -> Callable[[Row, Row], bool]:
    if operator == "in" and isinstance(right, tuple) and None in right:
        return lambda row, _: (value := read(row)) is None or TESTS["in"](value, right)
    if right is None:
        return lambda row, _: False
    if type(right) is str and operator in ("==", "!="):
        equal = operator == "=="
        return lambda row, _: (value := read(row)) is not None and (value == right) is equal
    if type(right) in (int, float) and operator in ("<", "<=", ">", ">="):
        return _with_number(read, operator, right)
    if operator in ("in", "not_in") and isinstance(right, tuple) and all(type(option) is str for option in right):
        return _with_texts(read, operator, frozenset(right))
    test = TESTS[operator]
    return lambda row, _: (value := read(row)) is not None and test(value, right)


def _with_texts(read: _Reader, operator: Operator, options: frozenset[object]) -> Callable[[Row, Row], bool]:
    """Membership in a list of texts: one look into a set, however long the list is."""
    wanted = operator == "in"
    return lambda row, _: (value := read(row)) is not None and (type(value) is str and value in options) is wanted


def _with_number(read: _Reader, operator: Operator, limit: Any) -> Callable[[Row, Row], bool]:
    """The comparisons that entry conditions use most, without the detour through kinds."""

    def holds(row: Row, _: Row) -> bool:
        value = read(row)
        kind = type(value)
        return (kind is int or kind is float) and compare(value, limit)

    compare = _NUMBER_TESTS[operator]
    return holds


_NUMBER_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}


def _with_operand(read: _Reader, test: Test, read_right: _Reader) -> Callable[[Row, Row], bool]:
    def holds(row: Row, other: Row) -> bool:
        left, right = read(row), read_right(other)
        return left is not None and right is not None and test(left, right)

    return holds


def _reader(operand: Operand) -> _Reader:
    if isinstance(operand, Field):
        name = operand.name
        return _path_reader(name, operand.parts) if "." in name else lambda row: row.get(name)
    if isinstance(operand, tuple):
        readers = [_reader(value) for value in operand]
        return lambda row: [read(row) for read in readers]
    return lambda row: operand


def _path_reader(name: str, parts: tuple[str, ...]) -> _Reader:
    def read(row: Row) -> Any:
        if name in row:  # a joined or flattened row carries the whole path as one name
            return row[name]
        value: Any = row
        for part in parts:
            if type(value) is not dict and not isinstance(value, Mapping):
                return None
            value = value.get(part)
        return value

    return read
