"""The contract of one n8n node type's dialect: its defaults, and how it reads into and is written from ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from towpath.formats.n8n.texts import is_expression

Json = Mapping[str, Any]


class UnmappedError(Exception):
    """This use of a node cannot be said in Towpath's node types; says why and what to do instead."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Mapped:
    """A Towpath node: its type and parameters, and its ports in the order in which n8n numbers them."""

    type: str
    params: dict[str, Any] = field(default_factory=dict)
    inputs: tuple[str, ...] = ("in",)
    outputs: tuple[str, ...] = ("out",)
    warnings: tuple[str, ...] = ()
    before: tuple[str, dict[str, Any]] | None = None  # type and parameters of a node that has to come first
    beside: tuple[dict[str, Any], ...] = ()  # parameters of further nodes of the type, with the same way on: triggers


@dataclass(frozen=True, slots=True)
class Given:
    """An n8n node as its dialect sees it: parameters with the defaults of its version filled in."""

    name: str
    type: str
    version: float
    params: Json
    id: str = ""
    webhook_id: str | None = None

    def get(self, path: str, default: Any = None) -> Any:
        """The parameter at a path such as ``options.limit``; the default where it is missing or null."""
        value: Any = self.params
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return default if value is None else value

    def fixed(self, path: str, default: Any = None) -> Any:
        """The parameter, which must not be an expression because ours is fixed when the workflow is published."""
        value = self.get(path, default)
        if is_expression(value):
            raise UnmappedError(f"{path!r} is an expression; here it must be fixed", "Write the value itself.")
        return value

    def rows(self, path: str) -> list[Json]:
        """The objects of a list parameter; anything else in it is left out."""
        value = self.get(path, [])
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []

    def names(self, path: str) -> list[str]:
        """Field names written as a list or as text with commas."""
        value = self.fixed(path, [])
        parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
        return [part.strip() for part in parts if isinstance(part, str) and part.strip()]

    def refuse(self, *paths: str) -> None:
        """Say that these parameters have no counterpart, where they are set."""
        for path in paths:
            if self.get(path) not in (None, "", False, [], {}):
                raise UnmappedError(f"its option {path!r} has no counterpart in Towpath")


# What a dialect raises over parameters whose shape is not the documented one.
MISSHAPEN = (TypeError, ValueError, KeyError, IndexError, AttributeError)

Read = Callable[[Given], Mapped]
Write = Callable[[Json], Json | None]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One n8n node type.

    ``defaults`` has the parameters that n8n leaves out of files, by the version from which they hold. ``write`` gives
    the n8n parameters, at version ``writes``, for the parameters of Towpath's type ``target``, or None where n8n
    cannot say them; what does not read back equal is not exported as this type.
    """

    type: str
    versions: tuple[float, ...]
    read: Read
    defaults: Mapping[float, Json] = field(default_factory=dict)
    target: str | None = None
    write: Write | None = None
    writes: float = 1

    def default_params(self, version: float) -> Json:
        """The defaults of a version: those of the newest entry that is not newer."""
        fitting = [since for since in self.defaults if since <= version]
        return self.defaults[max(fitting)] if fitting else {}
