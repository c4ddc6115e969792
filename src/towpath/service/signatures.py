"""Whether a webhook call comes from who it says: signed (Standard Webhooks), or with the plain shared secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from towpath.errors import AccessError, TowpathError
from towpath.ports.time import SECOND

WINDOW = 5 * 60 * SECOND  # how far the time in a signature may be from ours, either way
SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - the name of a header
SIGNED_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
SECRET_PREFIX = "whsec_"  # noqa: S105 - what the base64 form of a secret begins with
VARIABLE_PREFIX = "TOWPATH_WEBHOOK_SECRET_"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call. Its name is data, never a path."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One webhook call: where it went, the item made of it, and the bytes and headers that it was signed over.

    Header names are lower case. ``key`` is the name that the caller gave the event (``Idempotency-Key``).
    """

    path: str
    method: str
    item: dict[str, Any]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    files: Mapping[str, Upload] = field(default_factory=dict)


class UnsetSecretError(TowpathError):
    """The server has not been given the secret: the caller may try again later, nothing is lost."""

    code = "webhook.secret_not_set"
    status = 503


class DistrustedError(AccessError):
    """The call does not prove where it comes from."""

    code = "webhook.untrusted"
    status = 401


def check_trust(call: Call, name: str | None, secrets: Mapping[str, str], now: int) -> str | None:
    """Raise unless the call may be trusted; gives its signed id, or None where nothing is signed.

    ``name`` is the secret that the trigger asks for; without one, anyone may call. ``secrets`` are by variable name.
    """
    if name is None:
        return None
    secret = secrets.get(secret_variable(name))
    if not secret:
        raise UnsetSecretError(
            f"the secret {name!r} of this webhook is not set",
            hint=f"Start towpath serve with {secret_variable(name)} in its environment.",
            params={"secret": name},
        )
    if "webhook-signature" in call.headers:
        return _check_signature(call, secret, now)
    if not hmac.compare_digest(_bytes(call.headers.get(SECRET_HEADER, "")), _bytes(secret)):
        raise DistrustedError(
            "the call carries no valid signature or secret",
            hint="Sign it (headers webhook-id, webhook-timestamp, webhook-signature) or send X-Webhook-Secret.",
        )
    return None


def secret_variable(name: str) -> str:
    """The environment variable that holds the secret of this name."""
    return VARIABLE_PREFIX + "".join(c if c.isascii() and c.isalnum() else "_" for c in name.upper())


def sign(secret: str, identity: str, timestamp: int, body: bytes) -> str:
    """The value of the header ``webhook-signature``; ``timestamp`` in whole seconds."""
    content = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256)).decode()


def _check_signature(call: Call, secret: str, now: int) -> str:
    identity, stamp, signatures = (call.headers.get(name, "") for name in SIGNED_HEADERS)
    try:
        timestamp = int(stamp) if stamp.isascii() and len(stamp) <= 15 else 0
    except ValueError:
        timestamp = 0
    expected = _bytes(sign(secret, identity, timestamp, call.body))
    matches = [hmac.compare_digest(_bytes(given), expected) for given in signatures.split(" ")[:10]]
    if not identity or not any(matches):
        raise DistrustedError("the signature of the call is wrong", code="webhook.bad_signature")
    if abs(now - timestamp * SECOND) > WINDOW:
        raise DistrustedError(
            "the signature of the call is too old or too new",
            code="webhook.stale_signature",
            hint="Sign the call when it is sent, and set the clocks of both sides.",
        )
    return identity


def _key(secret: str) -> bytes:
    """The bytes to sign with: base64 after ``whsec_``, otherwise the text itself."""
    if secret.startswith(SECRET_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
