"""A worker that somebody else has taken over is worth nothing: it knows nothing, and what it says is not believed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from towpath.errors import StorageError, TowpathError
from towpath.sandbox import process
from towpath.sandbox.pool import SandboxPool
from towpath.sandbox.process import Worker

SIGHT = {"runs": [{}], "items": [(0, 0, {"n": 1})], "shared": {}, "zone": "utc"}
PROGRAM = ("x", (("code", "$json.n"),))
READY = "send({'ready': True, 'caged': True}, b'');"
EVIL = """
import json, os, struct, sys, time
def send(header, body):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    os.write(1, struct.pack('<II', len(head), len(body)) + head + body)
def frame():
    (size,) = struct.unpack('<I', sys.stdin.buffer.read(4)); return sys.stdin.buffer.read(size)
def take():
    frame(); frame()
"""
GOOD = "{'errors': None, 'failures': {}, 'notes': []}"
ANSWERS = {
    "nothing, for ever": f"{READY} take(); time.sleep(60)",
    "nothing, and ends": f"{READY} take()",
    "ends before it is asked": READY,
    "does not listen": f"{READY} time.sleep(60)",
    "a huge header": f"{READY} take(); os.write(1, struct.pack('<II', 2**32 - 1, 10))",
    "a huge body": f"{READY} take(); os.write(1, struct.pack('<II', 2, 2**31) + b'{{}}')",
    "half a frame": f"{READY} take(); os.write(1, b'\\x01'); time.sleep(60)",
    "noise": f"{READY} take(); os.write(1, os.urandom(4096))",
    "a header that is no JSON": f"{READY} take(); send(b'{{', b'[]')",
    "a header that is a list": f"{READY} take(); send([], b'[]')",
    "a header without anything": f"{READY} take(); send({{}}, b'[]')",
    "a header of other types": f"{READY} take(); send({{'errors': 5, 'failures': 5, 'notes': 5}}, b'[1]')",
    "failures of a list": f"{READY} take(); send({{'errors': None, 'failures': [[]], 'notes': []}}, b'[[1]]')",
    "a body that is no JSON": f"{READY} take(); send({GOOD}, b'[')",
    "a body of text": f"{READY} take(); send({GOOD}, b'\"stolen\"')",
    "too few values": f"{READY} take(); send({GOOD}, b'[]')",
    "too many values": f"{READY} take(); send({GOOD}, b'[[1],[2]]')",
    "a body nested without end": f"{READY} take(); send({GOOD}, b'[' * 10**6)",
    "bytes that are no text": f"{READY} take(); send({GOOD}, bytes(range(256)))",
    "a number without end": f"{READY} take(); send({GOOD}, b'[' + b'9' * 10**6 + b']')",
}


@pytest.fixture
def pool() -> Iterator[SandboxPool]:
    made = SandboxPool(1)
    yield made
    made.close()


def become(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Every worker started from now on is this program."""
    monkeypatch.setattr(process, "_arguments", lambda: (sys.executable, "-I", "-S", "-c", f"{EVIL}\n{what}"))


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_that_makes_no_sense_fails_the_job_and_nothing_else(
    what: str, pool: SandboxPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.getpid()
    with monkeypatch.context() as patched:
        become(patched, ANSWERS[what])
        (row,) = pool.evaluate("w", [PROGRAM], SIGHT)
    assert isinstance(row, TowpathError)
    assert row.code in ("sandbox.time", "sandbox.memory")
    assert pool._idle == []  # the worker is gone
    assert pool.evaluate("w", [PROGRAM], SIGHT) == [[1]]
    assert os.getpid() == before


@pytest.mark.parametrize("what", ["pass", "os.write(1, b'x' * 100)", "send([], b'')", "sys.exit(3)"])
def test_a_worker_that_does_not_start_is_an_error_of_its_own(
    what: str, pool: SandboxPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(monkeypatch, what)
    with pytest.raises(StorageError) as caught:
        pool.evaluate("w", [PROGRAM], SIGHT)
    assert caught.value.code == "sandbox.start"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_worker_has_no_environment_no_files_and_no_way_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOWPATH_SECRET", "canary")
    with Path(__file__).open("rb") as held:  # a file of the server's that is open
        worker = Worker()
        try:
            about = Path(f"/proc/{worker.pid}")
            assert (about / "environ").read_bytes() == b""
            opened = {str(link.readlink()) for link in (about / "fd").iterdir()}
            assert str(held.name) not in opened
            assert all(name.startswith("pipe:") or name == "/dev/null" for name in opened), opened
            status = dict(line.split(":\t", 1) for line in (about / "status").read_text().splitlines() if ":\t" in line)
            assert status["NoNewPrivs"] == "1"
            assert worker.caged is (status["Seccomp"] == "2")
            limits = (about / "limits").read_text()
            assert "Max processes             0" in limits
            assert "Max file size             0" in limits
        finally:
            worker.close()


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_the_cage_refuses_what_a_takeover_would_want() -> None:
    wanted = """
import os, socket, ctypes
tried = [lambda: open('/etc/hostname'), lambda: socket.socket(), lambda: os.fork(), lambda: os.kill(os.getppid(), 0),
         lambda: os.execv('/bin/true', ['true']), lambda: os.listdir('/'), lambda: os.open('/tmp/x', os.O_CREAT),
         lambda: os.setuid(0), lambda: os.memfd_create('x')]
limit_resources()
if not refuse_system_calls():
    os.write(1, b'uncaged')
else:
    for attempt in tried:
        try:
            attempt(); os.write(1, b'open ')
        except OSError:
            os.write(1, b'shut ')
os._exit(0)
"""
    source = str(Path(process.__file__).parent.parent.parent)
    start = (
        "import sys, types; package = types.ModuleType('towpath'); package.__path__ = [sys.argv[1] + '/towpath']; "
        "sys.modules['towpath'] = package; from towpath.sandbox.cage import limit_resources, refuse_system_calls\n"
    )
    reading, writing = os.pipe()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", "-c", start + wanted, source],
        {},
        file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_CLOSE, reading)],
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read().decode()
    os.waitpid(pid, 0)
    assert told == "uncaged" or set(told.split()) == {"shut"}, told
