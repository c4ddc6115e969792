"""Joining pieces of SQL with AND, OR and NOT under the two-valued rule: what is unknown counts as false."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.storage.relational.dialect import Dialect, Sql


def both(*parts: Sql | str) -> Sql:
    """Every part holds."""
    return join([part if isinstance(part, Sql) else Sql(part) for part in parts], "AND")


def either(*parts: Sql | str) -> Sql:
    """At least one part holds."""
    return join([part if isinstance(part, Sql) else Sql(part) for part in parts], "OR")


def join(parts: Sequence[Sql], word: str) -> Sql:
    """The parts (at least one) in brackets, nested as a balanced tree: databases bound the depth of expressions."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) > _LONG:
        middle = len(parts) // 2
        parts = (join(parts[:middle], word), join(parts[middle:], word))
    text = f" {word} ".join(part.text for part in parts)
    return Sql(f"({text})", tuple(value for part in parts for value in part.values))


def negated(part: Sql, dialect: Dialect) -> Sql:
    """The part does not hold; an unknown part does not hold, so its negation does."""
    return Sql(f"(NOT COALESCE({part.text}, {dialect.false}))", part.values)


_LONG = 50
