"""What every adapter refuses in the same words: codes, texts and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.errors import StorageError, Where


def nested() -> StorageError:
    """A unit of work that is started inside another one."""
    return StorageError(
        "A unit of work cannot start another one.",
        code="storage.nested",
        hint="Write in the transaction that the outer unit was given.",
    )


def conflict(columns: Sequence[str], where: Where) -> StorageError:
    """A row whose key or unique value stands there already; ``columns`` are empty where they are not known."""
    named = f" ({', '.join(columns)})" if columns else ""
    return _as(
        409,
        StorageError(
            f"A row with the same key or unique value{named} exists already.",
            code="storage.conflict",
            hint="Update the row that exists, or choose another value.",
            where=Where(object=where.object, field=columns[0] if len(columns) == 1 else None),
            params={"table": where.object, "columns": list(columns)},
        ),
    )


def unstorable(reason: str, where: Where) -> StorageError:
    """A value that does not fit its column."""
    return _as(
        422,
        StorageError(
            f"A value cannot be stored: {reason}.",
            code="storage.row",
            hint="Give every required column a value of the column's kind; whole numbers have at most 64 bits.",
            where=where,
        ),
    )


def disk_full(where: Where) -> StorageError:
    """No room for this unit of work."""
    return _as(
        507,
        StorageError(
            "The disk of the database is full. Nothing of this unit of work was stored.",
            code="storage.disk_full",
            hint="Make room; the store goes on by itself as soon as there is space.",
            where=where,
        ),
    )


def _as(status: int, error: StorageError) -> StorageError:
    error.status = status
    return error
