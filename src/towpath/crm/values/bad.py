"""What a check raises: the row checker adds object and field and makes a SchemaError of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any], Any]
"""Takes any JSON value (never None) and gives the stored form, None for "empty"; raises BadValue."""


class BadValue(Exception):  # noqa: N818 - never leaves this package: it becomes a SchemaError
    """The value does not fit; ``reason`` completes the sentence "'x' is ..."."""

    def __init__(self, code: str, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.hint = hint


def wrong_type(expected: str, hint: str | None = None) -> BadValue:
    """The value is of another kind than the field."""
    return BadValue("schema.wrong_type", f"not {expected}", hint)
