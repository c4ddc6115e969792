"""Conditions as SQL: the same answers as the evaluation in memory, with every value bound."""

from __future__ import annotations

from towpath.errors import ExpressionError
from towpath.model.condition import All, Any_, Comparison, Condition, Field, Not, Operand, Operator, Scalar
from towpath.model.table import Kind, Table
from towpath.storage.relational.comparing import empty, known, listed, ordered, same, same_list, text_test, too_dynamic
from towpath.storage.relational.dialect import Dialect, Sql
from towpath.storage.relational.logic import both, either, join, negated
from towpath.storage.relational.operand import Json, Null, Plain, Side, side_of, sort_of

_KEPT = frozenset({"==", "<", "<=", ">", ">=", "is_empty", "is_not_empty"})
_KINDS: dict[str, Kind] = {"text": "text", "number": "real", "checkbox": "boolean"}
_CONSTANTS = frozenset({str, int, float, bool, type(None)})
_NUMBERS = frozenset({int, float})
_ORDERING = frozenset({"<", "<=", ">", ">="})
_POSITIVE: dict[str, Operator] = {"!=": "==", "not_in": "in", "not_contains": "contains"}


class Conditions:
    """Compiles conditions over one table. With ``literals`` values stand in the text, as index definitions need."""

    def __init__(self, table: Table, dialect: Dialect, *, literals: bool = False) -> None:
        self.table = table
        self.dialect = dialect
        self.literals = literals
        self._kept: dict[tuple[str, Operator, type], Sql] = {}

    def compile(self, condition: Condition) -> Sql:
        """The condition; where it is null it does not hold. ExpressionError for what only a change can answer."""
        match condition:
            case All(parts):
                return join([self.compile(part) for part in parts], "AND") if parts else Sql(self.dialect.true)
            case Any_(parts):
                return join([self.compile(part) for part in parts], "OR") if parts else Sql(self.dialect.false)
            case Not(part):
                return negated(self.compile(part), self.dialect)
            case Comparison(left, operator, right):
                return self._kept_comparison(left, operator, right)
        raise ExpressionError(
            f"{type(condition).__name__.lower()}(...) asks about a change, and a search sees only how records are now.",
            code="condition.not_searchable",
            hint="Use it as the entry condition of a trigger, or ask the history of field changes.",
        )

    def _kept_comparison(self, left: Field | Scalar, operator: Operator, right: Operand) -> Sql:
        """The comparisons that every poll and every claim makes: their text depends on the sort of the value only."""
        kind = type(right)
        if kind not in _CONSTANTS or operator not in _KEPT or not isinstance(left, Field) or self.literals:
            return self._comparison(left, operator, right)
        if kind in _NUMBERS and not _is_small(right):  # compared exactly, or bound as another kind of number
            return self._comparison(left, operator, right)
        key = (left.name, operator, kind)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = self._comparison(left, operator, right)
            return kept
        return Sql(kept.text, self.dialect.bind(right).values) if kept.values else kept

    def _comparison(self, left: Field | Scalar, operator: Operator, right: Operand) -> Sql:
        side = self._side(left)
        if operator == "is_empty":
            return empty(side, self.dialect)
        if operator == "is_not_empty":
            return self._not_empty(side)
        if right is None:
            return self._against_null(side, operator)
        if operator in _POSITIVE:
            return self._negative(side, operator, right)
        return self._positive(side, operator, right)

    def _not_empty(self, side: Side) -> Sql:
        if isinstance(side, Plain) and side.constant is None:
            some = known(side, self.dialect)
            return both(some, f"{side.sql.text} <> ''") if side.sort == "text" else some
        return negated(empty(side, self.dialect), self.dialect)

    def _against_null(self, side: Side, operator: Operator) -> Sql:
        if operator == "!=":
            return known(side, self.dialect)
        if operator != "==":
            return Sql(self.dialect.false)
        if isinstance(side, Plain) and side.constant is None:
            return Sql(f"{side.sql.text} IS NULL")
        return negated(known(side, self.dialect), self.dialect)

    def _positive(self, left: Side, operator: Operator, right: Operand) -> Sql:
        if isinstance(right, tuple):
            return self._with_list(left, operator, right)
        other = self._side(right)
        if operator == "==":
            return same(left, other, self.dialect)
        if operator in _ORDERING:
            return ordered(left, operator, other, self.dialect)
        if operator == "in":
            return listed(left, other, self.dialect)
        if operator == "contains":
            return self._contains(left, other)
        if operator == "starts_with":
            return text_test(left, self.dialect.starts_with, other, self.dialect)
        if operator == "ends_with":
            return text_test(left, self.dialect.ends_with, other, self.dialect)
        return Sql(self.dialect.false)  # between takes two bounds

    def _contains(self, whole: Side, part: Side) -> Sql:
        text = text_test(whole, self.dialect.contains, part, self.dialect)
        return either(text, listed(part, whole, self.dialect)) if isinstance(whole, Json) else text

    def _with_list(self, left: Side, operator: Operator, right: tuple[Field | Scalar, ...]) -> Sql:
        if operator == "in":
            return self._one_of(left, right)
        if operator == "==":
            return same_list(left, [self._side(value) for value in right], self.dialect)
        if operator == "between" and len(right) == 2:
            low, high = self._side(right[0]), self._side(right[1])
            return both(ordered(left, ">=", low, self.dialect), ordered(left, "<=", high, self.dialect))
        if operator == "contains" and isinstance(left, Json):
            raise too_dynamic()
        return Sql(self.dialect.false)

    def _one_of(self, left: Side, options: tuple[Field | Scalar, ...]) -> Sql:
        constants = [value for value in options if not isinstance(value, Field)]
        tests = [same(left, self._side(value), self.dialect) for value in options if isinstance(value, Field)]
        if isinstance(left, Plain):
            tests += self._one_of_constants(left, constants)
        else:
            tests += [same(left, self._side(value), self.dialect) for value in constants]
        if None in options and len(constants) == len(options):
            tests.append(self._against_null(left, "=="))
        return join(tests, "OR") if tests else Sql(self.dialect.false)

    def _one_of_constants(self, left: Plain, constants: list[Scalar]) -> list[Sql]:
        fitting = [value for value in constants if value is not None and sort_of(value) == left.sort]
        if not fitting or left.sort == "bytes":
            return []
        if len(fitting) > 1 and not self.literals:
            return [self.dialect.one_of(left.sql, left.kind or _KINDS[left.sort], fitting)]
        sides = [side_of(value, self.table, self.dialect, literals=self.literals) for value in fitting]
        if len(sides) == 1:
            return [same(left, sides[0], self.dialect)]
        written = ", ".join(side.sql.text for side in sides if isinstance(side, Plain))
        return [Sql(f"{left.sql.text} IN ({written})", left.sql.values)]

    def _negative(self, left: Side, operator: Operator, right: Operand) -> Sql:
        """The sides are known and the positive test does not hold of them; `not_contains` also asks for a container."""
        other = None if isinstance(right, tuple) else self._side(right)
        if isinstance(left, Null) or isinstance(other, Null):
            return Sql(self.dialect.false)
        tests = [known(left, self.dialect)]
        if other is not None:
            tests.append(known(other, self.dialect))
        tests += self._containers(left, operator, other)
        return both(*tests, negated(self._positive(left, _POSITIVE[operator], right), self.dialect))

    def _containers(self, left: Side, operator: Operator, other: Side | None) -> list[Sql]:
        """What `not_in` and `not_contains` ask of the side that should be a list or a text."""
        if operator == "not_in" and other is not None:
            return [self._is_list(other)]
        if operator != "not_contains":
            return []
        texts = text_test(left, lambda whole, part: Sql(self.dialect.true), other or Null(), self.dialect)
        return [either(texts, self._is_list(left)) if isinstance(left, Json) else texts]

    def _is_list(self, side: Side) -> Sql:
        return Sql(self.dialect.json_is(side.place, "list") if isinstance(side, Json) else self.dialect.false)

    def _side(self, operand: Field | Scalar) -> Side:
        return side_of(operand, self.table, self.dialect, literals=self.literals)


def _is_small(number: object) -> bool:
    """A number whose statement is the same as that of other small ones of its type."""
    return isinstance(number, int | float) and -(2**53) < number < 2**53
