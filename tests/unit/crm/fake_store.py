"""A store of dicts, for the time until the real one is there."""

from __future__ import annotations

from towpath.expr.condition_eval import compile_condition


class FakeStore:
    def __init__(self):
        self.tables = {}
        self.statements = []

    def rows(self, table):
        return self.tables.setdefault(table.name, {})

    def ensure(self, table):
        self.rows(table)

    def _key(self, table, row):
        return tuple(row[k] for k in table.key)

    def insert(self, table, columns, rows, *, ignore_conflicts=False):
        self.statements.append(("insert", table.name, tuple(columns)))
        data = self.rows(table)
        for row in rows:
            record = dict.fromkeys(table.names)
            record.update(zip(columns, row, strict=True))
            assert self._key(table, record) not in data
            data[self._key(table, record)] = record

    def update(self, table, columns, rows):
        self.statements.append(("update", table.name, tuple(columns)))
        data = self.rows(table)
        for row in rows:
            data[tuple(row[len(columns):])].update(zip(columns, row))

    def select(self, table, columns=None, where=None, *, order=(), limit=None, offset=0):
        self.statements.append(("select", table.name))
        holds = compile_condition(where) if where is not None else lambda new, old: True
        found = [r for r in self.rows(table).values() if holds({**dict.fromkeys(table.names), **r}, None)]
        for key in reversed(order):
            found.sort(key=lambda r: (r.get(key.column) is not None, r.get(key.column)), reverse=key.descending)
        found = found[offset:][:limit]
        return [tuple(r.get(c) for c in columns or table.names) for r in found]

    def get(self, table, keys, columns=None, *, by=None):
        self.statements.append(("get", table.name))
        by = by or table.key[0]
        wanted = set(keys)
        return [tuple(r.get(c) for c in columns or table.names) for r in self.rows(table).values() if r[by] in wanted]

    def count(self, table, where=None, *, by=()):
        return [(len(self.select(table, where=where)),)]

    def write(self, work):
        return work(self)

    def read(self, work):
        return work(self)


class FakeIds:
    n = 0

    def new(self):
        return self.many(1)[0]

    def many(self, count):
        start = self.n
        self.n += count
        return [f"{i:026d}" for i in range(start, start + count)]
FakeStore.close = lambda self: None
