"""Writes conditions as people write them: the way back from the nouns to the written form."""

from __future__ import annotations

import json

from towpath.expr.condition_tokens import RESERVED, TOKEN
from towpath.model.condition import (
    UNARY_OPERATORS,
    All,
    Any_,
    Comparison,
    Condition,
    Field,
    Not,
    Operand,
    Operator,
    Was,
)


def condition_to_text(condition: Condition) -> str:
    """The condition as text; ``parse_condition`` reads it back to an equal one."""
    match condition:
        case All(parts):
            return _group_text("all", "and", "true", parts)
        case Any_(parts):
            return _group_text("any", "or", "false", parts)
        case Not(part):
            return f"not ({condition_to_text(part)})"
        case Was(field, operator, value):
            return f"was({_operand_text(field)}) {_operation_text(operator, value)}"
        case Comparison(left, operator, right):
            return f"{_operand_text(left)} {_operation_text(operator, right)}"
    return f"{type(condition).__name__.lower()}({_operand_text(condition.field)})"


def _group_text(function: str, word: str, empty: str, parts: tuple[Condition, ...]) -> str:
    """Parts joined by the word; the written form of one part or none has to say that it is a group."""
    if not parts:
        return empty
    if len(parts) == 1:
        return f"{function}({condition_to_text(parts[0])})"
    return f" {word} ".join(_part_text(part, word) for part in parts)


def _part_text(part: Condition, word: str) -> str:
    """A part in parentheses where without them it would read differently."""
    text = condition_to_text(part)
    grouped = isinstance(part, All | Any_) and len(part.parts) > 1 and (word == "and" or isinstance(part, Any_))
    return f"({text})" if grouped or _takes_and(part) else text


def _takes_and(part: Condition) -> bool:
    """Whether an "and" that follows would be read as that of "between"."""
    if isinstance(part, Comparison):
        return part.operator == "between" and not isinstance(part.right, tuple)
    return isinstance(part, Was) and part.operator == "between" and not isinstance(part.value, tuple)


def _operation_text(operator: Operator, right: Operand) -> str:
    words = operator.replace("_", " ")
    if operator in UNARY_OPERATORS:
        return words
    if operator == "between" and isinstance(right, tuple) and len(right) == 2:
        return f"between {_operand_text(right[0])} and {_operand_text(right[1])}"
    return f"{words} {_operand_text(right)}"


def _operand_text(operand: Operand) -> str:
    if isinstance(operand, Field):
        return _field_text(operand.name)
    if isinstance(operand, tuple):
        return "[" + ", ".join(_operand_text(value) for value in operand) + "]"
    return json.dumps(operand, ensure_ascii=False)


def _field_text(name: str) -> str:
    plain = TOKEN.fullmatch(name)
    if plain and plain.lastgroup == "name" and "`" not in name and name.lower() not in RESERVED:
        return name
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
