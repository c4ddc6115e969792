"""The syntax tree of an expression: frozen nodes that say what was written, not how to evaluate it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, true, false, null or undefined."""

    value: object


@dataclass(frozen=True, slots=True)
class Name:
    """A ``$name`` or a plain identifier."""

    name: str
    start: int


@dataclass(frozen=True, slots=True)
class Member:
    """``target.key`` or ``target[key]``, with ``?.`` when optional."""

    target: Node
    key: Node
    optional: bool
    start: int


@dataclass(frozen=True, slots=True)
class Call:
    """``callee(arguments)``, with ``?.(`` when optional."""

    callee: Node
    arguments: tuple[Node, ...]
    optional: bool
    start: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole of a path with ``?.`` in it: where one link is missing, all of it is undefined."""

    link: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """``operator operand``: ! - + typeof."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``, both sides always evaluated."""

    operator: str
    left: Node
    right: Node
    start: int


@dataclass(frozen=True, slots=True)
class Logical:
    """``&&``, ``||`` or ``??``: the right side is evaluated only when it decides."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional:
    """``test ? then : otherwise``."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A template literal: literal pieces and expressions, joined as text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    """``[a, b]``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ObjectLiteral:
    """``{key: value}`` as (key, value) pairs; a key is an expression."""

    keys: tuple[Node, ...]
    values: tuple[Node, ...]


Node: TypeAlias = (
    Literal
    | Name
    | Member
    | Call
    | Chain
    | Unary
    | Binary
    | Logical
    | Conditional
    | TextTemplate
    | ArrayLiteral
    | ObjectLiteral
)
# The fields of each kind of node that may hold nodes.
_PARTS: Mapping[type, tuple[str, ...]] = {
    Literal: (),
    Name: (),
    Member: ("target", "key"),
    Call: ("callee", "arguments"),
    Chain: ("link",),
    Unary: ("operand",),
    Binary: ("left", "right"),
    Logical: ("left", "right"),
    Conditional: ("test", "then", "otherwise"),
    TextTemplate: ("parts",),
    ArrayLiteral: ("parts",),
    ObjectLiteral: ("keys", "values"),
}


def children(node: Node) -> list[Node]:
    """The nodes directly inside this one."""
    found: list[Node] = []
    for part in _PARTS[type(node)]:
        value = getattr(node, part)
        if isinstance(value, tuple):
            found.extend(value)
        else:
            found.append(value)
    return found


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its height below the root; no recursion, so any shape is safe."""
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        waiting.extend([(child, depth + 1) for child in children(current)])
