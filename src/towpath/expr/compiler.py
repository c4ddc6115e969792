"""Compiles the tree of an expression, once, to closures, and refuses what they could not do exactly."""

from __future__ import annotations

from towpath.errors import ExpressionError, did_you_mean
from towpath.expr import closures
from towpath.expr.methods import FUNCTIONS, METHODS, NAMESPACES
from towpath.expr.methods.arguments import Function
from towpath.expr.methods.mathematics import MATH_CONSTANTS
from towpath.expr.names import (
    CALLED_NAMES,
    DATES,
    FOREIGN_IDENTIFIERS,
    FOREIGN_NAMES,
    NATIVE_NAMES,
    PARTS,
    VALUES,
    Run,
)
from towpath.expr.operators import BINARY, UNARY
from towpath.expr.properties import INHERITED_BY_OBJECTS
from towpath.expr.sources import asks_whether_run, item_of, items_of
from towpath.expr.syntax import NotNativeError, error_at
from towpath.expr.tree import (
    ArrayLiteral,
    Binary,
    Call,
    Chain,
    Conditional,
    Literal,
    Logical,
    Member,
    Name,
    Node,
    ObjectLiteral,
    TextTemplate,
    Unary,
    walk,
)

_LOGICAL = {"&&": closures.both, "||": closures.either, "??": closures.coalesce}
_FRESH_METHODS = frozenset({"concat", "entries", "keys", "reverse", "slice", "split", "values"})


def compile_node(source: str, node: Node, *, has_dates: bool = True) -> Run:
    """The closure of a tree; raises NotNativeError or, for an unknown ``$name``, ExpressionError.

    ``has_dates`` may be False where the tree is known to have no ``$now`` or ``$today``, to save the search.
    """
    return _Compiler(source, has_dates).compile(node)


def is_path(node: Node) -> bool:
    """Whether the tree is only a walk along fixed keys from a ``$name``."""
    while isinstance(node, Member) and isinstance(node.key, Literal) and not node.optional:
        node = node.target
    return isinstance(node, Name) and node.name in VALUES


def plain_json_keys(node: Node) -> tuple[str, ...] | None:
    """The keys of ``$json.a.b``, where all of them are ordinary names; None of any other tree."""
    keys: list[str] = []
    while isinstance(node, Member) and isinstance(node.key, Literal) and not node.optional:
        if not isinstance(node.key.value, str) or node.key.value in INHERITED_BY_OBJECTS:
            return None
        keys.insert(0, node.key.value)
        node = node.target
    return tuple(keys) if keys and isinstance(node, Name) and node.name == "$json" else None


def _has_date(node: Node) -> bool:
    return any(isinstance(part, Name) and part.name in DATES for part, _ in walk(node))


class _Compiler:
    def __init__(self, source: str, has_dates: bool) -> None:
        self.source = source
        self.has_dates = has_dates

    def compile(self, node: Node) -> Run:
        match node:
            case Literal(value):
                return closures.constant(value)
            case Member():
                return self.member(node)
            case Binary():
                return self.binary(node)
            case Call():
                return self.call(node)
            case Name():
                return self.name(node)
            case Logical(operator, left, right):
                return _LOGICAL[operator](self.compile(left), self.compile(right))
            case Conditional(test, then, otherwise):
                return closures.conditional(self.compile(test), self.compile(then), self.compile(otherwise))
            case Unary(operator, operand):
                return self.unary(operator, operand)
        return self.structure(node)

    def structure(self, node: Node) -> Run:
        """The nodes that only hold others."""
        match node:
            case Chain(link):
                return closures.chain(self.compile(link))
            case TextTemplate(parts):
                return closures.text_of([self.compile(part) for part in parts])
            case ArrayLiteral(parts):
                return closures.array([self.compile(part) for part in parts])
            case ObjectLiteral(keys, values):
                return closures.object_of(
                    [self.operand(key) for key in keys], [self.compile(value) for value in values]
                )
        raise TypeError(f"no closure for {type(node).__name__}")

    def operand(self, node: Node) -> Run:
        """A part that an operator or method works on; dates are objects there, and only a sandbox has them."""
        if self.has_dates and _has_date(node):
            date = next(part for part, _ in walk(node) if isinstance(part, Name) and part.name in DATES)
            raise NotNativeError(
                f"arithmetic, comparison or methods of {date.name}", date.start, f"Use {{{{ {date.name} }}}} alone."
            )
        return self.compile(node)

    def name(self, node: Name) -> Run:
        name = node.name
        if name == "$json":
            return closures.own_json
        if name in VALUES:
            return VALUES[name]
        if item := item_of(node):
            return closures.wrapped_item(item)
        if name in NATIVE_NAMES or name in FOREIGN_NAMES:
            raise NotNativeError(f"{name} as it is used here", node.start, _instead_of(name))
        if name.startswith("$"):
            raise self.unknown_name(node)
        if name in FOREIGN_IDENTIFIERS:
            raise NotNativeError(
                f"{name} as it is used here", node.start, "Use the methods that are known, or a Code node."
            )
        return closures.unknown_identifier(name)

    def unknown_name(self, node: Name) -> ExpressionError:
        hint = did_you_mean(node.name, NATIVE_NAMES - {"$"}) or "Names are $json, $record, $old, $global, $('Node')."
        message = f"There is no {node.name} in expressions."
        return error_at(self.source, node.start, message, code="expression.unknown_name", hint=hint)

    def member(self, node: Member) -> Run:
        if special := self.special_member(node):
            return special
        if node.optional:
            return closures.member(closures.present(self.operand(node.target)), self.operand(node.key))
        root, keys = self.flatten(node)
        if keys:
            return closures.path(self.operand(root), keys)
        return closures.member(self.operand(node.target), self.operand(node.key))

    def flatten(self, node: Member) -> tuple[Node, list[object]]:
        """The node that a run of fixed keys starts from, and the keys."""
        keys: list[object] = []
        root: Node = node
        while isinstance(root, Member) and isinstance(root.key, Literal) and not root.optional:
            if self.special_member(root):
                break
            keys.insert(0, root.key.value)
            root = root.target
        return root, keys

    def special_member(self, node: Member) -> Run | None:
        """The members of names that are not plain values: items, $workflow and the like, Math.PI."""
        key = node.key.value if isinstance(node.key, Literal) else None
        if asked := asks_whether_run(node):
            return asked
        if item := item_of(node):
            return closures.wrapped_item(item)
        if item := item_of(node.target):
            if key != "json":
                raise NotNativeError(f"{key!r} of an item", node.start, "Items have .json here.")
            return closures.item_json(item, optional=node.optional)
        if isinstance(node.target, Name) and node.target.name in PARTS:
            return self.part(node.target.name, key, node.start)
        if isinstance(node.target, Name) and node.target.name == "Math" and key in MATH_CONSTANTS:
            return closures.constant(MATH_CONSTANTS[str(key)])
        return None

    def part(self, name: str, key: object, start: int) -> Run:
        known = PARTS[name]
        if isinstance(key, str) and key in known:
            return known[key]
        raise NotNativeError(f"{name}.{key}", start, f"Known: {', '.join(f'{name}.{part}' for part in known)}.")

    def unary(self, operator: str, operand: Node) -> Run:
        if operator == "typeof" and isinstance(operand, Name) and not operand.name.startswith("$"):
            self.name(operand)  # refuses what JavaScript knows; of an unknown name, typeof does not throw
            return closures.constant("undefined")
        return closures.unary(UNARY[operator], self.operand(operand))

    def binary(self, node: Binary) -> Run:
        left = self.operand(node.left)
        if node.operator == "+" and isinstance(node.right, Literal):
            text = node.right.value
            if isinstance(text, str) and text.isascii():
                return closures.plus_text(left, text)
        if isinstance(node.right, Literal):
            return closures.binary_with(BINARY[node.operator], left, node.right.value)
        return closures.binary(BINARY[node.operator], left, self.operand(node.right))

    def call(self, node: Call) -> Run:
        callee = node.callee
        if item := item_of(node):
            return closures.wrapped_item(item)
        if (listed := self.all_items(node)) is not None:
            return listed
        if node.optional:
            raise NotNativeError("an optional call", node.start, "Call the method with .name() or ?.name().")
        if isinstance(callee, Name):
            return self.function(callee, node)
        if isinstance(callee, Member) and isinstance(callee.key, Literal) and isinstance(callee.key.value, str):
            return self.method(callee, callee.key.value, node)
        raise NotNativeError("a call of a computed function", node.start, "Call a method by its name.")

    def all_items(self, node: Call) -> Run | None:
        """``$input.all()`` and ``$('Node').all()``."""
        match node:
            case Call(Member(target, Literal("all")), ()) if items := items_of(target):
                return closures.all_items(items)
        return None

    def function(self, callee: Name, node: Call) -> Run:
        if callee.name == "$if" and len(node.arguments) in (2, 3):
            test, then, otherwise = map(self.compile, (*node.arguments, Literal(False))[:3])
            return closures.conditional(test, then, otherwise)
        called = FUNCTIONS.get(callee.name)
        if called is not None:
            keeps_dates = callee.name in ("$if", "$ifEmpty")
            return closures.function(called, [self.argument(part, keeps_dates) for part in node.arguments])
        if not callee.name.startswith("$") and callee.name not in FOREIGN_IDENTIFIERS:
            return closures.unknown_identifier(callee.name)
        if callee.name.startswith("$") and callee.name not in NATIVE_NAMES | FOREIGN_NAMES:
            raise self.unknown_name(callee)
        instead = _instead_of(callee.name) or did_you_mean(callee.name, FUNCTIONS) or "Use a known function."
        raise NotNativeError(f"the function {callee.name}()", callee.start, instead)

    def argument(self, node: Node, keeps_dates: bool) -> Run:
        return self.compile(node) if keeps_dates else self.operand(node)

    def method(self, callee: Member, name: str, node: Call) -> Run:
        arguments = [self.operand(part) for part in node.arguments]
        if isinstance(callee.target, Name) and callee.target.name in NAMESPACES:
            return closures.function(self.namespaced(callee.target.name, name, node.start), arguments)
        if name not in METHODS:
            instead = did_you_mean(name, METHODS) or "Use a known method, or a Code node."
            raise NotNativeError(f"the method {name}()", callee.start, instead)
        if name == "reverse" and not _is_fresh(callee.target):
            raise NotNativeError("reverse() of data, which changes it", callee.start, "Write .slice().reverse().")
        receiver = self.operand(callee.target)
        if callee.optional:
            receiver = closures.present(receiver)
        return closures.method(name, dict(METHODS[name]), receiver, arguments)

    def namespaced(self, namespace: str, name: str, start: int) -> Function:
        known = NAMESPACES[namespace]
        if name in known:
            return known[name]
        instead = did_you_mean(name, known) or "Use a Code node."
        raise NotNativeError(f"{namespace}.{name}()", start, instead)


def _is_fresh(node: Node) -> bool:
    """Whether the expression itself made this array, so that changing it changes no data."""
    if isinstance(node, Call) and isinstance(node.callee, Member):
        return isinstance(node.callee.key, Literal) and node.callee.key.value in _FRESH_METHODS
    return isinstance(node, ArrayLiteral)


def _instead_of(name: str) -> str:
    if name in PARTS:
        return f"Write {', '.join(f'{name}.{part}' for part in PARTS[name])}."
    if name in CALLED_NAMES:
        return f"Call it: {name}(...)."
    examples = {
        "$": "Write $('Node name').item.json.",
        "$input": "Write $input.item.json, $input.first().json or $input.all().",
        "$node": 'Write $node["Node name"].json.',
        "$item": "Write $item.json.",
    }
    return examples.get(name, "")
