"""A sender that sends nothing and says that all went well: for trials."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.ports.effects import Answer, Effect


class PretendSender:
    """Answers every effect as a peer does that has nothing to say; nothing leaves the process."""

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """One answer each, in order."""
        return [Answer(effect.id, "sent", {"status": 200, "headers": {}, "body": None}) for effect in effects]
