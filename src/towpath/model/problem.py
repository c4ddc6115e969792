"""A problem that checking a workflow found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from towpath.messages import Messages


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: a stable code, what is wrong, where, and what to do."""

    code: str
    message: str
    node: str | None = None
    field: str | None = None
    edge: str | None = None
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object without empty parts."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    def in_words(self, texts: Messages) -> Problem:
        """The finding with its texts in the language of the reader; code and place stay."""
        hint = texts.hint(self.hint) if self.hint else None
        return replace(self, message=texts.sentence(self.code, self.message, {}), hint=hint)

    def __str__(self) -> str:
        place = ", ".join(
            f"{kind} {value!r}"
            for kind, value in (("node", self.node), ("edge", self.edge), ("field", self.field))
            if value
        )
        return (
            f"{self.severity} {self.code}: {self.message}"
            + (f" ({place})" if place else "")
            + (f" {self.hint}" if self.hint else "")
        )
