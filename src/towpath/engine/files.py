"""Files of runs in the store: rows of chunks under a random id, written and erased with the run's own transaction."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from towpath.engine.batch import Batch
from towpath.engine.tables import FILE, FILE_PART
from towpath.errors import LimitError, NodeError, NotFoundError, TowpathError, Where, did_you_mean
from towpath.model.condition import All, Comparison, Field
from towpath.ports.files import Reference
from towpath.ports.store import Reader, Transaction
from towpath.ports.time import Clock, Ids

PART = 256 * 1024
TOO_LARGE = "limit.file_bytes"
TOO_LARGE_HINT = "Make it smaller, or raise settings.limits.file_bytes of the workflow."
_UNITS = ("B", "kB", "MB", "GB")


class StoredFiles:
    """The files port over one transaction."""

    def __init__(self, tx: Transaction, ids: Ids, clock: Clock) -> None:
        self._tx = tx
        self._ids = ids
        self._clock = clock

    def write(
        self, run: str, chunks: Iterable[bytes], *, name: str, media_type: str, limit: int | None = None
    ) -> Reference:
        """Keep a file; of one that is too large nothing stays."""
        file_id, size, number = self._ids.new(), 0, 0
        for number, part in enumerate(_parts(chunks), 1):
            size += len(part)
            if limit is not None and size > limit:
                self._tx.delete(FILE_PART, [(file_id, done) for done in range(number - 1)])
                raise _too_large(name, limit)
            self._tx.insert(FILE_PART, FILE_PART.names, [(file_id, number - 1, part)])
        self._tx.insert(FILE, FILE.names, [(file_id, run, size, number, self._clock.now(), name, media_type)])
        return reference(file_id, name, media_type, size)

    def read(self, reference: Reference) -> Iterator[bytes]:
        """The file's bytes, part by part."""
        return read_file(self._tx, str(reference.get("id")))


def read_file(tx: Reader, file_id: str) -> Iterator[bytes]:
    """The bytes of a kept file. Raises NotFoundError ``file.unknown`` at once."""
    rows = tx.get(FILE, [file_id], ("parts",))
    if not rows:
        raise _gone()
    return (file_part(tx, file_id, number) for number in range(rows[0][0]))


def file_part(tx: Reader, file_id: str, number: int) -> bytes:
    """One part of a kept file. Raises NotFoundError ``file.unknown``."""
    one = All((Comparison(Field("file"), "==", file_id), Comparison(Field("part"), "==", number)))
    rows = tx.select(FILE_PART, ("data",), one)
    if not rows:
        raise _gone()
    return bytes(rows[0][0])


def _gone() -> NotFoundError:
    hint = "Files go with their run; make it again."
    return NotFoundError("the file is no longer kept", code="file.unknown", hint=hint)


def erase_files(tx: Transaction, runs: Sequence[str]) -> list[str]:
    """Erase all files of these runs; the run of each."""
    rows = tx.get(FILE, runs, ("id", "parts", "run"), by="run") if runs else []
    tx.delete(FILE_PART, [(file_id, number) for file_id, parts, _ in rows for number in range(parts)])
    tx.delete(FILE, [file_id for file_id, _, _ in rows])
    return [run for _, _, run in rows]


def reference(file_id: str, name: str, media_type: str, size: int) -> Reference:
    """What an item carries of a file: n8n's names, and the exact size."""
    found: dict[str, Any] = {
        "id": file_id,
        "fileName": name,
        "mimeType": media_type,
        "fileType": media_type.partition("/")[0],
        "fileSize": _readable(size),
        "bytes": size,
    }
    _, dot, extension = name.rpartition(".")
    return {**found, "fileExtension": extension} if dot and extension else found


def media_type_of(name: str) -> str:
    """The media type that a name's ending stands for."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def keep_file(
    batch: Batch[Any], position: int, chunks: Iterable[bytes], name: str, media_type: str
) -> Reference | None:
    """Keep a file for an item's run; where it is too large the item fails, and there is no reference."""
    files = batch.context.files
    if files is None:
        raise NodeError("There is no place here to keep files in.", code="file.no_store")
    run, limit = batch.runs[position], batch.node.settings.limits.file_bytes
    try:
        return files.write(run.id, chunks, name=name[:255] or "file", media_type=media_type, limit=limit)
    except TowpathError as error:
        batch.fail(position, error)
        return None


def file_chunks(batch: Batch[Any], position: int, name: str) -> Iterator[bytes] | None:
    """The bytes of an item's file by its name in the item; an item without it fails."""
    binary = batch.items[position].binary or {}
    found, files = binary.get(name), batch.context.files
    if found is None or files is None:
        hint = did_you_mean(name, binary) or "Give it a file first, or name one that it has."
        batch.fail(position, NodeError(f"the item has no file {name!r}", code="file.missing", hint=hint))
        return None
    try:
        return files.read(found)
    except TowpathError as error:
        batch.fail(position, error)
        return None


def file_bytes(batch: Batch[Any], position: int, name: str) -> bytes | None:
    """All bytes of an item's file, for formats that need them at once: no more than a file may have."""
    chunks = file_chunks(batch, position, name)
    return None if chunks is None else b"".join(chunks)


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of one size."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
    if held:
        yield bytes(held)


def _readable(size: float) -> str:
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} {_UNITS[-1]}"


def _too_large(name: str, limit: int) -> LimitError:
    return LimitError(
        f"the file {name[:80]!r} has more than {limit:,} bytes",
        code=TOO_LARGE,
        hint=TOO_LARGE_HINT,
        where=Where(),
        params={"limit": limit},
    )
