"""Writes mails as .eml files into a folder instead of sending them: what happens where no mail server is configured."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from towpath.errors import FormatError
from towpath.ports.effects import Answer, Effect
from towpath.ports.mail import compose, recipients

_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]")


class OutboxFileSender:
    """The ``mail`` sender of a fresh installation: nothing leaves, everything can be looked at."""

    def __init__(self, folder: Path, sender: str = "towpath@localhost.invalid") -> None:
        self._folder = folder
        self._sender = sender

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """Write all; one answer each, in order. A message that is written again replaces its first copy."""
        return [self._write(effect) for effect in effects]

    def _write(self, effect: Effect) -> Answer:
        try:
            recipients(effect.request)
            message = compose(effect.request, sender=self._sender, key=effect.key, date=datetime.now(UTC))
        except FormatError as error:
            return Answer(effect.id, "failed", error=error.message)
        path = self._folder / f"{_NOT_A_NAME.sub('-', effect.key)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(message.as_bytes())
            part.replace(path)
        except OSError as error:
            return Answer(effect.id, "failed", error=f"the mail cannot be written: {error}", retryable=True)
        return Answer(effect.id, "sent", {"messageId": str(message["Message-ID"]), "file": path.name})
