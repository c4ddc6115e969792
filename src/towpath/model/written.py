"""What people write as text, read by a parser: its errors, as Pydantic wants to hear them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from towpath.errors import InputError

T = TypeVar("T")


def written(parse: Callable[[object], T]) -> Callable[[object], T]:
    """The parser for a ``BeforeValidator``: what it refuses is refused with its hint."""

    def read(value: object) -> T:
        try:
            return parse(value)
        except InputError as error:
            raise ValueError(f"{error.message}. {error.hint}") from None

    return read
