"""How large a definition file may be, and the errors for what goes beyond."""

from __future__ import annotations

from towpath.errors import FormatError, Where

MAX_BYTES = 10_000_000
MAX_DEPTH = 100  # lists and objects inside each other
MAX_VALUES = 1_000_000  # also stops a small Python structure that shares its parts from unfolding into a large one
MAX_PARTS = {"nodes": 20_000, "edges": 100_000, "lanes": 1_000}


def too_large(size: int, file: str | None = None) -> FormatError:
    """The error for a text that is longer than MAX_BYTES."""
    return FormatError(
        f"the file has {size:,} bytes, more than {MAX_BYTES:,}",
        code="format.too_large",
        hint="Split the workflow: a part of it can be a workflow of its own, called by workflow.run.",
        where=Where(file=file),
        params={"bytes": size, "limit": MAX_BYTES},
    )


def too_many(part: str, count: int) -> FormatError:
    """The error for more nodes, edges or lanes than one workflow may have."""
    return FormatError(
        f"the workflow has {count:,} {part}, more than {MAX_PARTS[part]:,}",
        code="format.too_large",
        hint="Loop over items instead of repeating nodes, or call parts of it with workflow.run.",
        where=Where(field=part),
        params={"count": count, "limit": MAX_PARTS[part]},
    )


def too_deep(where: Where | None = None) -> FormatError:
    """The error for lists and objects nested deeper than MAX_DEPTH."""
    return FormatError(
        f"lists and objects are nested deeper than {MAX_DEPTH} levels",
        code="format.too_deep",
        hint="A workflow file is flat: nodes and edges are maps keyed by id.",
        where=where,
        params={"limit": MAX_DEPTH},
    )


def duplicate_key(key: str, where: Where) -> FormatError:
    """The error for a key that one object has twice."""
    return FormatError(
        f"the key {key!r} appears twice in one object",
        code="format.duplicate_key",
        hint="Remove one of the two, or give it another id.",
        where=where,
        params={"key": key},
    )
