"""Tables of time zone offsets, which the sandbox's JavaScript cannot read itself.

Runs inside the worker, with the standard library alone.
"""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_FIRST = datetime(1950, 1, 1, tzinfo=UTC)
_LAST = datetime(2060, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=14)  # two changes within it are taken for none


class Zones:
    """The zone files of a folder, read at once: later no file can be opened."""

    def __init__(self, folder: str) -> None:
        self._files: dict[str, bytes] = {}
        for place, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(place, name)  # noqa: PTH118 - pathlib is not worth its import here
                with open(path, "rb") as file:  # noqa: PTH123
                    data = file.read()
                if data.startswith(b"TZif"):
                    self._files[os.path.relpath(path, folder).replace(os.sep, "/")] = data
        self._tables: dict[str, str] = {}
        self._lower = {name.lower(): name for name in self._files}

    def table(self, name: str) -> str:
        """``[[starts], [offsets]]`` in seconds as JSON, the first start long ago; null if unknown."""
        known = self._lower.get(name.lower(), "")
        if known not in self._tables:
            self._tables[known] = self._table(known)
        return self._tables[known]

    def _table(self, name: str) -> str:
        data = self._files.get(name)
        if data is None:
            return "null"
        zone = ZoneInfo.from_file(io.BytesIO(data), key=name)
        starts, offsets = [-(10**12)], [_offset(zone, _FIRST)]
        moment = _FIRST
        while moment < _LAST:
            after = moment + _STEP
            if (offset := _offset(zone, after)) != offsets[-1]:
                starts.append(_change(zone, moment, after))
                offsets.append(offset)
            moment = after
        return json.dumps([starts, offsets])


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    found = moment.astimezone(zone).utcoffset()
    return int(found.total_seconds()) if found is not None else 0


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> int:
    """The second at which the offset changes between two moments."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = _offset(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return high
