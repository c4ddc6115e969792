"""Rows as the bytes that Postgres's binary protocol takes: one array per column, or one stream for COPY.

A statement that takes a whole batch is one round trip, and making the bytes here costs less than a driver's call per
value. Values that do not fit raise what Python raises; the caller says what that means.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from struct import Struct
from typing import Any

from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

from towpath.storage.postgres.escaping import escaped, escaped_json, has_rare

UNFIT = (TypeError, ValueError, OverflowError, AttributeError, LookupError, struct.error)
_OIDS = {"text": 25, "json": 25, "integer": 20, "real": 701, "boolean": 16, "bytes": 17}
_ARRAY_OIDS = {"text": 1009, "json": 1009, "integer": 1016, "real": 1022, "boolean": 1000, "bytes": 1001}
_NULL = b"\xff\xff\xff\xff"
_TRUE, _FALSE = b"\0\0\0\x01\x01", b"\0\0\0\x01\0"
_length = Struct(">i").pack
_whole = Struct(">iq").pack
_real = Struct(">id").pack
_head = Struct(">iiIii").pack  # dimensions, has nulls, type of the elements, how many, the first one's number
COPY_START = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END = b"\xff\xff"


class Array(bytes):
    """An array in binary form."""

    __slots__ = ()


def array(kind: str, values: Sequence[Any]) -> Array:
    """The values of a column of that kind."""
    return _ARRAYS[kind](_head(1, 1, _OIDS[kind], len(values), 1) + b"".join(encoded(kind, values)))


def encoded(kind: str, values: Iterable[Any]) -> list[bytes]:
    """Each value with its length before it."""
    return _ENCODERS[kind](values)


def copied(tenant: int, kinds: Sequence[str], columns: Sequence[Sequence[Any]]) -> bytes:
    """The whole stream of a binary COPY of these columns, the tenant before them."""
    head = Struct(">h").pack(len(columns) + 1) + _whole(8, tenant)
    parts = [encoded(kind, column) for kind, column in zip(kinds, columns, strict=True)]
    return COPY_START + b"".join(chain.from_iterable(zip(repeat(head), *parts, strict=False))) + COPY_END


def _texts(values: Iterable[Any]) -> list[bytes]:
    texts = [value if type(value) is str or value is None else _as_text(value) for value in values]
    if has_rare("".join([text for text in texts if text is not None])):
        texts = [None if text is None else escaped(text) for text in texts]
    datas = [None if text is None else text.encode() for text in texts]
    return [_NULL if data is None else _length(len(data)) + data for data in datas]


def _as_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"{type(value).__name__} is no text")
    return str(value)


def _jsons(values: Iterable[Any]) -> list[bytes]:
    """Values that are JSON text already."""
    made = []
    for value in values:
        data = _NULL
        if value is not None:
            data = escaped_json(value).encode()
            data = _length(len(data)) + data
        made.append(data)
    return made


def _wholes(values: Iterable[Any]) -> list[bytes]:
    wholes = [value if type(value) is int or value is None else _as_whole(value) for value in values]
    return [_NULL if whole is None else _whole(8, whole) for whole in wholes]


def _as_whole(value: Any) -> int:
    whole = int(value)
    if isinstance(value, str) or whole != value:
        raise ValueError(f"{value!r} is no whole number")
    return whole


def _reals(values: Iterable[Any]) -> list[bytes]:
    return [_NULL if value is None or value != value else _real(8, value) for value in values]


def _checkboxes(values: Iterable[Any]) -> list[bytes]:
    return [_NULL if value is None else _TRUE if value else _FALSE for value in values]


def _blobs(values: Iterable[Any]) -> list[bytes]:
    return [_NULL if value is None else _length(len(value)) + memoryview(value) for value in values]


_ENCODERS: dict[str, Callable[[Iterable[Any]], list[bytes]]] = {
    "text": _texts, "json": _jsons, "integer": _wholes, "real": _reals, "boolean": _checkboxes, "bytes": _blobs,
}  # fmt: skip


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> bytes:
        return bytes(obj)


def register(connection: Connection[Any]) -> None:
    """Teach a connection the arrays."""
    for kind, made in _ARRAYS.items():
        dumper = type(f"{made.__name__}Dumper", (_ArrayDumper,), {"oid": _ARRAY_OIDS[kind]})
        connection.adapters.register_dumper(made, dumper)


_ARRAYS: dict[str, type[Array]] = {
    kind: type(f"{kind.title()}Array", (Array,), {"__slots__": ()}) for kind in _ARRAY_OIDS
}
