"""The names that an expression may begin with, and how each is read from the scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from towpath.expr.scope import Scope
from towpath.expr.values import UNDEFINED, OwnError

Run: TypeAlias = Callable[[Scope], Any]


def _now(scope: Scope) -> object:
    return UNDEFINED if scope.run.now is None else iso_text(scope.run.now)


def _today(scope: Scope) -> object:
    now = scope.run.now
    return UNDEFINED if now is None else iso_text(now.replace(hour=0, minute=0, second=0, microsecond=0))


def iso_text(time: datetime) -> str:
    """The time as n8n writes it: milliseconds, and Z for a zero offset."""
    text = time.isoformat(timespec="milliseconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text


VALUES: Mapping[str, Run] = {
    "$json": lambda scope: scope.json,
    "$record": lambda scope: scope.run.record,
    "$old": lambda scope: scope.run.old,
    "$global": lambda scope: scope.run.globals,
    "$vars": lambda scope: scope.run.vars,
    "$env": lambda scope: scope.run.env,
    "$now": _now,
    "$today": _today,
    "$runIndex": lambda scope: scope.run.run_index,
    "$itemIndex": lambda scope: scope.index,
}

# Names of which only these parts are known here.
PARTS: Mapping[str, Mapping[str, Run]] = {
    "$workflow": {
        "id": lambda scope: scope.run.workflow.get("id", UNDEFINED),
        "name": lambda scope: scope.run.workflow.get("name", UNDEFINED),
    },
    "$execution": {"id": lambda scope: scope.run.id},
    "$run": {"id": lambda scope: scope.run.id},
}

DATES = frozenset({"$now", "$today"})
ITEM_NAMES = frozenset({"$", "$input", "$item", "$node"})
CALLED_NAMES = frozenset({"$if", "$ifEmpty", "$max", "$min"})
NATIVE_NAMES = frozenset(VALUES) | frozenset(PARTS) | ITEM_NAMES | CALLED_NAMES

# Names that n8n knows and that need the sandbox or other nodes.
FOREIGN_NAMES = frozenset(
    ["$binary", "$evaluateExpression", "$fromAI", "$getPairedItem", "$items", "$jmesPath", "$jmespath",
     "$average", "$helpers", "$getWorkflowStaticData",
     "$nodeId", "$nodeVersion", "$not",
     "$parameter", "$position", "$prevNode", "$request", "$response",
     "$pageCount", "$secrets", "$self", "$webhookId", "$rawParameter", "$data", "$mode",
    ]
)  # fmt: skip

# Plain names that mean something in JavaScript or n8n; any other plain name is a ReferenceError, so undefined.
FOREIGN_IDENTIFIERS = frozenset(
    ["AggregateError", "Array", "ArrayBuffer", "Atomics", "BigInt", "BigInt64Array", "BigUint64Array", "Boolean",
     "Buffer", "DataView", "Date", "DateTime", "Duration", "Error", "EvalError", "FinalizationRegistry",
     "Float32Array", "Float64Array", "Function", "Int16Array", "Int32Array", "Int8Array", "Interval", "Intl",
     "Iterator", "JSON", "Map", "Math", "Number", "Object", "Promise", "Proxy", "RangeError", "ReferenceError",
     "Reflect", "RegExp", "Set", "SharedArrayBuffer", "String", "Symbol", "SyntaxError", "TypeError", "URIError",
     "URL", "URLSearchParams", "Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray", "WeakMap",
     "WeakRef", "WeakSet", "WebAssembly", "alert", "arguments", "atob", "average", "btoa", "clearInterval",
     "clearTimeout", "console", "constructor", "decodeURI", "decodeURIComponent", "document", "encodeURI",
     "encodeURIComponent", "escape", "eval", "exports", "extend", "extendOptional", "fetch", "frames", "global",
     "globalThis", "isFinite", "isNaN", "max", "min", "module", "not", "numberList", "numberlist", "parent",
     "parseFloat", "parseInt", "process", "prompt", "queueMicrotask", "require", "self", "setInterval",
     "setTimeout", "structuredClone", "top", "unescape", "window", "zip", "hasOwnProperty", "isPrototypeOf",
     "propertyIsEnumerable", "toLocaleString", "toString", "valueOf", "__proto__",
    ]
)  # fmt: skip


def node_items(name: str) -> Callable[[Scope], Sequence[Any]]:
    """The items that the named node gave in this run; OwnError while it has not run."""

    def items(scope: Scope) -> Sequence[Any]:
        found = scope.run.nodes.get(name)
        if found is None:
            hint = f"Ask first, as in $if($('{name}').isExecuted, ..., ...)"
            raise OwnError(f"Node '{name}' has not run. {hint}", "expression.node_not_run")
        return found

    return items


def input_items(scope: Scope) -> Sequence[Any]:
    """The items that entered the present node; at least the present one."""
    return scope.run.input or (scope.json,)


def paired_item(name: str) -> Run:
    """The item of the named node that the present one comes from, or the only one that the node gave.

    Where nobody has followed where items come from, the one at the same place.
    """
    items = node_items(name)

    def paired(scope: Scope) -> object:
        found = items(scope)
        lineage = scope.item.lineage if scope.item is not None else None
        if lineage is not None and name in lineage:
            if lineage[name] is None:
                raise _unpaired(f"The item comes from several items of node '{name}'")
            return lineage[name]
        if len(found) == 1:
            return found[0]
        if lineage is None and scope.index < len(found):
            return found[scope.index]
        raise _unpaired(f"The item comes from no item of node '{name}'")

    return paired


def _unpaired(message: str) -> OwnError:
    return OwnError(f"{message}; take .first(), .last() or .all()", "expression.no_item")


def has_run(name: str) -> Run:
    """``$('Node').isExecuted``."""
    return lambda scope: name in scope.run.nodes


def first_item(items: Callable[[Scope], Sequence[Any]]) -> Run:
    """The first item."""
    return lambda scope: _item_at(items(scope), 0)


def last_item(items: Callable[[Scope], Sequence[Any]]) -> Run:
    """The last item."""
    return lambda scope: _item_at(items(scope), -1)


def _item_at(items: Sequence[Any], index: int) -> object:
    return items[index] if items else UNDEFINED
