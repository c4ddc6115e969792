"""n8n's Python reads items as objects of JavaScript (``item.json.name``), ours as dicts (``item['json']['name']``)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_PARTS = frozenset({"json", "binary", "pairedItem"})
_COPY = "to_py"  # makes a dict of a JavaScript object; they are dicts already
_LONGEST = 100_000  # characters; longer code is refused when it is to run
_Change = tuple[int, int, str]  # from byte to byte, and what stands there then


def with_dicts(code: str) -> str:
    """The code with the fields of items read as those of dicts; code that is no Python stays as it is."""
    if len(code) > _LONGEST:
        return code
    try:
        tree = ast.parse(code)
        changes = sorted(_Finder(code).found(tree, None, None), reverse=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code  # the sandbox says what is wrong
    source = code.encode()
    for start, end, text in changes:
        source = source[:start] + text.encode() + source[end:]
    return source.decode()


class _Finder:
    """Finds in one piece of code what has to be written otherwise."""

    def __init__(self, code: str) -> None:
        self.source = code.encode()
        self.starts = [0]
        for line in self.source.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def found(self, node: ast.AST, parent: ast.AST | None, text: ast.JoinedStr | None) -> Iterator[_Change]:
        """The changes in a node and everything inside it; ``text`` is the f-string around it."""
        text = node if isinstance(node, ast.JoinedStr) else text
        called = isinstance(parent, ast.Call) and parent.func is node
        if isinstance(node, ast.Attribute) and isinstance(parent, ast.Call) and called and node.attr == _COPY:
            yield from self._change(node.value, parent, "")
        elif isinstance(node, ast.Attribute) and not called and (node.attr in _PARTS or _is_data(node.value)):
            quote = '"' if text is not None and self._quote(text) == "'" else "'"
            yield from self._change(node.value, node, f"[{quote}{node.attr}{quote}]")
        for part in ast.iter_child_nodes(node):
            yield from self.found(part, node, text)

    def _change(self, value: ast.expr, whole: ast.expr, text: str) -> Iterator[_Change]:
        """From the dot on, which stands behind the value (and perhaps behind its parenthesis)."""
        end = self._end(whole)
        dot = self.source.find(b".", self._end(value), end)
        if dot >= 0:
            yield dot, end, text

    def _end(self, node: ast.expr) -> int:
        return self.starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def _quote(self, text: ast.JoinedStr) -> str:
        start = self.starts[text.lineno - 1] + text.col_offset
        return next((sign for sign in self.source[start : start + 4].decode(errors="ignore") if sign in "'\""), "'")


def _is_data(node: ast.expr) -> bool:
    """Whether this is the JSON of an item, or a part of it."""
    if isinstance(node, ast.Name):
        return node.id == "_json"
    if isinstance(node, ast.Attribute):
        return node.attr == "json" or _is_data(node.value)
    return isinstance(node, ast.Subscript) and _is_data(node.value)
