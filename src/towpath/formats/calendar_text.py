"""Calendar files (RFC 5545): events as JSON, and one event as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from towpath.errors import FormatError, Where

MAX_LINES = 200_000
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(?P<parameters>(?:;[^:;=]+=(?:\"[^\"]*\"|[^\":;]*))*):(?P<value>.*)", re.DOTALL
)
_ESCAPED = re.compile(r"\\([\\;,nN])")


def read_events(text: str) -> list[dict[str, Any]]:
    """Every event: its properties by name in small letters; dates as ISO text, a property that is repeated as a list.

    Raises FormatError ``format.calendar`` for text that is no calendar.
    """
    events: list[dict[str, Any]] = []
    event: dict[str, Any] | None = None
    inside = 0
    lines = _FOLD.sub("", text.lstrip("\ufeff")).splitlines()
    if len(lines) > MAX_LINES or not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise FormatError("this is no calendar", code="format.calendar", hint="It begins with BEGIN:VCALENDAR.",
                          where=Where(line=1))  # fmt: skip
    for line in lines:
        mark = line.strip().upper()
        if mark == "BEGIN:VEVENT":
            event = {}
        elif mark == "END:VEVENT" and event is not None:
            events.append(event)
            event = None
        elif event is not None and mark.startswith(("BEGIN:", "END:")):
            inside += 1 if mark.startswith("BEGIN:") else -1  # an alarm, say
        elif event is not None and inside == 0:
            _add(event, line)
    return events


def _add(event: dict[str, Any], line: str) -> None:
    found = _LINE.fullmatch(line)
    if not found:
        return
    name = found["name"].lower()
    value = _value(name, found["parameters"].upper(), found["value"])
    if name in event:
        event[name] = [*event[name], value] if isinstance(event[name], list) else [event[name], value]
    else:
        event[name] = value


def _value(name: str, parameters: str, value: str) -> Any:
    if name in ("dtstart", "dtend", "dtstamp", "created", "last-modified", "recurrence-id"):
        for form in ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d"):
            try:
                moment = datetime.strptime(value, form)  # noqa: DTZ007 - the file says nothing else
            except ValueError:
                continue
            if form == "%Y%m%d" or "VALUE=DATE;" in f"{parameters};":
                return moment.date().isoformat()
            return moment.isoformat() + ("Z" if value.endswith("Z") else "")
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def write_event(
    title: str, start: datetime | date, end: datetime | date, *, uid: str, stamp: datetime,
    more: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """A calendar with one event; dates make it last whole days. ``more`` are properties such as DESCRIPTION."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Towpath//EN", "CALSCALE:GREGORIAN", "BEGIN:VEVENT",
             f"UID:{_text(uid)}", f"DTSTAMP:{_moment(stamp)}", _time("DTSTART", start), _time("DTEND", end),
             f"SUMMARY:{_text(title)}"]  # fmt: skip
    lines += [f"{name.upper()}:{_text(value)}" for name, value in (more or {}).items()]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _time(name: str, moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return f"{name}:{_moment(moment)}"
    return f"{name};VALUE=DATE:{moment:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """One property's value: a line break in it never begins another property."""
    plain = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\\\\n", plain)


def _folded(line: str) -> Iterator[str]:
    """Lines of 75 bytes at most, the further ones after a space."""
    data, first = line.encode(), True
    while data:
        size = 75 if first else 74
        while size < len(data) and data[size] & 0xC0 == 0x80:
            size -= 1
        yield ("" if first else " ") + data[:size].decode()
        data, first = data[size:], False
