"""Expressions: batches of 100,000 items by each evaluator, crossings to the sandbox, and one expression alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.figures import Figure, middle, timed
from towpath.expr import RunScope, Scope, compile_template
from towpath.sandbox.pool import SandboxPool

ITEMS = 100_000
REPEATS = 5
PATH = "{{ $json.first }}"
NAME = "{{ $json.first.toUpperCase() + ' ' + $json.last }}"
TITLE = "{{ $json.first.toTitleCase() }}"
FOREIGN = "{{ [$json.first, $json.last].map(part => part[0]).join('') }}"
DATE = "{{ DateTime.fromISO($json.born).plus({ days: 30 }).toFormat('yyyy-MM-dd') }}"


def expressions(items: int = ITEMS) -> list[Figure]:
    """The figures; the limit beside a batch is a plain Python loop over the same items."""
    run = RunScope(workflow={"id": "bench", "version": 1})
    rows = [{"first": f"ann{n}", "last": "lee", "born": "1990-01-02"} for n in range(items)]
    scopes = [Scope(row, run, n) for n, row in enumerate(rows)]
    pool = SandboxPool()
    try:
        return [
            _batch(f"pure path, {items:,} items", PATH, scopes, pool, 0.05, lambda: [row["first"] for row in rows]),
            _batch(f"name in capitals, {items:,} items", NAME, scopes, pool, 0.5,
                   lambda: [row["first"].upper() + " " + row["last"] for row in rows]),
            _batch(f"data transformation, {items:,} items", TITLE, scopes, pool),
            _batch("JavaScript in the sandbox, 3,000 items", FOREIGN, scopes[:3_000], pool),
            _batch("luxon in the sandbox, 1,000 items", DATE, scopes[:1_000], pool),
            _crossings(scopes),
            *_alone(scopes[:1]),
        ]  # fmt: skip
    finally:
        pool.close()


def _batch(
    name: str,
    source: str,
    scopes: Sequence[Scope],
    pool: SandboxPool,
    bar: float | None = None,
    limit: Callable[[], object] | None = None,
) -> Figure:
    template = compile_template(source)
    spent = middle([timed(lambda: template.evaluate(scopes, pool))[0] for _ in range(REPEATS)])
    plain = None if limit is None else middle([timed(limit)[0] for _ in range(REPEATS)]) * 1000
    told = None if bar is None else f"<= {bar * 1000:.0f} ms"
    note = f"{spent / len(scopes) * 1e6:.2f} us per item, {template.kind}"
    return Figure(name, spent * 1000, "ms", plain, told, None if bar is None else spent <= bar, note)


class _Counted(SandboxPool):
    """Counts how often a worker is asked."""

    asked = 0

    def _worker(self) -> Any:
        self.asked += 1
        return super()._worker()


def _crossings(scopes: Sequence[Scope]) -> Figure:
    pool = _Counted(1)
    try:
        compile_template({"a": FOREIGN, "b": DATE}).evaluate(scopes[:3_000], pool)
    finally:
        pool.close()
    bar = "<= 1 for 1,000 items"
    return Figure("crossings of a node, 3,000 items", pool.asked, "crossings", None, bar, pool.asked <= 3)


def _alone(scopes: Sequence[Scope]) -> list[Figure]:
    cold, pool = _first(scopes)
    template = compile_template(FOREIGN)
    try:
        spent = []
        for _ in range(50):
            begin = time.perf_counter()
            template.evaluate(scopes, pool)
            spent.append((time.perf_counter() - begin) * 1000)
            time.sleep(0.002)  # as somebody types
    finally:
        pool.close()
    warm = middle(spent)
    return [
        Figure(
            "one expression in the sandbox, warm", warm, "ms", None, "<= 3 ms", warm <= 3, f"worst {max(spent):.1f}"
        ),
        Figure("the first one, with the start of a worker", cold, "ms"),
    ]


def _first(scopes: Sequence[Scope]) -> tuple[float, SandboxPool]:
    pool, template = SandboxPool(1), compile_template(FOREIGN)
    begin = time.perf_counter()
    template.evaluate(scopes, pool)
    return (time.perf_counter() - begin) * 1000, pool
