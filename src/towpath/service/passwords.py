"""Passwords: argon2id with the library's defaults, a few at a time; a wrong one takes the same time for anybody."""

from __future__ import annotations

import os
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from towpath.errors import InputError

SHORTEST = 10  # characters
LONGEST = 1_000
_HASHER = PasswordHasher()
_TURN = BoundedSemaphore(os.cpu_count() or 1)  # each takes 64 MiB and a core
# Of a password that nobody has: checking against it takes as long as against a real one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$qSkrxnHmAzCLTTiEvpL8UQ$HdriSwQIxmobP7cA5XLCXfpFqes9A9a1j78V4PilF6I"


def hash_password(password: str) -> str:
    """What is kept of a password. InputError when it is too short to be safe."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"a password has at least {SHORTEST} characters",
            code="auth.short_password",
            hint="Take a few words that do not belong together.",
            params={"least": SHORTEST},
        )
    with _TURN:
        return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; without one that is kept, never, after the same time."""
    with _TURN:
        try:
            return _HASHER.verify(kept or _NOBODY, password[:LONGEST]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False
