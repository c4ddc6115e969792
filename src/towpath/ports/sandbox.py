"""The sandbox port: JavaScript and Python of workflow authors, evaluated where they can reach nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from towpath.errors import TowpathError

# A template by its text, cut into ("text", as it is) and ("code", JavaScript).
Program: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
Language: TypeAlias = Literal["javascript", "python"]


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """What code came to: its value or an error, and what it printed."""

    value: Any = None
    error: TowpathError | None = None
    lines: tuple[str, ...] = ()


class Sandbox(Protocol):
    """Evaluates whole batches; nothing that an author writes harms the host or is seen by another context.

    ``context`` names what may share state: one workflow version. ``sight`` is what the code sees: ``runs`` (objects
    with record, old, global, vars, nodes, input, now, id, workflow), ``items`` (the place of the item's run among
    them, its place in its run, its JSON), ``shared`` (what all runs share) and ``zone`` (the workflow's time zone).
    """

    def evaluate(
        self, context: str, programs: Sequence[Program], sight: Mapping[str, Any]
    ) -> list[list[Any] | TowpathError]:
        """For each item the values of all programs, in order; an error where a limit was reached."""
        ...

    def explain(self, program: Program, sight: Mapping[str, Any]) -> tuple[Any, str, tuple[str, ...]]:
        """The value for the first item, the kind of value that it is, and the errors that made it undefined.

        Raises TowpathError where a limit was reached or the JavaScript is not valid.
        """
        ...

    def run_code(self, context: str, language: Language, source: str, sight: Mapping[str, Any]) -> list[CodeOutcome]:
        """The outcome of the code for each item."""
        ...
