"""One tree of errors. Each has a stable code, says what happened and where, and what to do about it.

Codes never change once released; texts may. A translation is chosen by code, so the values that a
message mentions are kept beside it in ``params``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True, slots=True)
class Where:
    """The place a problem is about; every part is optional and unknown parts stay ``None``."""

    workflow: str | None = None
    node: str | None = None
    field: str | None = None
    object: str | None = None
    record: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [f"{name} {value!r}" for name, value in self.named() if name not in ("file", "line", "column")]
        place = self.file or ""
        if self.line is not None:
            place += f"{' ' if place else ''}line {self.line}" + (f", column {self.column}" if self.column else "")
        return ", ".join([*([place] if place else []), *parts])

    def named(self) -> list[tuple[str, Any]]:
        """The known parts, as (name, value) in a fixed order."""
        names = ("file", "line", "column", "workflow", "node", "object", "record", "field")
        return [(name, getattr(self, name)) for name in names if getattr(self, name) is not None]

    def within(self, **outer: Any) -> Where:
        """The same place with the parts that are still unknown taken from ``outer``."""
        known = dict(self.named())
        return Where(**{**outer, **known})


class TowpathError(Exception):
    """Base of all errors that Towpath raises on purpose.

    ``code`` is stable and machine-readable, ``message`` says what happened, ``hint`` what to do,
    ``where`` the place, ``params`` the values mentioned in the message.
    """

    code = "error"
    status = 500  # the HTTP status a door answers with

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        hint: str | None = None,
        where: Where | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.hint = hint
        self.where = where or Where()
        self.params = dict(params or {})

    def __str__(self) -> str:
        place = str(self.where)
        text = f"{self.message} ({place})" if place else self.message
        return f"{text} [{self.code}]" + (f" {self.hint}" if self.hint else "")

    def located(self, **outer: Any) -> TowpathError:
        """This error with unknown parts of its place filled in; returns itself, for ``raise e.located(...)``."""
        self.where = self.where.within(**outer)
        return self

    def as_json(self) -> dict[str, Any]:
        """The error as a JSON object: code, message, hint, where, params."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "where": dict(self.where.named()),
            "params": self.params,
        }


class InputError(TowpathError):
    """Something that came from outside is not usable as it is."""

    code = "input.invalid"
    status = 422


class FormatError(InputError):
    """A file or document cannot be read."""

    code = "format.invalid"


class ExpressionError(InputError):
    """An expression or condition cannot be parsed, or asks for what may not be evaluated."""

    code = "expression.invalid"


class SchemaError(InputError):
    """A value, field or object does not fit the CRM schema."""

    code = "schema.invalid"


class WorkflowError(InputError):
    """A workflow definition is not usable; ``problems`` has every problem found."""

    code = "workflow.invalid"

    def __init__(self, message: str, *, problems: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(message, **more)
        self.problems = list(problems)


class NotFoundError(TowpathError):
    """What was asked for does not exist (or may not be seen)."""

    code = "not_found"
    status = 404


class ConflictError(TowpathError):
    """The state has moved on, or two uses exclude each other."""

    code = "conflict"
    status = 409


class AccessError(TowpathError):
    """The actor may not do this."""

    code = "permission.denied"
    status = 403


class LimitError(TowpathError):
    """A named, configurable limit was reached."""

    code = "limit.reached"
    status = 429


class NodeError(TowpathError):
    """A node failed on one item; the run takes its error edge or fails."""

    code = "node.failed"
    status = 422


class EffectError(NodeError):
    """An outside system failed or answered with an error; ``retryable`` says whether trying again may help."""

    code = "effect.failed"
    status = 502

    def __init__(self, message: str, *, retryable: bool = True, retry_after: float | None = None, **more: Any) -> None:
        super().__init__(message, **more)
        self.retryable = retryable
        self.retry_after = retry_after


class StorageError(TowpathError):
    """The store cannot do it: locked, full, damaged or of another version."""

    code = "storage.failed"
    status = 503


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """A hint naming the nearest known word, or listing the known ones when none is near and they are few."""
    words = sorted(set(known))
    lowered = {word.lower(): word for word in words}
    near = get_close_matches(wrong.lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {lowered[near[0]]!r}?"
    if words and len(words) <= 12:
        return "Known: " + ", ".join(words) + "."
    return None
