"""Parses the tokens of one expression to its tree: operator precedence climbing over a subset of JavaScript."""

from __future__ import annotations

from typing import cast

from towpath.errors import ExpressionError
from towpath.expr import fold
from towpath.expr.syntax import MAX_HEIGHT, MAX_NESTING, NotNativeError, error_at
from towpath.expr.tokens import TemplateParts, Token
from towpath.expr.tree import (
    ArrayLiteral,
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
    walk,
)
from towpath.expr.values import UNDEFINED, to_text

_PRECEDENCE = {
    "??": 1, "||": 2, "&&": 3,
    "==": 7, "!=": 7, "===": 7, "!==": 7,
    "<": 8, "<=": 8, ">": 8, ">=": 8,
    "+": 10, "-": 10, "*": 11, "/": 11, "%": 11, "**": 12,
}  # fmt: skip
# ** takes another ** on its right; ?? takes neither && nor || without parentheses.
_RIGHT_SIDE = {"**": 12, "??": 4}
_UNARY = frozenset({"!", "-", "+"})
_WORDS = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": UNDEFINED,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}
_FOREIGN_MARKS = {
    "=>": ("an arrow function", "Use a Code node, or an expression without a function."),
    "...": ("the spread operator", "List the values, or join arrays with concat()."),
    ";": ("a second statement", "Write one expression, or use a Code node."),
    ",": ("the comma operator", "Write one expression."),
    "++": ("an assignment", "Expressions do not change values; write value + 1."),
    "--": ("an assignment", "Expressions do not change values; write value - 1."),
    **dict.fromkeys(("&", "|", "^", "~", "<<", ">>", ">>>"), ("a bit operator", "Use Math functions, or a Code node.")),
    **dict.fromkeys(
        ("=", "+=", "-=", "*=", "/=", "%=", "**=", "&&=", "||=", "??=", "&=", "|=", "^=", "<<=", ">>=", ">>>="),
        ("an assignment", "Expressions do not change values; to compare, write == or ===."),
    ),
}
_FOREIGN_WORDS = frozenset(
    ["new", "function", "class", "async", "await", "yield", "this", "super", "import", "delete", "void", "in",
     "instanceof", "let", "const", "var", "if", "for", "while", "do", "return", "throw", "try", "switch",
    ]
)  # fmt: skip


def parse(source: str, tokens: list[Token]) -> Node:
    """The tree of one expression; raises ExpressionError on wrong syntax and NotNativeError on other JavaScript."""
    parser = _Parser(source, tokens)
    node = parser.expression()
    parser.finish()
    if max(height for _, height in walk(node)) > MAX_HEIGHT:
        raise too_deep(source, tokens[0].start)
    return node


def too_deep(source: str, start: int) -> ExpressionError:
    """The error of an expression that is nested beyond the limits."""
    hint = "Compute parts of it in a Set Fields node before."
    return error_at(source, start, "The expression is nested too deep.", code="expression.too_deep", hint=hint)


class _Parser:
    def __init__(self, source: str, tokens: list[Token], depth: int = 0) -> None:
        self.source = source
        self.tokens = tokens
        self.position = 0
        self.depth = depth

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self, mark: str) -> bool:
        """Step over the mark if it comes next."""
        found = self.token.is_mark(mark)
        self.position += found
        return found

    def expect(self, mark: str) -> None:
        if not self.take(mark):
            raise self.unexpected(f"{mark!r}")

    def finish(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected("the end of the expression or an operator")

    def unexpected(self, expected: str) -> Exception:
        """The error for the next token: other JavaScript, or nothing that is allowed here."""
        token = self.token
        if isinstance(token.value, NotNativeError):
            return token.value
        if token.kind == "mark" and token.value in _FOREIGN_MARKS:
            construct, instead = _FOREIGN_MARKS[str(token.value)]
            return NotNativeError(construct, token.start, instead)
        if token.kind == "name" and token.value in _FOREIGN_WORDS:
            return NotNativeError(f"'{token.value}'", token.start, "Use operators and methods, or a Code node.")
        if token.kind == "template":
            return NotNativeError("a tagged template literal", token.start, "Join texts with + instead.")
        if token.kind == "regex":
            return NotNativeError(
                "a regular expression", token.start, "Use includes(), startsWith() or replaceAll(text)."
            )
        found = "the end" if token.kind == "end" else f"{self.source[token.start : token.start + 12].split()[0]!r}"
        return error_at(self.source, token.start, f"Expected {expected}, found {found}.")

    def enter(self) -> None:
        """Go one level deeper, within the limit."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise too_deep(self.source, self.token.start)

    def expression(self) -> Node:
        """A conditional, or anything that binds tighter."""
        self.enter()
        node = self.binary(0)
        if self.take("?"):
            then = self.expression()
            self.expect(":")
            node = Conditional(node, then, self.expression())
        if self.token.kind == "mark" and self.token.value in _FOREIGN_MARKS and not self.token.is_mark(","):
            raise self.unexpected("an operator")
        self.depth -= 1
        return node

    def binary(self, lowest: int) -> Node:
        """Operators of at least this precedence, leftmost first."""
        left, mixed = self.unary(), ""
        while self.token.kind == "mark" and (precedence := _PRECEDENCE.get(str(self.token.value), -1)) >= lowest:
            operator, start = str(self.token.value), self.token.start
            self.check_mixing(operator, mixed)
            self.position += 1
            self.enter()
            right = self.binary(_RIGHT_SIDE.get(operator, precedence + 1))
            self.depth -= 1
            if precedence > 3:
                left = fold.binary(operator, left, right, start)
            else:
                left, mixed = Logical(operator, left, right), operator
        return left

    def check_mixing(self, operator: str, mixed: str) -> None:
        if (operator == "??" and mixed in ("||", "&&")) or (mixed == "??" and operator in ("||", "&&")):
            raise error_at(
                self.source, self.token.start, f"{operator} and {mixed} need parentheses to say which comes first."
            )

    def unary(self) -> Node:
        token = self.token
        is_operator = (token.kind == "mark" and token.value in _UNARY) or (token.kind, token.value) == (
            "name",
            "typeof",
        )
        if not is_operator:
            return self.postfix()
        self.enter()
        self.position += 1
        operand = self.unary()
        self.depth -= 1
        if self.token.is_mark("**"):
            raise error_at(self.source, self.token.start, f"{token.value} before ** needs parentheses.")
        return fold.unary(str(token.value), operand)

    def postfix(self) -> Node:
        """A primary with its members and calls."""
        node, chained = self.primary(), False
        while self.token.kind == "mark":
            start = self.token.start
            if self.take("?."):
                node, chained = self.optional_link(node, start), True
            elif self.take("."):
                node = Member(node, self.property_name(), False, start)
            elif self.take("["):
                node = Member(node, self.bracketed(), False, start)
            elif self.take("("):
                node = Call(node, self.arguments(")"), False, start)
            else:
                break
        if self.token.kind == "template":
            raise self.unexpected("an operator")
        return Chain(node) if chained else node

    def optional_link(self, node: Node, start: int) -> Node:
        if self.take("["):
            return Member(node, self.bracketed(), True, start)
        if self.take("("):
            return Call(node, self.arguments(")"), True, start)
        return Member(node, self.property_name(), True, start)

    def property_name(self) -> Node:
        if self.token.kind != "name":
            raise self.unexpected("a property name")
        self.position += 1
        return Literal(self.tokens[self.position - 1].value)

    def bracketed(self) -> Node:
        key = self.expression()
        self.expect("]")
        return key

    def arguments(self, closing: str) -> tuple[Node, ...]:
        """Expressions with commas between, up to the closing mark; a trailing comma is fine."""
        values: list[Node] = []
        while not self.take(closing):
            if self.token.is_mark(","):
                raise NotNativeError("an array with holes", self.token.start, "Write undefined or null.")
            values.append(self.expression())
            if not self.token.is_mark(closing):
                self.expect(",")
        return tuple(values)

    def primary(self) -> Node:
        token = self.token
        self.position += 1
        match token.kind:
            case "number" | "string":
                return Literal(token.value)
            case "template":
                return self.text_template(cast("TemplateParts", token.value))
            case "name" if token.value not in _FOREIGN_WORDS:
                return self.name(token)
            case "mark" if token.value in ("(", "[", "{"):
                return self.group(str(token.value))
        self.position -= 1
        raise self.unexpected("a value")

    def name(self, token: Token) -> Node:
        word = str(token.value)
        if self.token.is_mark("=>"):
            raise self.unexpected("")
        return Literal(_WORDS[word]) if word in _WORDS else Name(word, token.start)

    def group(self, mark: str) -> Node:
        if mark == "[":
            return ArrayLiteral(self.arguments("]"))
        if mark == "{":
            return self.object()
        if self.token.is_mark(")") and self.tokens[self.position + 1].is_mark("=>"):
            self.position += 1
            raise self.unexpected("")
        node = self.expression()
        self.expect(")")
        if self.token.is_mark("=>"):
            raise self.unexpected("")
        return node

    def object(self) -> Node:
        keys: list[Node] = []
        values: list[Node] = []
        while not self.take("}"):
            key, value = self.pair()
            keys.append(key)
            values.append(value)
            if not self.token.is_mark("}"):
                self.expect(",")
        return ObjectLiteral(tuple(keys), tuple(values))

    def pair(self) -> tuple[Node, Node]:
        token = self.token
        if self.take("["):
            key = self.bracketed()
        elif token.kind in ("name", "string", "number"):
            self.position += 1
            key = Literal(to_text(token.value))
        else:
            raise self.unexpected("a key")
        if isinstance(key, Literal) and key.value == "__proto__":
            raise NotNativeError("the key __proto__", token.start, "Use another key.")
        if token.kind == "name" and (self.token.is_mark(",") or self.token.is_mark("}")):
            return key, self.shorthand(token)
        if self.token.is_mark("(") or (token.kind == "name" and self.token.kind in ("name", "string")):
            raise NotNativeError("a method in an object", token.start, "Write key: value.")
        self.expect(":")
        return key, self.expression()

    def shorthand(self, token: Token) -> Node:
        if token.value in ("true", "false", "null"):
            raise self.unexpected("':'")
        return self.name(token)

    def text_template(self, parts: TemplateParts) -> Node:
        nodes = [Literal(part) if isinstance(part, str) else self.inner(part) for part in parts]
        kept = tuple(node for node in nodes if not (isinstance(node, Literal) and node.value == ""))
        if all(isinstance(node, Literal) for node in kept):
            return Literal("".join(to_text(node.value) for node in kept if isinstance(node, Literal)))
        return TextTemplate(kept)

    def inner(self, tokens: list[Token]) -> Node:
        """The expression of one ``${ }``."""
        parser = _Parser(self.source, tokens, self.depth + 1)
        node = parser.expression()
        parser.finish()
        return node
