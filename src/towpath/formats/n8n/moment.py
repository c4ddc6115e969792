"""The date signs of moment.js, which n8n's old nodes use, as luxon's."""

from __future__ import annotations

import re

from towpath.formats.n8n.dialect import UnmappedError

_SIGNS = {
    "YYYY": "yyyy", "YY": "yy", "Q": "q", "MMMM": "MMMM", "MMM": "MMM", "MM": "MM", "M": "M", "DDDD": "ooo",
    "DDD": "o", "DD": "dd", "D": "d", "dddd": "EEEE", "ddd": "EEE", "E": "E", "GGGG": "kkkk", "WW": "WW", "W": "W",
    "HH": "HH", "H": "H", "hh": "hh", "h": "h", "mm": "mm", "m": "m", "ss": "ss", "s": "s", "SSS": "SSS", "A": "a",
    "a": "a", "ZZ": "ZZZ", "Z": "ZZ", "X": "X", "x": "x",
}  # fmt: skip
_PART = re.compile(
    r"\[([^\]]*)\]|(YYYY|YY|Q|MMMM|MMM|MM|Mo|M|DDDo|DDDD|DDD|DD|Do|D|dddd|ddd|dd|do|d|E|GGGG|WW|Wo|W|HH|H|hh|h|"
    r"mm|m|ss|s|S+|A|a|ZZ|Z|X|x|L{1,4}|l{1,4}|[A-Za-z])|([^A-Za-z\[]+)"
)


def luxon_format(text: str) -> str:
    """The same format for luxon. Raises UnmappedError for signs that luxon lacks."""
    made = []
    for literal, sign, other in _PART.findall(text):
        if sign and sign not in _SIGNS:
            raise UnmappedError(f"its format has the sign {sign!r}, which has no counterpart", "Use another format.")
        made.append(_SIGNS[sign] if sign else _quoted(literal) if literal else other)
    return "".join(made)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
