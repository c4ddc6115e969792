"""Sends HTTP effects: one pool of connections, bounded concurrency, one answer for each, never an exception."""

from __future__ import annotations

import email.utils
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore

from towpath.connectors.http.addresses import AllowList, RefusedError
from towpath.connectors.http.backend import Deadline, GuardedBackend, Resolve
from towpath.connectors.http.messages import (
    SAFE,
    Call,
    MessageError,
    collect,
    read_body,
    read_file,
    same_place,
    write_call,
)
from towpath.ports.effects import Answer, Effect

MAX_REDIRECTS = 5
MAX_RETRY_AFTER = 24 * 3600.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})
_NEVER_SENT = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout)
_WRONG = (RefusedError, MessageError, httpcore.LocalProtocolError, httpcore.UnsupportedProtocol)

Authorize = Callable[[str, str], Mapping[str, str]]  # connection, host -> headers; KeyError where there is none


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Limits of calls. ``allow_hosts`` are non-public hosts that may be called, set by an administrator."""

    allow_hosts: tuple[str, ...] = ()
    workers: int = 16
    connect_timeout: float = 3.0
    max_bytes: int = 5_000_000
    max_file_bytes: int = 50_000_000
    user_agent: str = "Towpath"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a peer answered."""

    status: int
    headers: dict[str, str]
    data: bytes


class HttpSender:
    """The ``http`` sender. Environment proxies are not used: what was checked is what is connected to."""

    def __init__(
        self,
        settings: HttpSettings | None = None,
        *,
        authorize: Authorize | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._settings = settings or HttpSettings()
        self._authorize = authorize
        self._deadline = Deadline()
        workers = self._settings.workers
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(cafile=certifi.where()),
            max_connections=2 * workers,  # callers' own threads send single effects beside the workers
            max_keepalive_connections=workers,
            keepalive_expiry=30.0,
            network_backend=GuardedBackend(AllowList.of(self._settings.allow_hosts), self._deadline, resolve),
        )
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="towpath-http")

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """Perform all; one answer each, in order."""
        if len(effects) == 1:
            return [self._send_one(effects[0])]
        return list(self._threads.map(self._send_one, effects))

    def close(self) -> None:
        """Let go of threads and connections."""
        self._threads.shutdown()
        self._pool.close()

    def _send_one(self, effect: Effect) -> Answer:
        try:
            call = self._call(effect)
            self._deadline.start(call.timeout)
            return self._answer(effect, call, self._follow(call, effect))
        except _NEVER_SENT as error:
            return Answer(effect.id, "failed", error=_text("no connection", error), retryable=True)
        except _WRONG as error:
            return Answer(effect.id, "failed", error=str(error))
        except Exception as error:  # noqa: BLE001 - whatever happened, the request may have arrived
            return _in_doubt(effect, _text("no answer", error))

    def _call(self, effect: Effect) -> Call:
        more: Mapping[str, str] = {}
        connection = effect.request.get("connection")
        if connection is not None:
            more = self._headers_of(str(connection), str(effect.request.get("url", "")))
        return write_call(effect.request, effect.key, self._settings.user_agent, more, effect.content)

    def _headers_of(self, connection: str, url: str) -> Mapping[str, str]:
        try:
            if self._authorize is None:
                raise KeyError(connection)
            return self._authorize(connection, url)
        except KeyError:
            raise MessageError(f"there is no connection {connection!r} for {url[:200]!r}") from None

    def _follow(self, call: Call, effect: Effect) -> Reply:
        """The answer, after redirects that stay with the host; others would carry the headers away."""
        wanted = effect.request.get("ok", ["2xx"])
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._exchange(call, self._most(effect))
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not target or _is_ok(reply.status, wanted) or call.method not in SAFE:
                return reply
            url = call.url.join(target)
            if not same_place(call.url, url):
                raise MessageError(f"{call.url.host} sends the call on to {str(url)[:200]!r}; call that address itself")
            call = Call(call.method, url, call.headers, None, call.timeout)
        raise MessageError(f"more than {MAX_REDIRECTS} redirects")

    def _most(self, effect: Effect) -> int:
        """How many bytes an answer may have."""
        is_file = effect.request.get("response") == "file"
        return self._settings.max_file_bytes if is_file else self._settings.max_bytes

    def _exchange(self, call: Call, most: int) -> Reply:
        url = call.url
        timeouts = {
            "connect": self._settings.connect_timeout,
            "read": call.timeout,
            "write": call.timeout,
            "pool": 60.0,
        }
        place = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        headers = [("host", url.netloc.decode("ascii")), *call.headers]
        with self._pool.stream(
            call.method, place, headers=headers, content=call.content, extensions={"timeout": timeouts}
        ) as response:
            found = _headers(response.headers)
            data = collect(response.iter_stream(), found.get("content-encoding", "").lower(), most)
            return Reply(response.status, found, data)

    def _answer(self, effect: Effect, call: Call, reply: Reply) -> Answer:
        good = _is_ok(reply.status, effect.request.get("ok", ["2xx"]))
        if good and effect.request.get("response") == "file":
            response = {"status": reply.status, "headers": reply.headers, "body": None}
            return Answer(effect.id, "sent", response, file=read_file(reply.data, reply.headers, str(call.url.path)))
        wanted = effect.request.get("response", "auto") if good else "auto"
        body = read_body(reply.data, reply.headers.get("content-type", ""), wanted)
        response = {"status": reply.status, "headers": reply.headers, "body": body}
        if good:
            return Answer(effect.id, "sent", response)
        passing = reply.status in _PASSING or (reply.status >= 500 and reply.status != 501)
        error = f"the service answered {reply.status}"
        return Answer(effect.id, "failed", response, error, passing, _retry_after(reply.headers) if passing else None)


def _is_ok(status: int, wanted: Sequence[Any]) -> bool:
    return status in wanted or f"{status // 100}xx" in wanted


def _headers(pairs: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("ascii", "replace").lower(), value.decode("utf-8", "replace")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _retry_after(headers: Mapping[str, str]) -> float | None:
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


def _in_doubt(effect: Effect, error: str) -> Answer:
    """A call that may have arrived: sent again where that does no harm, otherwise for a person to decide."""
    if effect.keyed:
        return Answer(effect.id, "failed", error=error, retryable=True)
    return Answer(effect.id, "unknown", error=error)


def _text(what: str, error: Exception) -> str:
    return f"{what}: {str(error) or type(error).__name__}"
