"""The statements of one table for one tenant, made once and kept, so that databases keep them prepared.

Identifiers come from the table and are quoted, values are bound: that is why S608 is off here.
"""

# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Sequence

from towpath.model.condition import Condition
from towpath.model.table import Order, Table
from towpath.storage.relational.codec import Decoder, Encoder, encoder
from towpath.storage.relational.condition import Conditions
from towpath.storage.relational.definitions import TENANT
from towpath.storage.relational.dialect import Dialect, Sql
from towpath.storage.relational.operand import unknown_column

Columns = tuple[str, ...]


class Statements:
    """Texts and codecs by the columns they are about.

    The tenant is a number of the adapter's own: written into the text it costs nothing per row, and rows are
    bound as they come.
    """

    def __init__(self, table: Table, tenant: int, dialect: Dialect) -> None:
        self.table = table
        self.dialect = dialect
        self.name = dialect.name(table.name)
        self.mine = f"{dialect.name(TENANT)} = {tenant:d}"
        self.tenant = tenant
        self._conditions = Conditions(table, dialect)
        self._quoted: dict[Columns, str] = {}
        self._inserts: dict[tuple[Columns, bool], tuple[str, Encoder | None]] = {}
        self._updates: dict[Columns, tuple[str, Encoder | None]] = {}
        self._orders: dict[tuple[Order, ...], str] = {}
        self._decoders: dict[Columns, Decoder | None] = {}
        self._by_key = " AND ".join([self.mine, *(self._equal(name) for name in table.key)])

    def insert(self, columns: Columns, *, ignore_conflicts: bool) -> tuple[str, Encoder | None]:
        """Adds a row of these columns."""
        kept = self._inserts.get((columns, ignore_conflicts))
        if kept is None:
            names = ", ".join([self.dialect.name(TENANT), self.names(columns)])
            marks = ", ".join([str(self.tenant), *(self._mark(name) for name in columns)])
            conflict = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
            text = f"INSERT INTO {self.name} ({names}) VALUES ({marks}){conflict}"
            kept = self._inserts[columns, ignore_conflicts] = (text, encoder(self.table, columns))
        return kept

    def update(self, columns: Columns) -> tuple[str, Encoder | None]:
        """Sets these columns of a row; the key's values follow the new ones."""
        kept = self._updates.get(columns)
        if kept is None:
            self.names(columns)  # refuses unknown ones
            sets = ", ".join(self._equal(name) for name in columns)
            text = f"UPDATE {self.name} SET {sets} WHERE {self._by_key}"
            kept = self._updates[columns] = (text, encoder(self.table, (*columns, *self.table.key)))
        return kept

    def delete(self) -> str:
        """Removes a row by key."""
        return f"DELETE FROM {self.name} WHERE {self._by_key}"

    def select(
        self,
        columns: Columns,
        where: Condition | None,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Sql:
        """The rows that match, in order, one page of them."""
        condition = self._where(where)
        text = f"SELECT {self.names(columns)} FROM {self.name} WHERE {condition.text}{self._order(order)}"
        if limit is None and not offset:
            return Sql(text, condition.values)
        page = self.dialect.page(limit, offset)
        return Sql(text + page.text, (*condition.values, *page.values))

    def all_of(self, columns: Columns) -> str:
        """The tenant's rows, for a further AND."""
        return f"SELECT {self.names(columns)} FROM {self.name} WHERE {self.mine}"

    def count(self, where: Condition | None, by: Columns, sums: Columns) -> Sql:
        """How many rows match, or how many per group, and what their numbers come to."""
        condition = self._where(where)
        figures = ["count(*)", *(f"CAST(sum({self.names((name,))}) AS DOUBLE PRECISION)" for name in sums)]
        if not by:
            return Sql(f"SELECT {', '.join(figures)} FROM {self.name} WHERE {condition.text}", condition.values)
        groups = self.names(by)
        order = self._order([Order(name) for name in by])
        asked = ", ".join([groups, *figures])
        text = f"SELECT {asked} FROM {self.name} WHERE {condition.text} GROUP BY {groups}{order}"
        return Sql(text, condition.values)

    def names(self, columns: Columns) -> str:
        """The quoted names; StorageError for one that the table does not have."""
        kept = self._quoted.get(columns)
        if kept is None:
            for name in columns:
                if name not in self.table.names:
                    raise unknown_column(self.table, name)
            kept = self._quoted[columns] = ", ".join(map(self.dialect.name, columns))
        return kept

    def decoder(self, columns: Columns) -> Decoder | None:
        """What makes rows of these columns plain."""
        if columns not in self._decoders:
            self._decoders[columns] = self.dialect.decoder(self.table, columns)
        return self._decoders[columns]

    def _where(self, where: Condition | None) -> Sql:
        if where is None:
            return Sql(self.mine)
        condition = self._conditions.compile(where)
        return Sql(f"{self.mine} AND {condition.text}", condition.values)

    def _order(self, order: Sequence[Order]) -> str:
        if not order:
            return ""
        kept = self._orders.get(tuple(order))
        if kept is None:
            kept = self._orders[tuple(order)] = self._order_by(order)
        return kept

    def _order_by(self, order: Sequence[Order]) -> str:
        keys = [
            self.dialect.order(
                self.names((key.column,)), descending=key.descending, nullable=key.column not in self.table.key
            )
            for key in order
        ]
        return " ORDER BY " + ", ".join(keys)

    def _equal(self, name: str) -> str:
        return f"{self.dialect.name(name)} = {self._mark(name)}"

    def _mark(self, name: str) -> str:
        return self.dialect.mark(self.table.column(name))
