"""The files of a mail that comes in: kept with the record that it is about, within limits, never lost in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.engine.events import Notice
from towpath.engine.file_names import safe_name
from towpath.engine.files import StoredFiles
from towpath.formats.mail_message import Part
from towpath.service.unit import Unit

MAX_FILES = 50  # of one mail
MAX_NAMED = 100  # of those that were left out too
MAX_FILE_BYTES = 10_000_000


def keep_attachments(unit: Unit, parts: Sequence[Part], owner: str) -> list[dict[str, Any]]:
    """What the activity says of each: name, type, size, and ``file``, the reference of its bytes.

    A file beyond the limits is named with ``left_out`` in its place, and people are told.
    """
    platform, found, taken = unit.platform, list[dict[str, Any]](), set[str]()
    files = StoredFiles(unit.tx, platform.ids, platform.clock)
    for number, part in enumerate(parts[:MAX_NAMED]):
        name = safe_name(part.name, taken)
        taken.add(name.lower())
        about = {"name": name, "type": part.type, "size": part.size}
        reason = "too many" if number >= MAX_FILES else "too large" if part.size > MAX_FILE_BYTES else None
        if reason is not None:
            found.append({**about, "left_out": reason})
        else:
            kept = files.write(owner, [part.data], name=name, media_type=part.type, limit=MAX_FILE_BYTES)
            found.append({**about, "file": kept})
    if len(parts) > MAX_NAMED:
        more = parts[MAX_NAMED:]
        said = {"name": f"{len(more)} more", "type": "", "size": sum(part.size for part in more)}
        found.append({**said, "left_out": "too many"})
    return found


def tell_left_out(unit: Unit, attachments: Sequence[dict[str, Any]], activity: str) -> None:
    """One notice for all files of a mail that were not kept."""
    names = [each["name"] for each in attachments if "left_out" in each]
    if names:
        text = f"files of a mail were not kept ({MAX_FILES} files, {MAX_FILE_BYTES:,} bytes each): {', '.join(names)}"
        data = {"activity": activity, "files": names}
        unit.notices.append(Notice(unit.platform.clock.now(), "mail_file_left_out", text[:500], data=data))
