"""Files that runs carry, for who looks at a run: what there is, and the bytes of one, read part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from towpath.engine.files import file_part
from towpath.engine.tables import FILE, RUN
from towpath.errors import NotFoundError
from towpath.model.condition import Comparison, Field
from towpath.model.table import Order
from towpath.ports.store import Reader
from towpath.service.platform import Platform

_COLUMNS = ("id", "run", "name", "media_type", "bytes", "created_at", "parts")
_BY_AGE = (Order("created_at"), Order("id"))
UNNAMED, UNKNOWN = "file", "application/octet-stream"  # of files kept before these were


@dataclass(frozen=True, slots=True)
class RunFile:
    """A kept file; the name is data, never a path. ``at`` is microseconds."""

    id: str
    name: str
    media_type: str
    bytes: int
    at: int


class OpenFile:
    """A kept file to be read, any number of times: one part is in memory, and no transaction stays open."""

    def __init__(self, platform: Platform, found: RunFile, parts: int) -> None:
        self._platform = platform
        self._parts = parts
        self.about = found

    @property
    def size(self) -> int:
        """Bytes."""
        return self.about.bytes

    def __iter__(self) -> Iterator[bytes]:
        """The parts. Raises NotFoundError ``file.unknown`` when the file is erased meanwhile."""
        for number in range(self._parts):
            yield self._platform.store.read(partial(file_part, file_id=self.about.id, number=number))


def files_of(tx: Reader, run: str) -> list[RunFile]:
    """What the run carries, oldest first."""
    rows = tx.select(FILE, _COLUMNS, Comparison(Field("run"), "==", run), order=_BY_AGE)
    return [_file(row) for row in rows]


def open_file(platform: Platform, file_id: str, *, owner: str | None = None) -> OpenFile:
    """A kept file, of this run or record if one is named. Raises NotFoundError ``file.unknown``."""
    rows = platform.store.read(lambda tx: tx.get(FILE, [file_id], _COLUMNS))
    if not rows or owner not in (None, rows[0][1]):
        raise _unknown()
    return OpenFile(platform, _file(rows[0]), rows[0][-1])


def open_run_file(platform: Platform, run: str, file_id: str) -> OpenFile:
    """A file that a run carries; those of records are not to be had by their ids. NotFoundError ``file.unknown``."""
    if not platform.store.read(lambda tx: tx.get(RUN, [run], ("id",))):
        raise _unknown()
    return open_file(platform, file_id, owner=run)


def _unknown() -> NotFoundError:
    hint = "Files go with their run or record."
    return NotFoundError("the file is no longer kept", code="file.unknown", hint=hint)


def _file(row: tuple[str, str, str | None, str | None, int, int, int]) -> RunFile:
    file_id, _, name, media_type, size, at, _ = row
    return RunFile(file_id, name or UNNAMED, media_type or UNKNOWN, size, at)
