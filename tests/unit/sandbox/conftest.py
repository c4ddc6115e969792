"""One sandbox for all tests here, and a way to evaluate one expression in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from towpath.expr import RunScope, Scope, compile_template
from towpath.expr.foreign import program, sight
from towpath.sandbox.pool import SandboxPool

Ask = Callable[..., Any]
NOW = datetime(2024, 3, 5, 10, 20, 30, 123000, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxPool]:
    pool = SandboxPool()
    yield pool
    pool.close()


@pytest.fixture
def run() -> RunScope:
    return RunScope(
        record={"id": "r1", "name": "Ann"},
        old={"name": "An"},
        globals={"leadId": "l1"},
        nodes={"A": [{"x": 1}, {"x": 2}], "Other node": [{"y": "z"}], "Empty": []},
        input=[{"n": 1}, {"n": 2}],
        vars={"limit": 5},
        now=NOW,
        id="run-1",
        workflow={"id": "w1", "name": "Flow", "version": 3},
        run_index=3,
        env={"REGION": "EU"},
        about={
            "nodeId": "mail",
            "nodeVersion": 1,
            "parameter": {"subject": "Hello"},
            "parameters": {"A": {"url": "http://a.example"}},
            "prevNode": {"name": "A", "outputIndex": 0, "runIndex": 0},
        },
    )


@pytest.fixture
def ask(sandbox: SandboxPool, run: RunScope) -> Ask:
    """The value or error that the sandbox, never the native evaluator, gives for an expression."""

    def asked(source: str, json: Any = None, index: int = 0) -> Any:
        made = program("{{ " + source + " }}")
        scope = Scope({} if json is None else json, run, index)
        (row,) = sandbox.evaluate("tests", [(made.source, made.chunks)], sight([made], [scope]))
        return row if isinstance(row, Exception) else row[0]

    return asked


@pytest.fixture
def evaluate(sandbox: SandboxPool, run: RunScope) -> Ask:
    """The value of a whole template by whichever evaluator takes it."""

    def evaluated(template: object, json: Any = None) -> Any:
        return compile_template(template).evaluate([Scope({} if json is None else json, run)], sandbox)[0]

    return evaluated
