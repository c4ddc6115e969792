"""Hostile expressions and code: each ends in time and memory, harms nothing, and the next evaluation is right."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sandbox.hostile import javascript, python
from tests.unit.sandbox.hostile.watching import ANSWER, KILOBYTES, PROBE, VARIABLE, Watch, asked, peak, sample
from towpath.expr import RunScope
from towpath.sandbox.pool import SandboxPool

ITEM = {"first": " ann ", "canary": ""}
PYTHON_PROBE = "import math\nreturn [_items[0]['json']['first'].strip(), len(_items), math.floor(1.5), str(print)[:9]]"


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setenv("TOWPATH_CANARY", VARIABLE)
    made = Watch(tmp_path)
    yield made
    made.close()
    assert made.faults == []


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxPool]:
    """One worker, so that all that is left behind is met by what comes next."""
    made = SandboxPool(1)
    yield made
    made.close()


def attack(pool: SandboxPool, run: RunScope, watch: Watch, cases: Sequence[str]) -> None:
    """One case after another; in between, the same workflow and another one evaluate something harmless."""
    item = {**ITEM, "canary": str(watch.file)}
    good = RunScope(
        record=run.record, nodes=run.nodes, vars=run.vars, now=run.now, workflow={"id": "good", "version": 1}
    )
    assert asked(pool, run, "evil", PROBE, item) == ANSWER
    pid, begin = _worker(pool)
    for source in cases:
        with watch.over(source) as seen:
            seen.append(asked(pool, run, "evil", f"{{{{ {source} }}}}", item))
        for context, scope in (("good", good), ("evil", run)):
            got = asked(pool, scope, context, PROBE, item)
            if got != ANSWER:
                watch.faults.append(f"{context} sees {str(got)[:100]} after {source[:100]}")
        now, most = _worker(pool)
        if now == pid and most > begin + KILOBYTES:
            watch.faults.append(f"{(most - begin) >> 10} MB: {source[:100]}")
        if now != pid or most > begin + KILOBYTES:
            pid, begin = now, most


def _worker(pool: SandboxPool) -> tuple[int, int]:
    (worker,) = pool._idle
    return worker.pid, peak(worker.pid) if sys.platform == "linux" else 0


def attack_python(pool: SandboxPool, watch: Watch, cases: Sequence[str]) -> None:
    """One case after another; in between, something harmless."""
    right = run_python(pool, PYTHON_PROBE)
    assert right.value[0] == "ann"
    for case in cases:
        source = case.replace("CANARY", repr(str(watch.file))).replace("PORT", str(watch.port))
        with watch.over(case) as seen:
            outcome = run_python(pool, source)
            seen += [outcome.value, outcome.error, *outcome.lines]
        if run_python(pool, PYTHON_PROBE) != right:
            watch.faults.append(f"the next evaluation is wrong after {case[:100]}")


def run_python(pool: SandboxPool, source: str) -> Any:
    sight = {"runs": [{"input": [ITEM]}], "items": [(0, 0, ITEM)], "shared": {}, "zone": "utc"}
    (outcome,) = pool.run_code("evil", "python", source, sight)
    return outcome


def test_there_are_hundreds_of_cases() -> None:
    assert len(set(javascript.ALL)) >= 700
    assert len(set(python.ALL)) >= 300


def test_a_sample_of_hostile_javascript_is_harmless(pool: SandboxPool, run: RunScope, watch: Watch) -> None:
    attack(pool, run, watch, [*sample(javascript.ESCAPES, 11), *sample(javascript.NAMES, 9)])
    attack(pool, run, watch, [*sample(javascript.POLLUTION, 5), *sample(javascript.MEMORY, 9)])


def test_hostile_javascript_without_an_end_is_stopped(pool: SandboxPool, run: RunScope, watch: Watch) -> None:
    attack(pool, run, watch, ["(() => { while (true) {} })()", "new Array(2 ** 32 - 1).join('ab')"])


def test_a_sample_of_hostile_python_is_harmless(pool: SandboxPool, watch: Watch) -> None:
    attack_python(pool, watch, [*sample(python.ESCAPES, 7), *sample(python.ATTRIBUTES, 7), *sample(python.IMPORTS, 7)])
    attack_python(pool, watch, ["return [[[[[1] * 100] * 100] * 100] * 100]", "return 'x' * 10 ** 10", "while 1: pass"])


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("cases", ["ESCAPES", "NAMES", "POLLUTION", "AFTERWARDS", "TIME", "MEMORY"])
def test_all_hostile_javascript_is_harmless(pool: SandboxPool, run: RunScope, watch: Watch, cases: str) -> None:
    attack(pool, run, watch, getattr(javascript, cases))


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_all_hostile_python_is_harmless(pool: SandboxPool, watch: Watch) -> None:
    attack_python(pool, watch, python.ALL)


def test_trying_an_expression_leaves_nothing_for_the_next_one_who_tries(pool: SandboxPool) -> None:
    sight = {"runs": [{}], "items": [(0, 0, {})], "shared": {}, "zone": "utc"}
    hide = "(Symbol.for('x'), Object.prototype.loot = 1, DateTime.loot = $json, globalThis.loot = 1)"
    assert pool.explain(("x", (("code", hide),)), sight)[0] == 1
    assert pool.explain(("y", (("code", "[typeof loot, ({}).loot, DateTime.loot]"),)), sight)[0] == [
        "undefined",
        None,
        None,
    ]


def test_one_hostile_item_of_a_batch_fails_alone(pool: SandboxPool, run: RunScope) -> None:
    sight = {"runs": [{}], "items": [(0, place, {"n": place}) for place in range(50)], "shared": {}, "zone": "utc"}
    source = "(() => { while ($json.n === 7) {} return $json.n * 2 })()"
    rows = pool.evaluate("batch", [("x", (("code", source),))], sight)
    assert [row for row in rows if isinstance(row, list)] == [[n * 2] for n in range(50) if n != 7]
    assert getattr(rows[7], "code", None) == "sandbox.time"
