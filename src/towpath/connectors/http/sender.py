"""Sends HTTP effects: all calls in one event loop, bounded for each host, one answer for each, never an exception."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

import certifi

from towpath.connectors.http.addresses import AllowList
from towpath.connectors.http.answers import answer_of, is_ok, retry_after
from towpath.connectors.http.collecting import Room
from towpath.connectors.http.connection import Reply
from towpath.connectors.http.content import SAFE, MessageError
from towpath.connectors.http.host import Host, Job, Network
from towpath.connectors.http.messages import Call, redirected, same_place, write_call
from towpath.connectors.http.resolving import Resolve, resolve_host
from towpath.connectors.http.settings import HttpSettings
from towpath.ports.effects import Answer, Effect

MAX_REDIRECTS = 5
MOST_HOSTS = 1_000  # remembered at a time
FILES_AT_A_TIME = 50  # each may have a temporary file open until it is kept; others go back into the outbox
SOON = 0.01  # seconds
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})

Authorize = Callable[[str, str], Mapping[str, str]]  # connection, host -> headers; KeyError where there is none
Done = Callable[[Reply | Exception], None]


class HttpSender:
    """The ``http`` sender. Environment proxies are not used: what was checked is what is connected to."""

    def __init__(
        self,
        settings: HttpSettings | None = None,
        *,
        authorize: Authorize | None = None,
        resolve: Resolve | None = None,
        now: Callable[[], int] = lambda: time.monotonic_ns() // 1000,
    ) -> None:
        """``now`` gives microseconds; pauses of hosts are measured with it."""
        self._settings = settings or HttpSettings()
        self._authorize = authorize
        tls = ssl.create_default_context(cafile=certifi.where())
        allowed = AllowList.of(self._settings.allow_hosts)
        self._network = Network(self._settings, allowed, resolve or resolve_host, tls, now)
        self._hosts: dict[tuple[str, str, int | None], Host] = {}
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def send(self, effects: Sequence[Effect]) -> list[Answer]:
        """Perform all; one answer each, in order."""
        answers: dict[int, Answer] = {}
        calls: list[tuple[int, Call]] = []
        late = _beyond(effects, FILES_AT_A_TIME)
        for place, effect in enumerate(effects):
            if place in late:
                answers[place] = Answer(effect.id, "later", retry_after=SOON)
                continue
            try:
                calls.append((place, self._call(effect)))
            except Exception as error:  # noqa: BLE001 - nothing was sent, and it must not stop the others
                wrong = error if isinstance(error, MessageError) else MessageError(f"the call cannot be made: {error}")
                answers[place] = answer_of(effect, wrong)
        if calls:
            finished: Future[None] = Future()
            self._running().call_soon_threadsafe(self._begin, effects, calls, answers, finished)
            finished.result()
        return [answers[place] for place in range(len(effects))]

    def close(self) -> None:
        """Let go of connections and end the loop."""
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(self._stop, loop)

    def _stop(self, loop: asyncio.AbstractEventLoop) -> None:
        for host in self._hosts.values():
            host.close()
        self._hosts.clear()
        loop.call_soon(loop.stop)

    def _running(self) -> asyncio.AbstractEventLoop:
        """The loop, whose thread is started by the first call."""
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="towpath-http", daemon=True).start()
            return self._loop

    def _begin(
        self,
        effects: Sequence[Effect],
        calls: Sequence[tuple[int, Call]],
        answers: dict[int, Answer],
        finished: Future[None],
    ) -> None:
        """In the loop: hand each call to its host; the last answer ends the waiting."""

        def done(place: int, outcome: Reply | Exception) -> None:
            answers[place] = answer_of(effects[place], outcome)
            if len(answers) == len(effects):
                finished.set_result(None)

        for place, call in calls:
            self._follow(call, effects[place].request, MAX_REDIRECTS, partial(done, place))

    def _follow(self, call: Call, request: Mapping[str, Any], redirects: int, done: Done) -> None:
        """The answer, after redirects that stay with the host; others would carry the headers away."""
        host = self._host(call)

        def then(outcome: Reply | Exception) -> None:
            if not isinstance(outcome, Reply):
                done(outcome)
                return
            if outcome.status in _BUSY and (wait := retry_after(outcome.headers)):
                host.hold(wait)
            target = outcome.headers.get("location")
            leads_on = outcome.status in _REDIRECTS and target and call.method in SAFE
            if not leads_on or is_ok(outcome.status, request.get("ok", ["2xx"])):
                done(outcome)
                return
            outcome.body.close()
            if not redirects:
                done(MessageError(f"more than {MAX_REDIRECTS} redirects"))
            else:
                follow = partial(self._follow, request=request, redirects=redirects - 1, done=done)
                self._go_on(call, str(target), follow, done)

        host.add(Job(call, self._room(request), then, asyncio.get_running_loop().time()))

    def _room(self, request: Mapping[str, Any]) -> Room:
        if request.get("response") == "file":
            return Room(int(request.get("file_bytes", self._settings.max_file_bytes)), as_file=True)
        return Room(self._settings.max_bytes)

    def _go_on(self, call: Call, target: str, follow: Callable[[Call], None], done: Done) -> None:
        try:
            url = call.url.join(target)
            if not same_place(call.url, url):
                raise MessageError(f"{call.url.host} sends the call on to {str(url)[:200]!r}; call that address itself")
            follow(redirected(call, url))
        except Exception as error:  # noqa: BLE001 - a target that is no address, for one
            done(error if isinstance(error, MessageError) else MessageError(f"the redirect leads nowhere: {error}"))

    def _host(self, call: Call) -> Host:
        place = call.url.scheme, call.url.host, call.url.port
        host = self._hosts.get(place)
        if host is None:
            if len(self._hosts) >= MOST_HOSTS:
                self._hosts.pop(next(iter(self._hosts))).close()
            host = self._hosts[place] = Host(self._network, call)
        return host

    def _call(self, effect: Effect) -> Call:
        more: Mapping[str, str] = {}
        connection = effect.request.get("connection")
        if connection is not None:
            more = self._headers_of(str(connection), str(effect.request.get("url", "")))
        ours = {"user-agent": self._settings.user_agent, **effect.trace}
        return write_call(effect.request, effect.key, ours, more, effect.open)

    def _headers_of(self, connection: str, url: str) -> Mapping[str, str]:
        try:
            if self._authorize is None:
                raise KeyError(connection)
            return self._authorize(connection, url)
        except KeyError:
            raise MessageError(f"there is no connection {connection!r} for {url[:200]!r}") from None


def _beyond(effects: Sequence[Effect], most: int) -> set[int]:
    """The places of the calls for files after the first so many."""
    files = [place for place, effect in enumerate(effects) if effect.request.get("response") == "file"]
    return set(files[most:])


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()
