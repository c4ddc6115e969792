"""n8n's Date & Time, version 2: each operation is one expression with luxon, set as a field."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Mapped, UnmappedError
from towpath.formats.n8n.texts import code_of

_NAMES = {"getCurrentDate": "currentDate", "addToDate": "newDate", "subtractFromDate": "newDate",
          "formatDate": "formattedDate", "roundDate": "roundedDate", "getTimeBetweenDates": "timeDifference",
          "extractDate": "datePart"}  # fmt: skip
_PARTS = {"week": "weekNumber"}


def read(given: Given) -> Mapped:
    """Version 1 formats with another library's signs."""
    if given.version < 2:
        raise UnmappedError("version 1 formats dates with moment.js", "Open and save it as version 2 in n8n.")
    operation = str(given.fixed("operation"))
    if operation not in _NAMES:
        raise UnmappedError(f"its operation {operation!r} is not known")
    given.refuse("options.timezone", "options.fromFormat")
    name = str(given.fixed("outputFieldName", _NAMES[operation]))
    params: dict[str, Any] = {"fields": {name: "={{ " + _code(given, operation) + " }}"}}
    if not given.fixed("options.includeInputFields", False):
        params["keep"] = False
    return Mapped("data.set", params)


def _code(given: Given, operation: str) -> str:
    if operation == "getCurrentDate":
        return "$now" if given.fixed("includeTime", True) else "$today"
    if operation in ("addToDate", "subtractFromDate"):
        unit, call = str(given.fixed("timeUnit", "days")), "plus" if operation == "addToDate" else "minus"
        amount = code_of(given.get("duration", 0), guarded=False)
        return f"{_date(given, 'magnitude')}.{call}({{ {unit}: Number({amount}) }}).toISO()"
    if operation == "formatDate":
        form = given.get("format", "MM/dd/yyyy")
        form = given.get("customFormat", "") if form == "custom" else form
        return f"{_date(given, 'date')}.toFormat({code_of(form, guarded=False)})"
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
    return f"((d) => d && d.toISO ? d : DateTime.fromISO(String(d), {{ setZone: true }}))({code})"


dialect = Dialect("n8n-nodes-base.dateTime", (1, 2), read, {1: {}, 2: {"operation": "getCurrentDate"}})
