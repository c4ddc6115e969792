"""Causes of changes: one for all rows or one each, and what two writes to one record have as common cause."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.model.change import Cause
from towpath.ports.records import Causes


def each(causes: Causes, count: int) -> Sequence[Cause]:
    """A cause for each of ``count`` rows."""
    if isinstance(causes, Cause):
        return [causes] * count
    if len(causes) != count:
        raise ValueError(f"{count} rows need one cause or {count}, not {len(causes)}")
    return causes


def merged(first: Cause, last: Cause) -> Cause:
    """The cause of a record written twice in one transaction.

    The last writer signs, but the chains of both count: a workflow that led here on either way is not
    started again on the record. It is a bulk job only if both were.
    """
    if first is last or first == last:
        return last
    chain = tuple(dict.fromkeys(first.chain + last.chain))
    return Cause(last.actor, last.run, chain, first.bulk and last.bulk)
