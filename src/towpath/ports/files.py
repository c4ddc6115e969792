"""Files that items carry: kept apart from the items, which have references only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

Reference = dict[str, Any]


class Files(Protocol):
    """Keeps the files of runs. A file is written once, in chunks, and read in chunks."""

    def write(
        self, run: str, chunks: Iterable[bytes], *, name: str, media_type: str, limit: int | None = None
    ) -> Reference:
        """Keep a file and give the reference that an item carries.

        The name is data: it is shown and downloaded under, never a path. LimitError ``limit.file_bytes``.
        """
        ...

    def read(self, reference: Reference) -> Iterator[bytes]:
        """The file's bytes. NotFoundError ``file.unknown`` where it is no longer kept."""
        ...
