"""A node crosses to the sandbox once for all its expressions and 1,000 items, and each parameter has its own error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.unit.nodes.running import new_run
from tests.unit.nodes.test_surroundings import context_of, plan_of_node
from towpath.engine.lockstep import Lockstep
from towpath.engine.trace import Trace
from towpath.sandbox.pool import SandboxPool
from towpath.sandbox.process import Worker

REQUEST = {
    "method": "POST",
    "url": "{{ 'http://a.example/' + [$json.n].map(n => n + 1)[0] }}",
    "query": {"q": "{{ [$json.n].map(n => n * 2)[0] }}"},
    "headers": {"X-Name": "{{ (name => name.trim())($json.name) }}"},
    "body": {"n": "{{ ((n) => n)($json.n) }}"},
}


class Counting(SandboxPool):
    """Counts how often a worker is asked."""

    def __init__(self) -> None:
        super().__init__(1)
        self.crossings = 0

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        self.crossings += 1
        with super()._worker() as worker:
            yield worker


@pytest.fixture
def sandbox() -> Iterator[Counting]:
    made = Counting()
    yield made
    made.close()


def requests(sandbox: Counting, items: list[dict[str, Any]]) -> tuple[list[Any], Any]:
    """The requests that an HTTP node with many expressions would send, and the run's error."""
    context = context_of(sandbox)
    plan = plan_of_node("http.request", REQUEST)
    run = new_run(plan, items)
    Lockstep(plan, context, [run], Trace()).advance()
    return [row.request for row in context.outbox], run.error


def test_four_expressions_and_a_thousand_items_are_one_crossing(sandbox: Counting) -> None:
    sent, error = requests(sandbox, [{"n": n, "name": " Ann "} for n in range(1000)])
    assert error is None
    assert sandbox.crossings == 1
    assert len(sent) == 1000
    assert sent[4]["url"].startswith("http://a.example/5")
    assert "8" in str(sent[4])
    assert "Ann" in str(sent[4])


def test_more_items_cross_once_for_every_thousand(sandbox: Counting) -> None:
    requests(sandbox, [{"n": n, "name": "Ann"} for n in range(2500)])
    assert sandbox.crossings == 3
