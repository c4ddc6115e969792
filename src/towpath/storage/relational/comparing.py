"""Comparisons of two sides as SQL that is true exactly where the comparison of their values in memory is.

Where the two sides cannot be equal or ordered because their sorts differ, that is known here already
and the row is not asked. A piece may be null where a side is: in a search that counts as false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from towpath.errors import ExpressionError
from towpath.storage.relational.dialect import Dialect, JsonPlace, Sort, Sql
from towpath.storage.relational.logic import both, either
from towpath.storage.relational.operand import Json, Null, Plain, Side

_Test = Callable[[Plain, Plain], Sql]


def known(side: Side, dialect: Dialect) -> Sql:
    """The side has a value."""
    if isinstance(side, Null):
        return Sql(dialect.false)
    if isinstance(side, Json):
        return Sql(dialect.json_known(side.place))
    return Sql(f"{side.sql.text} IS NOT NULL") if side.constant is None else Sql(dialect.true)


def empty(side: Side, dialect: Dialect) -> Sql:
    """The side is null, or text, list or object without anything in it. Never null itself."""
    if isinstance(side, Null):
        return Sql(dialect.true)
    if isinstance(side, Json):
        return Sql(dialect.json_empty(side.place))
    if side.constant is not None:
        return Sql(dialect.true if side.constant == "" else dialect.false)
    nothing = f"{side.sql.text} IS NULL"
    return either(nothing, f"{side.sql.text} = ''") if side.sort == "text" else Sql(nothing)


def same(left: Side, right: Side, dialect: Dialect) -> Sql:
    """Both are known, of one sort, and equal."""
    return _alike(left, right, dialect, ("text", "number", "checkbox", "bytes"), _operator("="))


def ordered(left: Side, operator: str, right: Side, dialect: Dialect) -> Sql:
    """Both are numbers or both are text, and in this order."""
    return _alike(left, right, dialect, ("text", "number"), _operator(operator))


def text_test(left: Side, test: Callable[[Sql, Sql], Sql], right: Side, dialect: Dialect) -> Sql:
    """Both are text and the test holds of them."""
    return _alike(left, right, dialect, ("text",), lambda whole, part: test(whole.sql, part.sql))


def listed(option: Side, options: Side, dialect: Dialect) -> Sql:
    """The second side is a list and has the first in it."""
    if not isinstance(options, Json) or isinstance(option, Null):
        return Sql(dialect.false)
    if isinstance(option, Json):
        raise too_dynamic()
    if option.sort == "bytes":
        return Sql(dialect.false)
    value = Sql(dialect.exact(option.sql.text)) if option.kind == "real" else option.sql
    has = dialect.json_has(options.place, option.sort, value)
    return both(dialect.json_is(options.place, "list"), has)


def same_list(left: Side, right: list[Side], dialect: Dialect) -> Sql:
    """The first side is a list of exactly these values."""
    if not isinstance(left, Json):
        return Sql(dialect.false)
    place = left.place
    tests = [Sql(dialect.json_is(place, "list")), Sql(f"{dialect.json_length(place)} = {len(right)}")]
    for position, wanted in enumerate(right):
        element = Json(JsonPlace(place.column, (*place.path, position)))
        if isinstance(wanted, Null):
            tests.append(Sql(f"(NOT {dialect.json_known(element.place)})"))
        else:
            tests.append(same(element, wanted, dialect))
    return both(*tests)


def too_dynamic() -> ExpressionError:
    """The error for comparing two JSON values with each other."""
    return ExpressionError(
        "A field that holds a list or object cannot be compared with another one, or searched for a list, in a search.",
        code="condition.not_searchable",
        hint="Compare the field with a constant, or filter the records after finding them.",
    )


def _operator(operator: str) -> _Test:
    return lambda left, right: Sql(
        f"{left.sql.text} {operator} {right.sql.text}", (*left.sql.values, *right.sql.values)
    )


def _exactly(left: Plain, right: Plain, dialect: Dialect) -> tuple[Plain, Plain]:
    """Both sides, a real column made exact where the other may be a whole number that reals cannot hold."""
    if left.kind == "real" and right.kind in {"integer", "json"}:
        return replace(left, sql=Sql(dialect.exact(left.sql.text))), right
    if right.kind == "real" and left.kind in {"integer", "json"}:
        return left, replace(right, sql=Sql(dialect.exact(right.sql.text)))
    return left, right


def _alike(left: Side, right: Side, dialect: Dialect, sorts: tuple[str, ...], test: _Test) -> Sql:
    """The test where both sides are of one of these sorts; a JSON side is asked for its sort row by row."""
    match left, right:
        case Json(), Json():
            raise too_dynamic()
        case Json(place), Plain():
            return _guarded(place, right, dialect, sorts, lambda value: test(*_exactly(value, right, dialect)))
        case Plain(), Json(place):
            return _guarded(place, left, dialect, sorts, lambda value: test(*_exactly(left, value, dialect)))
        case Plain(), Plain() if left.sort == right.sort and left.sort in sorts:
            return test(*_exactly(left, right, dialect))
    return Sql(dialect.false)


def _guarded(
    place: JsonPlace, other: Plain, dialect: Dialect, sorts: tuple[str, ...], test: Callable[[Plain], Sql]
) -> Sql:
    if other.sort == "bytes" or other.sort not in sorts:
        return Sql(dialect.false)
    sort: Sort = other.sort
    value = Plain(Sql(dialect.json_value(place, sort)), sort, kind="json")
    return both(dialect.json_is(place, sort), test(value))
