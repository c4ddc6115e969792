"""One JavaScript context with what Towpath puts into it, and guarded calls into it.

Runs inside the worker, with the standard library and the engine alone.
"""

from __future__ import annotations

import json
from typing import Any, Protocol

from towpath.sandbox.zones import Zones

MEMORY = 36 << 20  # bytes of one context
STACK = 512 << 10
FULL = 16 << 20  # bytes in use after a batch at which a context is not used again
SCRIPTS = ("bytes", "web", "methods", "intl", "vendor/luxon", "vendor/jmespath", "scope")  # in this order
_KEEP = {"vendor/luxon": "globalThis.luxon = luxon"}
_CALLS = ("addZone", "code", "completions", "evaluate", "intact", "open", "outcome")
_MAX_ZONES = 20  # tables that one call may ask for
_MAX_JOBS = 100_000  # microtasks of one call


class Engine(Protocol):
    """The part of the engine's module that is used."""

    Context: Any
    JSException: type[Exception]


class Realm:
    """A context. ``sources`` are the scripts by name, read before the walls went up."""

    def __init__(self, engine: Engine, sources: dict[str, str], zones: Zones) -> None:
        self._context = engine.Context()
        self._context.set_memory_limit(MEMORY)
        self._context.set_max_stack_size(STACK)
        self._zones = zones
        for part in SCRIPTS[:-1]:
            self._context.eval(f"(function () {{{sources[part]}\n{_KEEP.get(part, '')}}}).call(globalThis)")
        self._context.eval("globalThis.__host = " + sources["scope"])
        self._calls = {name: self._context.eval(f"__host.{name}") for name in _CALLS}
        self._context.eval("delete globalThis.__host")

    def limit(self, seconds: float) -> None:
        """How much processor time each of the following calls may take."""
        self._context.set_time_limit(seconds)

    def open(self, payload: str) -> str:
        """Take a batch; the error of each program as a JSON list."""
        return self._with_zones(lambda: self._calls["open"](payload))

    def evaluate(self, index: int) -> str:
        """The values of all programs for one item, as JSON."""
        return self._with_zones(lambda: self._calls["evaluate"](index))

    def run(self, source: str, index: int) -> tuple[str, str]:
        """Run code; how it went and its value, both as JSON."""

        def once() -> str:
            self._calls["code"](source, index)
            for _ in range(_MAX_JOBS):
                if not self._context.execute_pending_job():
                    break
            return str(self._calls["outcome"]())

        header, _, value = self._with_zones(once).partition("\n")
        return header, value

    def is_intact(self) -> bool:
        """Whether the next batch finds this context as a fresh one: nothing changed, and no memory held back."""
        if self._context.memory()["malloc_size"] > FULL:
            return False
        return bool(self._calls["intact"]())

    def completions(self) -> str:
        """The names of the data-transformation methods by kind of value, as JSON."""
        return str(self._calls["completions"]())

    def _with_zones(self, call: Any) -> str:
        """Call, again with each time zone's table that turned out to be missing."""
        for _ in range(_MAX_ZONES):
            answer = str(call())
            if not answer.startswith("zone:"):
                return answer
            name = answer.removeprefix("zone:")
            self._calls["addZone"](name, self._zones.table(name))
        return json.dumps(None)
