"""Records that this process has just written, kept for the transactions that come next.

A record that is saved starts a run, and the run's first act is to read it again: at a thousand records that was a
tenth of the run. What is kept is used only as long as the store can vouch that nobody else has written since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from towpath.ports.records import Record

MOST = 4_000  # records, the newest: a few megabytes


class WarmRecords:
    """Whole records by object and id, as the last writing units of this process left them.

    ``mark`` names the state that they belong to (``Transaction.mark`` and the catalogue's generation); another mark
    empties the shelf. A unit that fails after it has put records here changes the store's mark.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._mark: object = None
        self._records: dict[tuple[str, str], Record] = {}

    def enter(self, mark: object) -> WarmRecords | None:
        """The shelf for a transaction with this mark; None where the store cannot vouch for anything."""
        if mark is None:
            return None
        if mark != self._mark:
            self._records.clear()
            self._mark = mark
        return self

    def take(self, object_name: str, ids: Iterable[str]) -> Iterable[tuple[str, Record]]:
        """Those of the records that are here."""
        records = self._records
        return [(key, record) for key in ids if (record := records.get((object_name, key))) is not None]

    def put(self, object_name: str, written: Mapping[str, Record]) -> None:
        """Keep records as they are now."""
        records = self._records
        for key, record in written.items():
            records[object_name, key] = record
        if len(records) > self._most:
            for old in list(islice(records, len(records) - self._most // 2)):
                del records[old]
