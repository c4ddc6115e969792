"""The CRM on a snapshot of the store, for those who only read."""

from __future__ import annotations

from typing import NoReturn, cast

from towpath.crm.catalogue import Catalogue
from towpath.crm.session import Session
from towpath.ports.records import Records
from towpath.ports.store import Reader, Transaction


class _NoIds:
    """Stands where a session takes its ids from; there is nothing to name when nothing is written."""

    def new(self) -> NoReturn:
        self.many(1)

    def many(self, count: int) -> NoReturn:
        raise TypeError(f"This session only reads, it cannot make {count} records; write inside Store.write.")


def reading(reader: Reader, catalogue: Catalogue) -> Records:
    """The records as one snapshot has them. Only the reading half of the port may be used."""
    return Session(cast("Transaction", reader), catalogue, 0, _NoIds())
