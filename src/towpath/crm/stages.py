"""The stages that deals go through unless a pipeline of one's own says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DealStage:
    """One stage: how likely a deal in it is won (in percent), and whether it ends the deal."""

    name: str
    probability: float
    kind: Literal["open", "won", "lost"] = "open"


DEFAULT_STAGES = (
    DealStage("Prospecting", 10),
    DealStage("Engaging", 25),
    DealStage("Qualification", 40),
    DealStage("Proposal", 60),
    DealStage("Negotiation", 80),
    DealStage("Won", 100, "won"),
    DealStage("Lost", 0, "lost"),
)
