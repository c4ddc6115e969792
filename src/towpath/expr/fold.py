"""Makes operator nodes, and works them out at once where both sides are literals."""

from __future__ import annotations

from towpath.expr.operators import BINARY, UNARY
from towpath.expr.tree import Binary, Literal, Node, Unary


def unary(operator: str, operand: Node) -> Node:
    """The node of ``operator operand``, or its value."""
    if isinstance(operand, Literal):
        return Literal(UNARY[operator](operand.value))
    return Unary(operator, operand)


def binary(operator: str, left: Node, right: Node, start: int) -> Node:
    """The node of ``left operator right``, or its value."""
    if isinstance(left, Literal) and isinstance(right, Literal):
        return Literal(BINARY[operator](left.value, right.value))
    return Binary(operator, left, right, start)
