"""Finds the items that an expression names: ``$input``, ``$item``, ``$('Node')`` and ``$node["Node"]``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from towpath.expr.closures import own_json
from towpath.expr.names import Run, first_item, has_run, input_items, last_item, node_items, paired_item
from towpath.expr.scope import Scope
from towpath.expr.tree import Call, Literal, Member, Name, Node


def items_of(node: Node) -> Callable[[Scope], Sequence[Any]] | None:
    """The items that ``$input`` or ``$('Node')`` stands for."""
    match node:
        case Name("$input"):
            return input_items
        case Call(Name("$"), (Literal(str(name)),)):
            return node_items(name)
    return None


def item_of(node: Node) -> Run | None:
    """The one item that the node stands for, as its JSON or undefined."""
    match node:
        case Name("$item") | Member(Name("$input"), Literal("item")):
            return own_json
        case Member(Name("$node"), Literal(str(name))):
            return paired_item(name)
        case Member(Call(Name("$"), (Literal(str(name)),)), Literal("item")):
            return paired_item(name)
        case Call(Member(target, Literal("first")), ()) if items := items_of(target):
            return first_item(items)
        case Call(Member(target, Literal("last")), ()) if items := items_of(target):
            return last_item(items)
    return None


def asks_whether_run(node: Node) -> Run | None:
    """``$('Node').isExecuted``."""
    match node:
        case Member(Call(Name("$"), (Literal(str(name)),)), Literal("isExecuted")):
            return has_run(name)
    return None


def referred_nodes(nodes: Iterable[Node]) -> Iterator[str]:
    """The names of the workflow nodes that these parts of an expression refer to."""
    for node in nodes:
        match node:
            case Call(Name("$"), (Literal(str(name)),)) | Member(Name("$node"), Literal(str(name))):
                yield name
