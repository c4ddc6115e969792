"""What expressions give, written down from n8n's documentation and the language, not from what Towpath answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fails:
    """The item fails, with this code."""

    code: str = "expression.failed"


FAILS = Fails()
