"""The written form of conditions: ``score > 50 and status in ["New", "Open"]``."""

from __future__ import annotations

from collections.abc import Callable

from towpath.errors import ExpressionError, Where
from towpath.expr.condition_tokens import TOKEN, Token, make_token, unescape, unquote_path
from towpath.model.condition import (
    ALWAYS,
    MAX_CONDITION_DEPTH,
    NEVER,
    UNARY_OPERATORS,
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
    check_operand,
)

MAX_CONDITION_LENGTH = 64 * 1024

_COMPARISONS: dict[str, Operator] = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CHANGES: dict[str, Callable[[Field], Condition]] = {
    "changed": Changed,
    "increased": Increased,
    "decreased": Decreased,
}


def parse_condition(text: str) -> Condition:
    """Read a written condition; a mistake raises ExpressionError with line, column and what was expected."""
    if len(text) > MAX_CONDITION_LENGTH:
        raise ExpressionError(
            f"The condition is longer than {MAX_CONDITION_LENGTH} characters.",
            code="condition.too_long",
            hint="Put long lists of values into the data, and compare with a field.",
        )
    return _Parser(text).whole()


class _Parser:
    """Recursive descent over the tokens of one text: or, and, not, comparison."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.position = 0
        self.depth = 0

    def whole(self) -> Condition:
        condition = self._or()
        self._expect("end", "the end, 'and' or 'or'")
        return condition

    def _tokens(self) -> list[Token]:
        tokens, position, end = [], 0, len(self.text.rstrip())
        while position < end:
            found = TOKEN.match(self.text, position)
            if found is None or found.lastgroup is None:
                start = position + len(self.text[position:]) - len(self.text[position:].lstrip())
                raise self._error(start, f"{self.text[start]!r} has no meaning here.")
            tokens.append(make_token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
            position = found.end()
        return [*tokens, Token("end", "", len(self.text))]

    @property
    def _next(self) -> Token:
        return self.tokens[self.position]

    def _take(self, *values: str) -> bool:
        """Step over the next token if it is one of these words or marks."""
        token = self._next
        if token.kind not in ("word", "mark") or token.value not in values:
            return False
        self.position += 1
        return True

    def _expect(self, value: str, described: str) -> None:
        token = self._next
        if value not in (token.value, token.kind):
            raise self._unexpected(described)
        self.position += 1

    def _or(self) -> Condition:
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))

    def _and(self) -> Condition:
        parts = [self._not()]
        while self._take("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _not(self) -> Condition:
        self.depth += 1
        if self.depth > MAX_CONDITION_DEPTH:
            raise self._error(
                self._next.start, f"Nested deeper than {MAX_CONDITION_DEPTH} levels.", code="condition.too_deep"
            )
        part = Not(self._not()) if self._take("not") else self._primary()
        self.depth -= 1
        return part

    def _primary(self) -> Condition:
        if self._take("("):
            condition = self._or()
            self._expect(")", "')'")
            return condition
        for word, change in _CHANGES.items():
            if self._take(word):
                return change(self._named_field())
        if self._take("was"):
            field = self._named_field()
            operator, right = self._operation()
            return Was(field, operator, right)
        for word, group in (("all", All), ("any", Any_)):
            if self._take(word):
                return group(self._group())
        return self._comparison()

    def _group(self) -> tuple[Condition, ...]:
        self._expect("(", "'('")
        parts = [self._or()]
        while self._take(","):
            parts.append(self._or())
        self._expect(")", "')'")
        return tuple(parts)

    def _named_field(self) -> Field:
        self._expect("(", "'(' and a field")
        operand = self._operand()
        if not isinstance(operand, Field):
            self.position -= 1
            raise self._unexpected("a field")
        self._expect(")", "')'")
        return operand

    def _comparison(self) -> Condition:
        left = self._operand()
        follows = self._next
        if follows.kind == "end" or follows.value in ("and", "or", ")", ","):
            return self._bare(left)
        operator, right = self._operation()
        return Comparison(left, operator, right)

    def _bare(self, operand: Field | Scalar) -> Condition:
        """A checkbox field, or ``true`` or ``false``, alone."""
        if isinstance(operand, Field):
            return Comparison(operand, "==", True)
        if isinstance(operand, bool):
            return ALWAYS if operand else NEVER
        raise self._unexpected("an operator such as ==, > or contains")

    def _operation(self) -> tuple[Operator, Operand]:
        start = self._next.start
        operator = self._operator()
        if operator in UNARY_OPERATORS:
            return operator, None
        right = self._between() if operator == "between" else self._right()
        try:
            check_operand(operator, right)
        except ExpressionError as error:
            raise self._error(start, error.message) from error
        return operator, right

    def _operator(self) -> Operator:
        token = self._next
        if token.kind == "mark" and token.value in _COMPARISONS:
            self.position += 1
            return _COMPARISONS[token.value]
        if self._take("is"):
            return self._is()
        negated = self._take("not")
        if self._take("in"):
            return "not_in" if negated else "in"
        if self._take("contains"):
            return "not_contains" if negated else "contains"
        return self._positive_operator() if not negated else self._wrong_operator()

    def _positive_operator(self) -> Operator:
        if self._take("between"):
            return "between"
        if self._take("starts"):
            self._expect("with", "'with'")
            return "starts_with"
        if self._take("ends"):
            self._expect("with", "'with'")
            return "ends_with"
        return self._wrong_operator()

    def _wrong_operator(self) -> Operator:
        raise self._unexpected("an operator: == != < <= > >=, in, contains, starts with, ends with, between, is empty")

    def _is(self) -> Operator:
        negated = self._take("not")
        self._expect("empty", "'empty'")
        return "is_not_empty" if negated else "is_empty"

    def _between(self) -> Operand:
        if self._next.value == "[":
            return self._right()
        low = self._operand()
        if self._take("and"):
            return (low, self._operand())
        return low

    def _right(self) -> Operand:
        if not self._take("["):
            return self._operand()
        values: list[Field | Scalar] = []
        while not self._take("]"):
            if values:
                self._expect(",", "',' or ']'")
            values.append(self._operand())
        return tuple(values)

    def _operand(self) -> Field | Scalar:
        token = self._next
        self.position += 1
        match token.kind:
            case "name" | "quoted":
                return Field(unquote_path(token.value))
            case "text":
                return unescape(token.value)
            case "number":
                return float(token.value) if set(token.value) & set(".eE") else int(token.value)
        if token.value in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[token.value]
        self.position -= 1
        raise self._unexpected("a field or a value")

    def _unexpected(self, expected: str) -> ExpressionError:
        token = self._next
        found = "the end of the condition" if token.kind == "end" else repr(token.value)
        return self._error(token.start, f"Expected {expected}, found {found}.")

    def _error(self, start: int, message: str, code: str = "condition.syntax") -> ExpressionError:
        line_start = self.text.rfind("\n", 0, start) + 1
        line = self.text[line_start:].split("\n", 1)[0]
        column = start - line_start
        begin = max(0, column - 60)
        excerpt = f"\n  {line[begin : begin + 120]}\n  {' ' * (column - begin)}^"
        where = Where(line=self.text.count("\n", 0, start) + 1, column=column + 1)
        return ExpressionError(message, code=code, where=where, hint=f"Look here:{excerpt}")
