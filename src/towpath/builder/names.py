"""Ids and names of nodes that a program did not name itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count


def id_of(name: str) -> str:
    """A short id made of a name: "Update Lead" is ``update_lead``. Letters of every script are kept."""
    text = unicodedata.normalize("NFKC", name).lower()
    return "_".join(re.findall(r"[^\W_]+", text))[:60] or "node"


def unused(wanted: str, taken: Container[str], joint: str = "_") -> str:
    """The wanted text, or the first of ``wanted_2``, ``wanted_3``, ... that is not taken."""
    if wanted not in taken:
        return wanted
    return next(text for number in count(2) if (text := f"{wanted}{joint}{number}") not in taken)
