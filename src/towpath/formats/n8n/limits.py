"""How large an n8n file may be, and the errors for what goes beyond or is not n8n's."""

from __future__ import annotations

from towpath.errors import FormatError, Where

MAX_BYTES = 10_000_000
MAX_DEPTH = 200  # lists and objects inside each other
MAX_VALUES = 500_000  # lists and objects in all: what bounds the memory that a file takes
MAX_NODES = 20_000
MAX_EDGES = 100_000


def too_large(what: str, count: int, limit: int, file: str | None) -> FormatError:
    """The error for more bytes, values, nodes or edges than one file may have."""
    return FormatError(
        f"the n8n file has more than {limit:,} {what}" + (f" ({count:,})" if count > limit else ""),
        code="format.too_large",
        hint="Export its workflows one by one, or split the workflow into sub-workflows in n8n first.",
        where=Where(file=file),
        params={"part": what, "limit": limit},
    )


def too_deep(where: Where) -> FormatError:
    """The error for lists and objects nested deeper than MAX_DEPTH."""
    return FormatError(
        f"lists and objects are nested deeper than {MAX_DEPTH} levels",
        code="format.too_deep",
        hint="n8n writes no such file; export the workflow again.",
        where=where,
        params={"limit": MAX_DEPTH},
    )


def not_n8n(message: str, file: str | None, hint: str | None = None) -> FormatError:
    """The error for JSON that holds no n8n workflow."""
    return FormatError(
        message,
        code="format.n8n",
        hint=hint or "Export the workflow in n8n with Download, or copy its nodes and paste them into a file.",
        where=Where(file=file),
    )
