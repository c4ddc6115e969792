"""Hypothesis strategies for expressions, as source text, and for the data that they read."""

from __future__ import annotations

import json

from hypothesis import strategies as st

_TEXTS = ["", "a", "abc", "A b", " x ", "10", "-1.5e3", "0x1f", "é", "😀x", "ß", "ΑΣ", "a,b,c", "$&", "null", "aXbX"]
_NUMBERS = ["0", "1", "2", "-1", "3.5", "0.1", "1e21", "1e-7", "123456789", "9007199254740993", "NaN", "Infinity"]
_FIELDS = ["text", "number", "fraction", "none", "yes", "list", "object", "missing", "emoji", "digits", "zero", "big"]

DATA = {
    "text": "Hello World",
    "number": 42,
    "fraction": -2.5,
    "none": None,
    "yes": True,
    "list": [3, "b", None, [1, 2], {"k": 1}],
    "object": {"b": 1, "2": 2, "1": 3, "length": 9},
    "emoji": "a😀é日",
    "digits": " 12.50 ",
    "zero": 0,
    "big": 12345678901234567890,
}

_atoms = st.one_of(
    st.sampled_from(_NUMBERS),
    st.sampled_from(["true", "false", "null", "undefined", "[]", "({})", "nowhere"]),
    st.sampled_from(_TEXTS).map(json.dumps),
    st.text(max_size=4).map(json.dumps),
    st.sampled_from(_FIELDS).map(lambda field: f"$json.{field}"),
    st.sampled_from(_FIELDS).map(lambda field: f"$json['{field}']"),
)
_OPERATORS = ["+", "-", "*", "/", "%", "**", "===", "!==", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??"]
_CALLS = {
    "toUpperCase": 0, "toLowerCase": 0, "trim": 0, "trimStart": 0, "trimEnd": 0, "toString": 0, "includes": 2,
    "startsWith": 2, "endsWith": 2, "slice": 2, "substring": 2, "replace": 2, "replaceAll": 2, "split": 1,
    "concat": 2, "padStart": 2, "padEnd": 2, "indexOf": 2, "charAt": 1, "at": 1, "join": 1, "toFixed": 1,
}  # fmt: skip
_FUNCTIONS = {
    "Math.abs": 1, "Math.floor": 1, "Math.ceil": 1, "Math.round": 1, "Math.min": 2, "Math.max": 3, "Math.trunc": 1,
    "Math.sign": 1, "Math.sqrt": 1, "Object.keys": 1, "Object.values": 1, "Object.entries": 1, "JSON.stringify": 1,
    "Number": 1, "String": 1, "Boolean": 1, "parseInt": 2, "parseFloat": 1, "isNaN": 1, "isFinite": 1,
    "Array.isArray": 1, "Number.isInteger": 1, "$min": 2, "$max": 2,
}  # fmt: skip


def _call(name: str, count: int, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=count).map(", ".join)
    return arguments.map(lambda text: f"{name}({text})")


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    methods = st.sampled_from(sorted(_CALLS.items())).flatmap(lambda call: _call(call[0], call[1], inner))
    functions = st.sampled_from(sorted(_FUNCTIONS.items())).flatmap(lambda call: _call(call[0], call[1], inner))
    return st.one_of(
        st.tuples(inner, st.sampled_from(_OPERATORS), inner).map(
            lambda parts: f"(({parts[0]}) {parts[1]} ({parts[2]}))"
        ),
        st.tuples(st.sampled_from(["!", "-", "+", "typeof "]), inner).map(lambda parts: f"({parts[0]}({parts[1]}))"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} ? {parts[1]} : {parts[2]})"),
        st.tuples(inner, st.sampled_from([".", "?."]), methods).map(lambda parts: f"({parts[0]}){parts[1]}{parts[2]}"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})?.[{parts[1]}]"),
        st.tuples(inner, st.sampled_from([".length", "?.length", ".k", "?.a.b"])).map(
            lambda parts: f"({parts[0]}){parts[1]}"
        ),
        functions,
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(inner, max_size=2).map(
            lambda parts: "({" + ", ".join(f"k{i}: {p}" for i, p in enumerate(parts)) + "})"
        ),
        st.lists(inner, max_size=2).map(lambda parts: "`a" + "".join("${" + part + "}-" for part in parts) + "`"),
    )


expressions = st.recursive(_atoms, _larger, max_leaves=8)

_EXTENSIONS = {
    "isEmpty": 0, "isNotEmpty": 0, "isBlank": 0, "isNotBlank": 0, "isNumeric": 0, "toBoolean": 0, "toInt": 1,
    "toFloat": 0, "toNumber": 0, "toWholeNumber": 0, "toDecimalNumber": 0, "toTitleCase": 0, "toSnakeCase": 0,
    "toJsonString": 0,
    "quote": 1, "hash": 0, "base64Encode": 0, "urlEncode": 1, "abs": 0, "ceil": 0, "floor": 0, "round": 1, "isEven": 0,
    "isOdd": 0, "isInteger": 0, "first": 0, "last": 0, "sum": 0, "min": 0, "max": 0, "average": 0, "append": 2,
    "chunk": 1, "pluck": 2, "keys": 0, "values": 0, "hasField": 1, "compact": 0, "merge": 1, "format": 0,
}  # fmt: skip
_NAMES = [
    "$itemIndex", "$runIndex", "$vars.limit", "$env.REGION", "$record.name", "$old?.name", "$global.leadId",
    "$('A').item.json.x", "$('A').first().json", "$('A').all()", "$('Never').isExecuted", "$('Never').item.json.x",
    "$('Empty').first()?.json", "$input.item.json", "$input.all()", "$node['A'].json.x", "$workflow.name", "$now",
]  # fmt: skip


def _extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    methods = st.sampled_from(sorted(_EXTENSIONS.items())).flatmap(lambda call: _call(call[0], call[1], inner))
    choices = st.sampled_from([("$if", 3), ("$if", 2), ("$ifEmpty", 2)]).flatmap(
        lambda call: st.lists(inner, min_size=call[1], max_size=call[1]).map(
            lambda parts: f"{call[0]}({', '.join(parts)})"
        )
    )
    return st.one_of(
        st.tuples(inner, st.sampled_from([".", ".", "?."]), methods).map(lambda p: f"({p[0]}){p[1]}{p[2]}"),
        st.tuples(st.sampled_from(["$json.text", "$json.list", "$json.missing", "$json.digits"]), methods).map(
            ".".join
        ),
        choices,
        _larger(inner),
    )


# With what n8n adds to the language.
extended = st.recursive(st.one_of(_atoms, st.sampled_from(_NAMES)), _extended, max_leaves=6)

# Rows of these are mostly nonsense; where they are not, they show how operators bind.
WORDS = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "===",
    "==",
    "<",
    ">=",
    "&&",
    "||",
    "??",
    "!",
    "typeof",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    "?.",
    "?.[",
    ",",
    ":",
    "?",
    "?",
    ":",
    "1",
    "2",
    "0.5",
    "'x'",
    "''",
    "null",
    "$json.number",
    "$json.text",
    "$json",
    ".list",
    ".length",
    ".toUpperCase()",
    ".slice(",
    "`a${",
    "}b`",
    "`",
    "a",
    "NaN",
    "undefined",
    "in",
    "new",
    "=>",
    ";",
    "...",
    "/",
    "&",
    "=",
    "{",
    "a",
    ":",
]
