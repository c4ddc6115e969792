"""The errors with which an expression fails its item, whoever evaluated it."""

from __future__ import annotations

from towpath.errors import NodeError

SHOWN = 120  # characters of an expression in a message
_NOT_FINITE = "gave no number: a division by zero"


def expression_failed(source: str, message: str, code: str = "expression.failed") -> NodeError:
    """The error of an expression: which one it is, and what happened."""
    shown = source if len(source) <= SHOWN else f"{source[: SHOWN - 1]}…"
    hint = "Ask first, as in {{ $json.b ? $json.a / $json.b : 0 }}." if code == "expression.not_finite" else None
    text = f"the expression {shown} {message if message == _NOT_FINITE else f'failed: {message}'}"
    return NodeError(text, code=code, hint=hint, params={"expression": source})


def divided_by_zero(source: str) -> NodeError:
    """The error of an expression that came to no number."""
    return expression_failed(source, _NOT_FINITE, "expression.not_finite")
