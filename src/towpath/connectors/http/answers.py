"""What a reply, or the lack of one, means for the effect that asked for it."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from towpath.connectors.http.addresses import RefusedError
from towpath.connectors.http.connection import Reply
from towpath.connectors.http.content import MessageError
from towpath.connectors.http.host import NotNowError
from towpath.connectors.http.messages import read_body, read_file
from towpath.connectors.http.resolving import NotSentError
from towpath.ports.effects import Answer, Effect

MAX_RETRY_AFTER = 24 * 3600.0
_PASSING = frozenset({408, 425, 429})
_MOST_OF_FILE = 100_000  # bytes that are shown of a bad answer where a file was to come


def answer_of(effect: Effect, outcome: Reply | Exception) -> Answer:
    """The answer to an effect; never raises."""
    if not isinstance(outcome, Reply):
        return _failed(effect, outcome)
    try:
        answer = _replied(effect, outcome)
    except Exception as error:  # noqa: BLE001 - a peer's answer must not keep those of others from being told
        answer = _failed(effect, error)
    if answer.file is None:
        outcome.body.close()
    return answer


def is_ok(status: int, wanted: Sequence[Any]) -> bool:
    """Whether a status is a success: listed itself, or with its hundred as ``2xx``."""
    return status in wanted or f"{status // 100}xx" in wanted


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, which the peer gives as a number or as a date."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), MAX_RETRY_AFTER)
    try:
        wait = email.utils.parsedate_to_datetime(text).timestamp() - time.time()
    except ValueError:
        return None
    return min(max(wait, 0.0), MAX_RETRY_AFTER)


def _replied(effect: Effect, reply: Reply) -> Answer:
    good = is_ok(reply.status, effect.request.get("ok", ["2xx"]))
    if good and effect.request.get("response") == "file":
        response = {"status": reply.status, "headers": reply.headers, "body": None}
        path = urlsplit(str(effect.request.get("url"))).path
        return Answer(effect.id, "sent", response, file=read_file(reply.body, reply.headers, path))
    wanted = effect.request.get("response", "auto") if good else "auto"
    reply.body.seek(0)
    data = reply.body.read(_MOST_OF_FILE if effect.request.get("response") == "file" else -1)
    body = read_body(data, reply.headers.get("content-type", ""), wanted)
    response = {"status": reply.status, "headers": reply.headers, "body": body}
    if good:
        return Answer(effect.id, "sent", response)
    passing = reply.status in _PASSING or (reply.status >= 500 and reply.status != 501)
    error = f"the service answered {reply.status}"
    return Answer(effect.id, "failed", response, error, passing, retry_after(reply.headers) if passing else None)


def _failed(effect: Effect, error: Exception) -> Answer:
    if isinstance(error, NotNowError):
        return Answer(effect.id, "later", retry_after=error.seconds)
    if isinstance(error, NotSentError):
        return Answer(effect.id, "failed", error=_text("no connection", error), retryable=True)
    if isinstance(error, RefusedError | MessageError):
        return Answer(effect.id, "failed", error=str(error), code=getattr(error, "code", None))
    # Whatever happened, the request may have arrived: sent again where that does no harm, else for a person to decide.
    doubt = _text("no answer", error)
    if effect.keyed:
        return Answer(effect.id, "failed", error=doubt, retryable=True)
    return Answer(effect.id, "unknown", error=doubt)


def _text(what: str, error: Exception) -> str:
    return f"{what}: {str(error) or type(error).__name__}"
