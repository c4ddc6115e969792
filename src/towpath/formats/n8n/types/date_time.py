"""n8n's Date & Time: each operation is one expression with luxon, set as a field."""

from __future__ import annotations

import json
from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.moment import luxon_format
from towpath.formats.n8n.texts import code_of, is_expression

_NAMES = {"getCurrentDate": "currentDate", "addToDate": "newDate", "subtractFromDate": "newDate",
          "formatDate": "formattedDate", "roundDate": "roundedDate", "getTimeBetweenDates": "timeDifference",
          "extractDate": "datePart"}  # fmt: skip
_PARTS = {"week": "weekNumber"}


def read(given: Given) -> Mapped:
    """Version 1 has moment.js's signs for formats, and keeps the other fields."""
    if given.version < 2:
        return Mapped("data.set", {"fields": {str(given.fixed("dataPropertyName")): "={{ " + _old_code(given) + " }}"}})
    operation = str(given.fixed("operation"))
    if operation not in _NAMES:
        raise UnmappedError(f"its operation {operation!r} is not known")
    name = str(given.fixed("outputFieldName", _NAMES[operation]))
    params: dict[str, Any] = {"fields": {name: "={{ " + _code(given, operation) + " }}"}}
    if not given.fixed("options.includeInputFields", False):
        params["keep"] = False
    return Mapped("data.set", params)


def _old_code(given: Given) -> str:
    value = code_of(given.get("value", ""), guarded=False)
    start = given.fixed("options.fromFormat", "")
    zone = given.fixed("options.fromTimezone", "")
    options = f", {{ zone: {json.dumps(zone)} }}" if zone else ""
    if start:
        date = f"DateTime.fromFormat(String({value}), {json.dumps(luxon_format(str(start)))}{options})"
    else:
        date = _OLD_DATE.replace("OPTIONS", options) + f"({value})"
    if given.fixed("action") == "calculate":
        call = "plus" if given.fixed("operation") == "add" else "minus"
        amount = code_of(given.get("duration"), guarded=False)
        return f"{date}.{call}({{ {given.fixed('timeUnit')}: Number({amount}) }}).toUTC().toISO()"
    form = given.get("toFormat")
    if is_expression(form):
        raise UnmappedError("its format is an expression", "Write the format out.")
    target = given.fixed("options.toTimezone", "")
    moved = f".setZone({json.dumps(target)})" if target else ".setZone($now.zoneName)" if zone else ""
    return f"{date}{moved}.toFormat({json.dumps(luxon_format(str(form)))})"


# A luxon date already, a number of seconds or milliseconds, an ISO text, or whatever JavaScript reads.
_OLD_DATE = (
    "((v) => { if (v && v.toISO) return v; const n = Number(v), t = String(v); "
    "if (t.trim() !== '' && !Number.isNaN(n)) return Number.isInteger(n) && t.length >= 12 ? DateTime.fromMillis(n) "
    ": DateTime.fromSeconds(n); const d = DateTime.fromISO(tOPTIONS); "
    "return d.isValid ? d : DateTime.fromJSDate(new Date(t)); })"
)


def _code(given: Given, operation: str) -> str:
    if operation == "getCurrentDate":
        zone = given.fixed("options.timezone", "")
        now = f"$now.setZone({json.dumps(zone)})" if zone else "$now"
        return now if given.fixed("includeTime", True) else f"{now}.startOf('day')"
    if operation in ("addToDate", "subtractFromDate"):
        unit, call = str(given.fixed("timeUnit", "days")), "plus" if operation == "addToDate" else "minus"
        amount = code_of(given.get("duration", 0), guarded=False)
        return f"{_date(given, 'magnitude')}.{call}({{ {unit}: Number({amount}) }}).toISO()"
    if operation == "formatDate":
        form = given.get("format", "MM/dd/yyyy")
        form = given.get("customFormat", "") if form == "custom" else form
        here = ".setZone($now.zoneName)" if given.fixed("options.timezone", False) else ""
        return f"{_date(given, 'date')}{here}.toFormat({code_of(form, guarded=False)})"
    if operation == "roundDate":
        unit = str(given.fixed("to" if given.fixed("mode", "roundDown") == "roundUp" else "toNearest", "month"))
        up = f".plus({{ {unit}: 1 }})" if given.fixed("mode", "roundDown") == "roundUp" else ""
        return f"{_date(given, 'date')}{up}.startOf('{unit}').toISO()"
    if operation == "extractDate":
        part = str(given.fixed("part", "month"))
        return f"{_date(given, 'date')}.{_PARTS.get(part, part)}"
    units = given.fixed("units", ["day"])
    between = f"{_date(given, 'endDate')}.diff({_date(given, 'startDate')}, {code_of(units)})"
    return f"{between}.toISO()" if given.fixed("options.isoString", False) else f"{between}.toObject()"


def _date(given: Given, name: str) -> str:
    """A luxon date of an ISO text, keeping its zone, or of a date that is one already."""
    code = code_of(given.get(name, ""), guarded=False)
    form = given.get("options.fromFormat", "")
    if form:
        return f"DateTime.fromFormat(String({code}), {code_of(form, guarded=False)}, {{ setZone: true }})"
    return f"((d) => d && d.toISO ? d : DateTime.fromISO(String(d), {{ setZone: true }}))({code})"


_OLD = {"action": "format", "value": "", "dataPropertyName": "data", "toFormat": "MM/DD/YYYY", "operation": "add",
        "duration": 0, "timeUnit": "days", "options": {}}  # fmt: skip
dialect = Dialect("n8n-nodes-base.dateTime", (1, 2), read, {1: _OLD, 2: {"operation": "getCurrentDate"}})
