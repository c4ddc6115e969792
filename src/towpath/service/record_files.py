"""Files that a record has, such as those of the mails about it: what there is, the bytes of one, and erasing them."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.engine.files import erase_files
from towpath.engine.tables import FILE
from towpath.errors import NotFoundError, Where
from towpath.ports.store import Transaction
from towpath.service import records
from towpath.service.platform import Platform
from towpath.service.run_files import OpenFile, RunFile, files_of, open_file


def list_files(platform: Platform, object_name: str, record: str) -> list[RunFile]:
    """The files of a record, oldest first. Raises NotFoundError ``record.not_found``, of a deleted record too."""
    owner = _owner(platform, object_name, record)
    return platform.store.read(lambda tx: files_of(tx, owner))


def open_record_file(platform: Platform, object_name: str, record: str, file: str) -> OpenFile:
    """One of them, to be read. Raises NotFoundError ``record.not_found`` or ``file.unknown``."""
    return open_file(platform, file, owner=_owner(platform, object_name, record))


def erase_record_files(platform: Platform, object_name: str, record: str) -> int:
    """Erase them for good, and say how many; what the activities say of them stays."""
    owner = _owner(platform, object_name, record)
    return len(platform.store.write(lambda tx: erase_files(tx, [owner])))


def move_files(tx: Transaction, winner: str, gone: Sequence[str]) -> int:
    """The files of records that were merged are those of the one that stays. How many."""
    rows = tx.get(FILE, list(gone), ("id",), by="run")
    if rows:
        tx.update(FILE, ("run",), [(winner, file) for (file,) in rows])
    return len(rows)


def _owner(platform: Platform, object_name: str, record: str) -> str:
    """The record's id; of one that was merged, of the record that it is now."""
    found = records.get(platform, object_name, record)
    if found is None:
        raise NotFoundError(
            f"there is no {object_name} {record!r}",
            code="record.not_found",
            hint="Bring it back first, if it was deleted.",
            where=Where(object=object_name, record=record),
        )
    return str(found["id"])
