"""Saving many rows although one of them undoes a whole save: halves, until the bad row stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from towpath.errors import TowpathError

Row = TypeVar("Row")
_UNDOES = frozenset({"record.after_save_failed", "limit.cause_chain"})  # errors of one record that undo the others


def save_in_parts(
    rows: Sequence[Row], save: Callable[[Sequence[Row]], None], refuse: Callable[[Row, TowpathError], None]
) -> None:
    """Save all rows in one transaction, or in as many as it takes to leave out those that undo it."""
    try:
        save(rows)
    except TowpathError as error:
        if error.code not in _UNDOES:
            raise
        if len(rows) == 1:
            refuse(rows[0], error)
            return
        middle = len(rows) // 2
        save_in_parts(rows[:middle], save, refuse)
        save_in_parts(rows[middle:], save, refuse)
