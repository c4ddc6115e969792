"""n8n's Switch: numbered or named outputs by rules, or by an output number."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.conditions import comparison, from_filter
from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError

FALLBACK = "fallback"


def read(given: Given) -> Mapped:
    """Versions 1 and 2 have numbered outputs, version 3 one for each rule."""
    if given.fixed("mode") == "expression":
        return _by_number(given)
    return _rules(given) if given.version >= 3 else _old_rules(given)


def _by_number(given: Given) -> Mapped:
    count = int(given.fixed("numberOutputs" if given.version >= 2 else "outputsAmount", 4))
    cases = [{"label": str(number), "equals": number} for number in range(count)]
    params = {"value": given.get("output"), "cases": cases, "fallback": None}
    return Mapped("logic.switch", params, outputs=tuple(str(number) for number in range(count)))


def _rules(given: Given) -> Mapped:
    rows = given.rows("rules.values") or given.rows("rules.rules")
    if not rows:
        raise UnmappedError("it has no rules", "Add a rule in n8n.")
    labels = _labels(rows)
    cases = [
        {"label": label, "when": from_filter(_filter(given, row))} for label, row in zip(labels, rows, strict=True)
    ]
    fallback = given.fixed("options.fallbackOutput", "none")
    params: dict[str, Any] = {"cases": cases, "fallback": None}
    outputs = labels
    if fallback == "extra":
        params["fallback"] = _extra(str(given.get("options.renameFallbackOutput", FALLBACK)), labels)
        outputs = [*labels, params["fallback"]]
    elif isinstance(fallback, int) and not isinstance(fallback, bool) and fallback < len(labels):
        params["fallback"] = labels[fallback]
    if given.fixed("options.allMatchingOutputs", False):
        params["all_matches"] = True
    return Mapped("logic.switch", params, outputs=tuple(outputs))


def _filter(given: Given, row: Json) -> Json:
    conditions: Json = row.get("conditions") or {}
    if given.get("options.ignoreCase", False) is True:
        return {**conditions, "options": {**conditions.get("options", {}), "caseSensitive": False}}
    return conditions


def _labels(rows: list[Json]) -> list[str]:
    """The names of the outputs: those given, else their numbers, each once."""
    labels: list[str] = []
    for number, row in enumerate(rows):
        name = row.get("outputKey") if row.get("renameOutput") else None
        labels.append(_extra(name if isinstance(name, str) and name else str(number), labels))
    return labels


def _extra(name: str, taken: list[str]) -> str:
    return name if name not in taken else _extra(f"{name} {len(taken)}", taken)


def _old_rules(given: Given) -> Mapped:
    """Several rules may lead to one output; the first that holds decides."""
    kind, value = str(given.fixed("dataType")), given.get("value1", "")
    tests: dict[int, list[str]] = {}
    for row in given.rows("rules.rules"):
        operation = str(row.get("operation", "smaller" if kind == "number" else "equal"))
        output = row.get("output", 0)
        if not isinstance(output, int) or not 0 <= output < 100:
            raise UnmappedError("a rule leads to an output that is no number")
        tests.setdefault(output, []).append(comparison(kind, operation, value, row.get("value2", ""), either=True))
    fallback = int(given.fixed("fallbackOutput"))
    count = max([3, *tests, fallback]) + 1
    cases = [
        {"label": str(n), "when": "={{ " + " || ".join(f"({t})" for t in tests.get(n, ["false"])) + " }}"}
        for n in range(count)
    ]
    params = {"cases": cases, "fallback": str(fallback) if fallback >= 0 else None}
    return Mapped("logic.switch", params, outputs=tuple(str(n) for n in range(count)))


_RULES: Json = {"mode": "rules", "rules": {}, "options": {}}
_OLD: Json = {"mode": "rules", "dataType": "number", "fallbackOutput": -1, "rules": {}}
dialect = Dialect("n8n-nodes-base.switch", (1, 2, 3, 3.1, 3.2, 3.3, 3.4), read, {1: _OLD, 3: _RULES})
