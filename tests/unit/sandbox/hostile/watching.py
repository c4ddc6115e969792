"""What must not happen while hostile code runs: a file read, a variable seen, a connection made, a process harmed."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from towpath.errors import TowpathError
from towpath.expr import RunScope, Scope
from towpath.expr.foreign import program, sight
from towpath.sandbox.pool import SandboxPool

SECONDS = 1.5
KILOBYTES = 64 << 10
FILE, VARIABLE = "canary-in-a-file", "canary-in-the-environment"
# Reads what hostile code would like to change; the answer is known.
PROBE = """{{ [
    $json.polluted ?? 'clean', $json.first.toUpperCase().trim(), ['a'].map(x => x + 1).join(','), Math.max(1, 2),
    Object.keys($json).length, (1.5).toFixed(2), DateTime.fromISO('2024-01-02').plus({days: 1}).toISODate(),
    JSON.stringify({a: [1]}), $now.toISODate(), typeof loot, 'a b'.toTitleCase(), $jmespath({a: 1}, 'a'), $vars.limit,
    $record.name, $('A').first().json.x, new URL('http://a/b').pathname, Buffer.from('a').toString('hex'),
] }}"""
ANSWER = [
    "clean", "ANN", "a1", 2, 2, "1.50", "2024-01-03", '{"a":[1]}', "2024-03-05", "undefined", "A B", 1, 5, "Ann", 1,
    "/b", "61",
]  # fmt: skip


class Watch:
    """Canaries, and a port that nobody should knock at."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "canary"
        self.file.write_text(FILE)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.setblocking(False)
        self.port = self._door.getsockname()[1]
        self.faults: list[str] = []
        self._pid = os.getpid()

    @contextmanager
    def over(self, source: str) -> Iterator[list[Any]]:
        """Watch one piece of code; its outcomes are appended to the list."""
        seen: list[Any] = []
        begin = time.perf_counter()
        yield seen
        spent = time.perf_counter() - begin
        if spent > SECONDS:
            self.faults.append(f"{spent:.2f} s: {source[:100]}")
        told = " ".join(f"{each} {getattr(each, 'params', '')}" for each in seen)
        if FILE in told or VARIABLE in told:
            self.faults.append(f"read a canary: {source[:100]}")

    def close(self) -> None:
        """Nobody came, and this is still the same process."""
        try:
            self._door.accept()
            self.faults.append("a connection was made")
        except BlockingIOError:
            pass
        self._door.close()
        assert os.getpid() == self._pid


def peak(pid: int) -> int:
    """The most memory that the process has had, in kilobytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def asked(pool: SandboxPool, run: RunScope, context: str, source: str, item: dict[str, Any]) -> Any:
    """The value or the error of an expression, as the sandbox alone gives it."""
    try:
        made = program(source)
        (row,) = pool.evaluate(context, [(made.source, made.chunks)], sight([made], [Scope(item, run)]))
    except TowpathError as error:
        return error
    return row if isinstance(row, TowpathError) else row[0]


def sample(cases: Sequence[str], step: int) -> list[str]:
    """Every so many-th case, from every part of the list."""
    return list(cases[::step])
