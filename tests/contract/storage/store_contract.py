"""Everything that the storage port promises, as one class of tests that every adapter inherits."""

from __future__ import annotations

from tests.contract.storage.defining import DefinitionsContract
from tests.contract.storage.rows import RowsContract
from tests.contract.storage.searching import SearchContract
from tests.contract.storage.units import UnitsContract


class StoreContract(RowsContract, SearchContract, UnitsContract, DefinitionsContract):
    """An adapter's tests give a fixture ``store`` with the tables of ``tables.py``, empty."""
