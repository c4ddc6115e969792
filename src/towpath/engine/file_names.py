"""Names of files that strangers send: safe to show, to list beside each other, and to save under on any system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

MAX_NAME = 200
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # devices, where Windows saves it


def safe_name(given: str, taken: Collection[str] = ()) -> str:
    """The name without folders, without what is not seen (control signs, turned writing), and not among ``taken``."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    name = _FORBIDDEN.sub("_", seen).strip(" .") or "attachment"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    stem, ending = _split(name)
    number, found = 1, _fitted(stem, ending)
    while found.lower() in taken:
        number += 1
        found = _fitted(stem, f" ({number}){ending}")
    return found


def _split(name: str) -> tuple[str, str]:
    """The name and its ending, which stays where a name is cut."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending) <= 20 else (name, "")


def _fitted(stem: str, ending: str) -> str:
    return stem[: MAX_NAME - len(ending)] + ending
