"""Splits the JavaScript of one ``{{ }}`` into tokens, and so also finds where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from towpath.expr.numbers import decimal_to_number, plain_number
from towpath.expr.syntax import MAX_NESTING, NotNativeError, error_at
from towpath.expr.values import pair_surrogates

_SPACE = re.compile(r"(?:[\s\ufeff]|/\*.*?\*/|//(?:(?!\}\})[^\n])*)+", re.DOTALL)
_NAME = re.compile(r"[\w$]+")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_FOREIGN_NUMBER = re.compile(r"[0-9][0-9a-zA-Z_.]*")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_TEMPLATE_TEXT = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_MARK = re.compile(
    r"\.\.\.|>>>=|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?![0-9])|\*\*"
    r"|\+\+|--|[-+*/%&|^]=|<<|>>|[-+*/%<>=!?:.,;()\[\]{}&|^~]"
)
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
_SIMPLE_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0",
    "\n": "", "\r\n": "", "\u2028": "", "\u2029": "",
}  # fmt: skip
_BEFORE_REGEX = frozenset({"name:typeof", "name:return", "name:in", "name:void"})
_ENDS_OPERAND = frozenset({")", "]", "}"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the source; ``value`` is the meaning of a literal, the spelling of all else."""

    kind: str  # number, string, template, regex, name, mark, foreign (its refusal) or end
    value: object
    start: int

    def is_mark(self, mark: str) -> bool:
        """Whether this is that punctuation mark."""
        return self.kind == "mark" and self.value == mark


TemplateParts: TypeAlias = tuple["str | list[Token]", ...]


class Lexer:
    """Reads tokens from ``position`` on, up to the closing braces."""

    def __init__(self, source: str, position: int = 0) -> None:
        self.source = source
        self.position = position
        self.nesting = 0

    def read(self, closing: str) -> list[Token]:
        """The tokens up to ``closing`` outside of all braces, an end token last; steps over ``closing``."""
        tokens: list[Token] = []
        braces = 0
        while True:
            self._skip_space()
            if self.position >= len(self.source):
                raise error_at(self.source, len(self.source), f"The expression is not closed with {closing!r}.")
            if self.source.startswith("\\}}", self.position):  # n8n's way to write }} inside an expression
                self.position += 1
            elif not braces and self.source.startswith(closing, self.position):
                tokens.append(Token("end", "", self.position))
                self.position += len(closing)
                return tokens
            token = self._token(tokens[-1] if tokens else None)
            braces += token.is_mark("{") - token.is_mark("}")
            if braces < 0:
                raise error_at(self.source, token.start, "This '}' closes nothing.")
            tokens.append(token)

    def _skip_space(self) -> None:
        if found := _SPACE.match(self.source, self.position):
            self.position = found.end()

    def _token(self, before: Token | None) -> Token:
        start, first = self.position, self.source[self.position]
        if first in "0123456789" or (first == "." and self.source[start + 1 : start + 2].isdigit()):
            return self._number(start)
        if first in "\"'":
            return self._string(start)
        if first == "`":
            return self._template(start)
        if first == "/" and not _ends_operand(before) and (found := _REGEX.match(self.source, start)):
            return self._step("regex", found[0], found)
        if found := _NAME.match(self.source, start):
            return self._step("name", found[0], found)
        if found := _MARK.match(self.source, start):
            return self._step("mark", found[0], found)
        raise error_at(self.source, start, f"{first!r} has no meaning here.")

    def _step(self, kind: str, value: object, found: re.Match[str]) -> Token:
        self.position = found.end()
        return Token(kind, value, found.start())

    def _number(self, start: int) -> Token:
        found = _NUMBER.match(self.source, start)
        assert found is not None  # noqa: S101 - a digit always matches
        after = self.source[found.end() : found.end() + 1]
        text = found[0]
        if after in ("n", "_") or re.match(r"0[0-9]", text):
            return self._foreign_number(start)
        if after.isalnum() or after == "$":
            raise error_at(self.source, found.end(), f"A number cannot be followed by {after!r}.")
        is_radix = text[:2].lower() in ("0x", "0o", "0b")
        return self._step("number", plain_number(int(text, 0)) if is_radix else decimal_to_number(text), found)

    def _foreign_number(self, start: int) -> Token:
        """A number that only JavaScript reads: 10n, 1_000, 017."""
        found = _FOREIGN_NUMBER.match(self.source, start)
        assert found is not None  # noqa: S101 - a digit always matches
        refusal = NotNativeError(f"the number {found[0]!r}", start, "Write a plain decimal number.")
        return self._step("foreign", refusal, found)

    def _string(self, start: int) -> Token:
        found = _STRING.match(self.source, start)
        if found is None:
            raise error_at(self.source, start, "This text is not closed.", hint=f"Close it with {self.source[start]}.")
        try:
            return self._step("string", self._unescape(found[0][1:-1], start), found)
        except NotNativeError as refusal:
            return self._step("foreign", refusal, found)

    def _template(self, start: int) -> Token:
        self.nesting += 1
        if self.nesting > MAX_NESTING // 2:
            raise error_at(self.source, start, "Template literals are nested too deep.", code="expression.too_deep")
        parts: list[str | list[Token]] = []
        refusal: NotNativeError | None = None  # an octal escape, which only a tagged template may have
        self.position += 1
        while True:
            found = _TEMPLATE_TEXT.match(self.source, self.position)
            text = found[0] if found else ""
            try:
                parts.append(self._unescape(text.replace("\r\n", "\n").replace("\r", "\n"), start))
            except NotNativeError as found_octal:
                refusal = found_octal
            self.position += len(text)
            if self.source.startswith("${", self.position):
                self.position += 2
                parts.append(self.read("}"))
            elif self.source.startswith("`", self.position):
                self.position += 1
                self.nesting -= 1
                return Token("template", tuple(parts), start) if refusal is None else Token("foreign", refusal, start)
            else:
                raise error_at(self.source, start, "This template literal is not closed.", hint="Close it with `.")

    def _unescape(self, text: str, start: int) -> str:
        if "\\" not in text:
            return text
        if re.search(r"(?<!\\)(?:\\\\)*\\(?:[1-9]|0[0-9])", text):
            raise NotNativeError("an octal escape in a text", start, "Write \\xHH or \\uHHHH.")
        if re.search(r"(?<!\\)(?:\\\\)*\\(?:u(?!\{[0-9a-fA-F]+\}|[0-9a-fA-F]{4})|x(?![0-9a-fA-F]{2}))", text):
            raise error_at(self.source, start, "This text has an unfinished \\u or \\x escape.")
        return pair_surrogates(_ESCAPE.sub(self._unescape_one, text))

    def _unescape_one(self, found: re.Match[str]) -> str:
        code = found[1]
        if len(code) == 1 or code == "\r\n":
            return _SIMPLE_ESCAPES.get(code, code)
        point = int(code.strip("ux{}"), 16)
        if point > 0x10FFFF:
            raise error_at(self.source, self.position, "There is no such Unicode character.")
        return chr(point)


def _ends_operand(before: Token | None) -> bool:
    """Whether a slash after this token divides, instead of opening a regular expression."""
    if before is None:
        return False
    if before.kind == "mark":
        return before.value in _ENDS_OPERAND
    return f"{before.kind}:{before.value}" not in _BEFORE_REGEX
