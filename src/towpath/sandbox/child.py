"""The worker process: takes batches from its standard input, evaluates them, answers on its standard output.

Started in an empty environment; imports the standard library, its neighbours and the engine alone.
"""

from __future__ import annotations

import json
import os
import resource
import select
import struct
import time
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

from towpath.sandbox.cage import limit_resources, refuse_system_calls
from towpath.sandbox.realm import SCRIPTS, Engine, Realm
from towpath.sandbox.zones import Zones

CODE_SECONDS = 1.0  # of processor time, for one item
EXPRESSION_SECONDS = 0.5
BATCH_SECONDS = 1.2
MORE_PER_ITEM = 0.002
MAX_ANSWER = 32 << 20  # characters of all values of a batch
TIDY_SECONDS = 0.2
FAILED = "failed:"  # before the JSON of an expression's own error
OUTPUT = "output:"  # instead of a value that is too long
MAX_REALMS = 12
IDLE = 20  # milliseconds without a request, after which the next context is prepared
GROWTH = 64 << 10  # kilobytes of memory above the beginning at which the process is to be replaced


class Worker:
    """The contexts of this process, by the name that the host gives them."""

    def __init__(self, engine: Engine, sources: dict[str, str], zones: Zones) -> None:
        self._engine = engine
        self._sources = sources
        self._zones = zones
        self._realms: dict[str, Realm] = {}
        self._spare: Realm | None = None

    def prepare(self) -> None:
        """Keep a fresh context ready, so that the next one that is asked for costs nothing."""
        if self._spare is None:
            self._spare = Realm(self._engine, self._sources, self._zones)

    def realm(self, name: str) -> Realm:
        """The context of that name, a fresh one at first."""
        found = self._realms.pop(name, None)
        if found is None:
            found, self._spare = self._spare or Realm(self._engine, self._sources, self._zones), None
        self._realms[name] = found
        if len(self._realms) > MAX_REALMS:
            del self._realms[next(iter(self._realms))]
        return found

    def tidy(self, name: str) -> None:
        """Throw the context away if the batch has left anything behind in it; one without a name always."""
        realm = self._realms.get(name) if name else self._realms.pop(name, None)
        if realm is None or not name:
            return
        realm.limit(TIDY_SECONDS)
        try:
            intact = realm.is_intact()
        except (self._engine.JSException, MemoryError, RecursionError, UnicodeError):
            intact = False
        if not intact:
            del self._realms[name]

    def answer(self, request: dict[str, Any], payload: str) -> tuple[dict[str, Any], str]:
        """The header and the body that answer a request."""
        if request["op"] == "completions":
            return {}, self.realm("").completions()
        count = request["count"]
        ends = time.monotonic() + BATCH_SECONDS + MORE_PER_ITEM * count
        most = EXPRESSION_SECONDS if request.get("source") is None else CODE_SECONDS
        job = Job(request["context"], request.get("source"), payload)
        for index in range(count):
            seconds = min(most, max(ends - time.monotonic(), 0.001))
            try:
                header, value = self._one(job, index, seconds)
            except (self._engine.JSException, MemoryError, RecursionError, UnicodeError) as error:
                self._realms.pop(job.context, None)  # what a limit has stopped midway is not used again
                job.opened = None
                job.fail(index, _kind_of(error))
            else:
                if value.startswith((FAILED, OUTPUT)):
                    job.fail(index, value.removesuffix(":"))
                else:
                    job.add(index, header, value)
        return job.header(), "[" + ",".join(job.values) + "]"

    def _one(self, job: Job, index: int, seconds: float) -> tuple[str, str]:
        """How it went and the value, for one item; both as JSON."""
        realm = self.realm(job.context)
        realm.limit(seconds)
        if job.opened is not realm:
            job.errors = realm.open(job.payload)
            job.opened = realm
        return ("", realm.evaluate(index)) if job.source is None else realm.run(job.source, index)


class Job:
    """One batch while it is worked on."""

    def __init__(self, context: str, source: str | None, payload: str) -> None:
        self.context = context
        self.source = source
        self.payload = payload
        self.opened: Realm | None = None
        self.errors: str | None = None
        self.values: list[str] = []
        self.notes: list[str] = []
        self.failures: dict[int, str] = {}
        self._size = 0

    def add(self, index: int, header: str, value: str) -> None:
        """Keep the value of an item, unless all of them together are too long."""
        self._size += len(value)
        if self._size > MAX_ANSWER:
            self.fail(index, "output")
            return
        self.values.append(value)
        self.notes.append(header)

    def fail(self, index: int, kind: str) -> None:
        """The item came to no value."""
        self.failures[index] = kind
        self.values.append("null")
        self.notes.append("{}")

    def header(self) -> dict[str, Any]:
        """What goes before the values."""
        notes = self.notes if self.source is not None else []
        return {"errors": self.errors, "failures": self.failures, "notes": notes}


def _kind_of(error: Exception) -> str:
    """Which limit an error of the engine stands for; its text if none."""
    text = str(error)
    if "interrupted" in text:
        return "time"
    if (
        isinstance(error, MemoryError) or "memory" in text or text.strip() == "null"
    ):  # null: not even an error fitted in
        return "memory"
    return f"error: {text[:300]}"


def _read(size: int) -> bytes:
    parts, missing = [], size
    while missing:
        part = os.read(0, min(missing, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


def _frame() -> str:
    (size,) = struct.unpack("<I", _read(4))
    return _read(size).decode("utf-8", "surrogatepass")


def _send(header: dict[str, Any], body: str) -> None:
    head, tail = json.dumps(header).encode(), body.encode("utf-8", "surrogatepass")
    _write(struct.pack("<II", len(head), len(tail)) + head + tail)


def main(engine_path: str, zone_folder: str, script_folder: str) -> None:
    """Load everything, put up the walls, and answer until the input ends."""
    spec = spec_from_file_location("_quickjs", engine_path, loader=ExtensionFileLoader("_quickjs", engine_path))
    if spec is None:
        raise SystemExit(2)
    engine: Any = module_from_spec(spec)
    ExtensionFileLoader("_quickjs", engine_path).exec_module(engine)
    sources = {}
    for name in SCRIPTS:
        with open(f"{script_folder}/{name}.js", encoding="utf-8") as file:  # noqa: PTH123
            sources[name] = file.read()
    zones = Zones(zone_folder)
    zones.table("Europe/Berlin")  # loads the modules that this needs while they can be loaded
    limit_resources()
    caged = refuse_system_calls()
    worker = Worker(engine, sources, zones)
    worker.prepare()
    begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _send({"ready": True, "caged": caged}, "")
    waiting = select.poll()
    waiting.register(0, select.POLLIN)
    while True:
        request, payload = json.loads(_frame()), _frame()
        header, body = worker.answer(request, payload)
        header["spent"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > begin + GROWTH
        _send(header, body)
        worker.tidy(request.get("context", ""))
        if not waiting.poll(IDLE):
            worker.prepare()
