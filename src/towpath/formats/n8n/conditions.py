"""n8n's conditions, of the If, Filter and Switch nodes, as one expression of ours with the same truth."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from towpath.formats.n8n.dialect import Json, UnmappedError
from towpath.formats.n8n.texts import code_of, is_expression, single_chunk

_NEGATIVE = frozenset({"notExists", "empty", "notEquals", "notContains", "notStartsWith", "notEndsWith", "notRegex",
                       "false", "lengthNotEquals"})  # fmt: skip
_OLD_NAMES: Mapping[str, str] = {
    "equal": "equals", "notEqual": "notEquals", "isEmpty": "empty", "isNotEmpty": "notEmpty", "smaller": "lt",
    "smallerEqual": "lte", "larger": "gt", "largerEqual": "gte", "exists": "exists", "notExists": "notExists",
}  # fmt: skip
_OLD_DEFAULTS: Mapping[str, tuple[str, Any]] = {  # operation and values that version 1 leaves out
    "string": ("equal", ""), "number": ("smaller", 0), "boolean": ("equal", False), "dateTime": ("after", ""),
}  # fmt: skip
_SIGNS: Mapping[str, str] = {"equals": "==", "notEquals": "!=", "gt": ">", "lt": "<", "gte": ">=", "lte": "<="}
_TEXT_CALLS: Mapping[str, str] = {"contains": "includes", "startsWith": "startsWith", "endsWith": "endsWith"}
_DATE_SIGNS: Mapping[str, str] = {
    "equals": "===", "notEquals": "!==", "after": ">", "before": "<", "afterOrEquals": ">=", "beforeOrEquals": "<=",
}  # fmt: skip
_FIELD = re.compile(r"\$\w*(\('[^']*'\)|\(\"[^\"]*\"\))?(\??\.\w+(\(\))?|\[[^\[\]]*\])*")
_REGEX = re.compile(r"/(.*)/([gimsuy]*)", re.DOTALL)


def from_filter(value: Any) -> str:
    """The expression of a filter as versions 2 and later write it: conditions, a combinator, options."""
    rows = [row for row in _get(value, "conditions", []) if isinstance(row, Mapping)]
    options = _get(value, "options", {})
    folded = not _get(options, "caseSensitive", True)
    alone = _one_flag(rows)
    if alone is not None:
        return alone
    either = _get(value, "combinator", "and") == "or"
    return _joined([_row(row, folded, either) for row in rows], either)


def from_old(conditions: Any, combine: str) -> str:
    """The expression of version 1's conditions: a list for each kind of value."""
    either, parts = combine == "any", []
    for kind, (operation, default) in _OLD_DEFAULTS.items():
        for row in _get(conditions, kind, []):
            if isinstance(row, Mapping):
                left, right = row.get("value1", default), row.get("value2", default)
                parts.append(comparison(kind, str(row.get("operation", operation)), left, right, either=either))
    return _joined(parts, either)


def comparison(kind: str, operation: str, left: Any, right: Any, *, folded: bool = False, either: bool = False) -> str:
    """One comparison as JavaScript. Raises UnmappedError for an operation that n8n does not document."""
    operation = _OLD_NAMES.get(operation, operation)
    guarded = either or operation in _NEGATIVE
    one, other = code_of(left, guarded=guarded), code_of(_literal(kind, right), guarded=guarded)
    if operation in ("exists", "notExists"):
        return f"{one} {'!=' if operation == 'exists' else '=='} null"
    make = _KINDS.get(kind, _text)
    code = make(operation, one, other, folded)
    if code is None:
        raise UnmappedError(f"the comparison {kind} {operation!r} is not known", "Use an expression instead.")
    return code


def _one_flag(rows: list[Json]) -> str | None:
    """An expression that is itself the answer is taken as it is; a field may hold the text "false"."""
    if len(rows) == 1:
        operator = _get(rows[0], "operator", {})
        if (_get(operator, "type", ""), _get(operator, "operation", "")) == ("boolean", "true"):
            code = single_chunk(rows[0].get("leftValue"))
            plain = code is None or _FIELD.fullmatch(code.strip()) is not None
            return None if plain else str(rows[0]["leftValue"])
    return None


def _row(row: Json, folded: bool, either: bool) -> str:
    operator = _get(row, "operator", {})
    kind, operation = _get(operator, "type", "string"), _get(operator, "operation", "equals")
    return comparison(str(kind), str(operation), row.get("leftValue", ""), row.get("rightValue", ""),
                folded=folded, either=either)  # fmt: skip


def _joined(parts: list[str], either: bool) -> str:
    if not parts:
        return "={{ true }}"
    if len(parts) == 1:
        return f"={{{{ {parts[0]} }}}}"
    return "={{ " + (" || " if either else " && ").join(f"({part})" for part in parts) + " }}"


def _text(operation: str, left: str, right: str, folded: bool) -> str | None:
    positive = operation[3:4].lower() + operation[4:] if operation.startswith("not") else operation
    sign = "!" if positive != operation else ""
    if positive == "empty":
        return f"({left} ?? '') {'!==' if sign else '==='} ''"
    if positive == "regex":
        return f"{sign}{_pattern(right)}.test(String({left} ?? ''))"
    one, other = _folded(left, folded), _folded(right, folded)
    if positive == "equals":
        if right == '""':  # a missing value is not the empty text
            one = left
        return f"{one} {'!==' if sign else '==='} {other}"
    call = _TEXT_CALLS.get(positive)
    return f"{sign}{one}.{call}({other})" if call else None


def _number(operation: str, left: str, right: str, _: bool) -> str | None:
    if operation in ("empty", "notEmpty"):
        return f"{left} {'==' if operation == 'empty' else '!='} null"
    sign = _SIGNS.get(operation)
    if sign is None:
        return None
    fixed = re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?|null", right) is not None
    return f"{left} {sign} {right if fixed else f'Number({right})'}"


def _boolean(operation: str, left: str, right: str, _: bool) -> str | None:
    if operation in ("empty", "notEmpty"):
        return f"{left} {'==' if operation == 'empty' else '!='} null"
    one = _flag(left)
    if operation in ("true", "false"):
        return one if operation == "true" else f"!({one})"
    sign = {"equals": "===", "notEquals": "!=="}.get(operation)
    return f"({one}) {sign} ({_flag(right)})" if sign else None


def _date(operation: str, left: str, right: str, _: bool) -> str | None:
    if operation in ("empty", "notEmpty"):
        return f"({left} ?? '') {'===' if operation == 'empty' else '!=='} ''"
    sign = _DATE_SIGNS.get(operation)
    return f"new Date({left}).getTime() {sign} new Date({right}).getTime()" if sign else None


def _array(operation: str, left: str, right: str, _: bool) -> str | None:
    if operation in ("contains", "notContains"):
        return f"{'!' if operation == 'notContains' else ''}({left} ?? []).includes({right})"
    if operation in ("empty", "notEmpty"):
        return f"({left} ?? []).length {'===' if operation == 'empty' else '!=='} 0"
    name = operation.removeprefix("length")
    sign = _SIGNS.get(name[:1].lower() + name[1:])
    return f"({left} ?? []).length {sign} {right}" if sign and name != operation else None


def _object(operation: str, left: str, _right: str, _: bool) -> str | None:
    sign = {"empty": "===", "notEmpty": "!=="}.get(operation)
    return f"Object.keys({left} ?? {{}}).length {sign} 0" if sign else None


_KINDS: Mapping[str, Callable[[str, str, str, bool], str | None]] = {
    "string": _text, "number": _number, "boolean": _boolean, "dateTime": _date, "array": _array, "object": _object,
}  # fmt: skip


def _flag(code: str) -> str:
    """Whether a value is true, or says so: ``true``, ``"true"``, ``"True"``, 1."""
    if code in ("true", "false"):
        return code
    return f"['true', '1'].includes(String({code} ?? '').toLowerCase())"


def _folded(code: str, folded: bool) -> str:
    if code.startswith('"'):
        return json.dumps(json.loads(code).lower(), ensure_ascii=False) if folded else code
    text = f"String({code} ?? '')"
    return f"{text}.toLowerCase()" if folded else text


def _pattern(code: str) -> str:
    """A regular expression: written ``/like this/i`` or as plain text."""
    if not code.startswith('"'):
        return f"new RegExp(String({code}))"
    text = json.loads(code)
    written = _REGEX.fullmatch(text)
    if written:
        return f"new RegExp({json.dumps(written[1])}, {json.dumps(written[2])})"
    return f"new RegExp({code})"


def _literal(kind: str, value: Any) -> Any:
    """A value written as text in a number's place is that number."""
    if kind in ("number", "array") and isinstance(value, str) and not is_expression(value):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _get(value: Any, key: str, default: Any) -> Any:
    found = value.get(key) if isinstance(value, Mapping) else None
    return default if found is None else found
