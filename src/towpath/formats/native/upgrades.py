"""Stored documents of older formats, brought up to date by named functions, one per format.

To add a format: raise FORMAT in the model, write a function here that turns a document of the old format into one of
the next and says in its docstring what changed, put it in UPGRADES, and keep a document of the old format in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from towpath.errors import FormatError, Where
from towpath.model.workflow import FORMAT

Document: TypeAlias = dict[str, Any]
Upgrade: TypeAlias = Callable[[Document], Document]

UPGRADES: Mapping[int, Upgrade] = {}  # format -> what makes the next format of it; format 1 is the first


def upgrade(document: Document, upgrades: Mapping[int, Upgrade] = UPGRADES, newest: int = FORMAT) -> Document:
    """The document in the newest format. One without a format was written by hand, for the newest.

    Raises FormatError ``format.too_new`` for a document of a later Towpath, ``format.version`` for nonsense.
    """
    written = document.get("format", newest)
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        raise _refuse(
            f"{written!r} is not a format number", "format.version", f"Write 'format: {newest}', or leave it out."
        )
    if written > newest:
        raise _refuse(
            f"the file has format {written}, newer than {newest}", "format.too_new", "Update Towpath to read it."
        )
    for number in range(written, newest):
        document = upgrades[number](document) | {"format": number + 1}
    return document


def _refuse(message: str, code: str, hint: str) -> FormatError:
    return FormatError(message, code=code, hint=hint, where=Where(field="format"))
