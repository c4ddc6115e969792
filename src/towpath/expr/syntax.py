"""The errors of expressions, each with its place and an excerpt that points at it."""

from __future__ import annotations

from towpath.errors import ExpressionError, Where

MAX_SOURCE = 64 * 1024  # characters of one template
MAX_NESTING = 100  # brackets and operators inside each other, as written
MAX_HEIGHT = 250  # nodes from the root of the tree to its deepest leaf


def error_at(
    source: str, start: int, message: str, *, code: str = "expression.syntax", hint: str = ""
) -> ExpressionError:
    """An ExpressionError with line, column and a caret under the place."""
    line_start = source.rfind("\n", 0, start) + 1
    column = start - line_start
    line = source[line_start:].split("\n", 1)[0]
    begin = max(0, column - 60)
    excerpt = f"  {line[begin : begin + 120]}\n  {' ' * (column - begin)}^"
    where = Where(line=source.count("\n", 0, start) + 1, column=column + 1)
    return ExpressionError(message, code=code, where=where, hint=f"{hint or 'Look here:'}\n{excerpt}")


class NotNativeError(Exception):
    """Valid JavaScript, as far as read, that is not evaluated natively; says which construct and what to write."""

    def __init__(self, construct: str, start: int, instead: str = "") -> None:
        super().__init__(construct)
        self.construct = construct
        self.start = start
        self.instead = instead
