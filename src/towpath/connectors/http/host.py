"""One host that is called: its connections, how many calls may be under way, and whether it may be called now."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from towpath.connectors.http.addresses import AllowList, check_addresses
from towpath.connectors.http.circuit import LONGEST_PAUSE, Circuit
from towpath.connectors.http.collecting import Room
from towpath.connectors.http.connection import Connection, NoAnswerError, Reply
from towpath.connectors.http.messages import Call
from towpath.connectors.http.resolving import NotSentError, Resolve
from towpath.connectors.http.settings import HttpSettings
from towpath.ports.time import SECOND

IDLE = 30.0  # seconds that a connection is kept without calls
PATIENCE = 5.0  # seconds that a call waits for its turn; then it goes back into the outbox, where others can see it
_DOWN = frozenset({502, 503, 504})


class NotNowError(Exception):
    """The call was not made, and is due again after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} seconds")
        self.seconds = seconds


@dataclass(slots=True)
class Job:
    """A call, how large its answer may be, where its outcome goes, and since when it waits."""

    call: Call
    room: Room
    done: Callable[[Reply | Exception], None]
    since: float


@dataclass(frozen=True, slots=True)
class Network:
    """What all hosts have in common."""

    settings: HttpSettings
    allowed: AllowList
    resolve: Resolve
    tls: ssl.SSLContext
    now: Callable[[], int]  # microseconds


class Host:
    """Serves its calls in order, so many at a time. Lives in one event loop."""

    def __init__(self, network: Network, call: Call) -> None:
        url = call.url
        self._network = network
        self._tls = network.tls if url.scheme == "https" else None
        self._name, self._port = url.host, url.port or (443 if self._tls else 80)
        self._circuit = Circuit()
        self._rate = network.settings.rate_of(self._name)
        self._waiting: deque[Job] = deque()
        self._idle: list[Connection] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, job: Job) -> None:
        """Take a call; its outcome is told later."""
        self._waiting.append(job)
        if len(self._tasks) < self._network.settings.per_host:
            task = asyncio.get_running_loop().create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Let go of the connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    async def _work(self) -> None:
        """One call after another until none waits."""
        while self._waiting:
            job = self._waiting.popleft()
            try:
                outcome: Reply | Exception = await self._perform(job)
            except Exception as error:  # noqa: BLE001 - it is the call's outcome
                outcome = error
            job.done(outcome)

    async def _perform(self, job: Job) -> Reply:
        wait = self._circuit.wait(self._now())
        is_late = asyncio.get_running_loop().time() - job.since > PATIENCE
        if self._rate is not None and not (wait or is_late):
            wait = self._rate.wait(self._now())
        if wait or is_late:
            raise NotNowError(max(wait, 1.0))
        try:
            reply = await self._exchange(job.call, job.room)
        except (NotSentError, NoAnswerError):
            self._circuit.failed(self._now())
            raise
        if reply.status in _DOWN:
            self._circuit.failed(self._now())
        else:
            self._circuit.answered()
        return reply

    def hold(self, seconds: float) -> None:
        """Make no further call for so long, as the host has asked."""
        self._circuit.hold(self._now(), min(seconds, LONGEST_PAUSE))

    def _now(self) -> float:
        return self._network.now() / SECOND

    async def _exchange(self, call: Call, room: Room) -> Reply:
        sent = False
        try:
            async with asyncio.timeout(call.timeout):
                connection = self._kept() or await self._connect()
                sent = True
                reply = await connection.exchange(call.pieces, room, bodiless=call.method == "HEAD")
        except TimeoutError:
            error = "the answer took too long" if sent else f"{self._name} did not take the call in time"
            raise (NoAnswerError if sent else NotSentError)(error) from None
        if connection.open:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.close()
        return reply

    def _kept(self) -> Connection | None:
        """The connection that was used last, if it is still good."""
        oldest = asyncio.get_running_loop().time() - IDLE
        while self._idle:
            connection = self._idle.pop()
            if connection.open and connection.idle_since > oldest:
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        """A connection to the first of the host's addresses that answers; no address is used that was not checked."""
        loop, network = asyncio.get_running_loop(), self._network
        found = await loop.run_in_executor(None, network.resolve, self._name, self._port)
        name = self._name if self._tls else None
        error: Exception = NotSentError(f"{self._name} has no address")
        for address in check_addresses(self._name, self._port, found, network.allowed):
            try:
                async with asyncio.timeout(network.settings.connect_timeout):
                    _, connection = await loop.create_connection(
                        Connection, address, self._port, ssl=self._tls, server_hostname=name
                    )
            except (OSError, TimeoutError) as failed:  # TLS has its errors among them
                error = NotSentError(str(failed) or f"{address} did not answer in time")
            else:
                return connection
        raise error
