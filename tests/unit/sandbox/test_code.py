"""Code of workflow authors: what it sees, what it gives, what it prints, where it ends and what it is told to use."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.conftest import NOW
from towpath.expr import RunScope, Scope
from towpath.expr.foreign import code_sight
from towpath.model.item import Item
from towpath.ports.sandbox import CodeOutcome, Language
from towpath.sandbox.pool import SandboxPool

RUN = RunScope(
    record={"name": "Ann"},
    nodes={"A": [{"x": 1}, {"x": 2}]},
    vars={"limit": 5},
    env={"REGION": "EU"},
    now=NOW,
    id="run-1",
    workflow={"id": "w", "name": "Flow", "version": 1},
    run_index=2,
    about={"prevNode": {"name": "A", "outputIndex": 0}, "parameter": {"mode": "all"}},
)
INPUT = [{"n": 1}, {"n": 2}]


def ran(sandbox: SandboxPool, language: Language, source: str) -> CodeOutcome:
    """What the code comes to for the second of two items, which comes from the first item of node A."""
    item = Item(INPUT[1], lineage={"A": {"x": 1}})
    context, sight = code_sight(source, [Scope(INPUT[1], RUN, 1, item)], [INPUT], [{}])
    (outcome,) = sandbox.run_code(context, language, source, sight)
    return outcome


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("return $input.all().map(item => item.json.n)", [1, 2]),
        ("return items.map(item => item.json.n)", [1, 2]),
        ("return [$json.n, $input.item.json.n, $itemIndex]", [2, 2, 1]),
        ("return [$('A').first().json.x, $('A').item.json.x, $('A').last().json.x]", [1, 1, 2]),
        ("return [$vars.limit, $env.REGION, $record.name, $workflow.name, $execution.id, $runIndex]",
         [5, "EU", "Ann", "Flow", "run-1", 2]),
        ("return [$prevNode.name, $parameter.mode]", ["A", "all"]),
        ("return $now.toISODate()", "2024-03-05"),
        ("const a = await Promise.resolve(2);\nreturn a * 2", 4),
        ("return (await Promise.all([1, Promise.resolve(2)]))", [1, 2]),
        ("return Buffer.from('é').toString('base64')", "w6k="),
        ("return atob(btoa('hi'))", "hi"),
        ("const { DateTime } = require('luxon'); return DateTime.fromISO('2024-01-02').day", 2),
        ("const { URL } = require('node:url'); return new URL('http://a.b/c').host", "a.b"),
        ("for (item of items) item.json.seen = true;\nreturn items[0].json", {"n": 1, "seen": True}),
        ("Date.prototype.next = function () { this.setDate(2); return this };\nreturn new Date(0).next().getDate()", 2),
        ("return $json", {"n": 2}),
        ("return", None),
        ("", None),
    ],
)  # fmt: skip
def test_javascript_gives(source: str, value: Any, sandbox: SandboxPool) -> None:
    outcome = ran(sandbox, "javascript", source)
    assert outcome.error is None, outcome.error
    assert outcome.value == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("return [item['json']['n'] for item in _items]", [1, 2]),
        ("return [_json['n'], _item['json']['n'], _itemIndex]", [2, 2, 1]),
        ("return [_input.first()['json']['n'], _input.last()['json']['n'], len(_input.all())]", [1, 2, 2]),
        ("return _input.item['json']['n']", 2),
        ("return [_('A').first()['json']['x'], _('A').item['json']['x'], len(_('A').all())]", [1, 1, 2]),
        ("return [_vars['limit'], _env['REGION'], _record['name'], _workflow['name'], _execution['id'], _runIndex]",
         [5, "EU", "Ann", "Flow", "run-1", 2]),
        ("return [_prevNode['name'], _parameter['mode']]", ["A", "all"]),
        ("return [_now.year, _today.hour, _today.isoformat()]", [2024, 0, "2024-03-05T00:00:00+01:00"]),
        ("return _now", "2024-03-05T10:20:30.123000+01:00"),
        ("return {'a': (1, 2), 'b': [float('nan')]}", {"a": [1, 2], "b": [None]}),
        ("x = '''a\n  b'''\nreturn x", "a\n  b"),
        ("import re, json, math\nreturn [re.sub('a', 'b', 'aa'), json.loads('[1]'), math.floor(1.5)]", ["bb", [1], 1]),
        ("return {1, 1}", [1]),
        ("pass", None),
        ("", None),
    ],
)  # fmt: skip
def test_python_gives(source: str, value: Any, sandbox: SandboxPool) -> None:
    outcome = ran(sandbox, "python", source)
    assert outcome.error is None, outcome.error
    assert outcome.value == value


@pytest.mark.parametrize(
    ("language", "source", "lines"),
    [
        ("javascript", "console.log('a', 1, {b: [2]}, null); console.error('c')", ('a 1 {"b":[2]} null', "c")),
        ("javascript", "console.log('before'); throw new Error('x')", ("before",)),
        ("python", "print('a', 1, {'b': 2})\nprint('c')", ("a 1 {'b': 2}", "c")),
        ("python", "print('before')\nraise ValueError('x')", ("before",)),
    ],
)
def test_what_is_printed_is_kept_also_where_the_code_fails(
    language: Language, source: str, lines: tuple[str, ...], sandbox: SandboxPool
) -> None:
    assert ran(sandbox, language, source).lines == lines


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("javascript", "for (let i = 0; i < 1e5; i++) console.log('x'.repeat(100) + i)"),
        ("python", "for i in range(100000):\n    print('x' * 100)"),
    ],
)
def test_what_is_printed_has_an_end(language: Language, source: str, sandbox: SandboxPool) -> None:
    lines = ran(sandbox, language, source).lines
    assert len(lines) <= 200
    assert sum(map(len, lines)) <= 20_000


@pytest.mark.parametrize(
    ("language", "source", "code", "says"),
    [
        ("javascript", "const axios = require('axios')", "code.failed", "HTTP request node"),
        ("javascript", "const fs = require('fs')", "code.failed", "extract from files"),
        ("javascript", "require('crypto')", "code.failed", "Crypto node"),
        ("javascript", "require('lodash')", "code.failed", "structuredClone"),
        ("javascript", "require('left-pad')", "code.failed", "built in"),
        ("javascript", "return await fetch('http://a.example')", "code.failed", "HTTP request node"),
        ("javascript", "return process.env.PATH", "code.failed", "$vars or $env"),
        ("javascript", "await new Promise(done => setTimeout(done, 1))", "code.failed", "Wait node"),
        ("javascript", "return this.helpers.httpRequest({})", "code.failed", "HTTP request node"),
        ("javascript", "return $helpers.httpRequest({})", "code.failed", "HTTP request node"),
        ("javascript", "const data = $getWorkflowStaticData('global')", "code.failed", "record"),
        ("javascript", "return $('Never').first().json", "code.failed", "has not run"),
        ("javascript", "const a = 1;\n\nreturn a.b.c", "code.failed", "line 3"),
        ("javascript", "return )", "code.failed", "SyntaxError"),
        ("javascript", "while (true) {}", "sandbox.time", ""),
        ("javascript", "const a = []; while (true) a.push(Array(1e4).fill(a))", "sandbox.memory", ""),
        ("javascript", "return 'x'.repeat(9e6)", "sandbox.output", ""),
        ("javascript", "await new Promise(() => {})", "code.failed", "never comes"),
        ("python", "import requests", "code.failed", "HTTP request node"),
        ("python", "open('x')", "code.failed", "Files cannot be read"),
        ("python", "import os\nreturn os.environ['PATH']", "code.failed", "environment"),
        ("python", "\n\nreturn foo", "code.failed", "line 3"),
        ("python", "return 1\n)", "code.failed", "line 2"),
        ("python", "return _('Never').first()", "code.failed", "has not run"),
        ("python", "return print", "code.failed", "JSON"),
        ("python", "while True: pass", "sandbox.time", ""),
        ("python", "x = []\nwhile True: x.append('y' * 10 ** 6)", "sandbox.memory", ""),
        ("python", "return 'x' * 9_000_000", "sandbox.output", ""),
        ("python", "return [[[[[1] * 100] * 100] * 100] * 100]", "sandbox.memory", ""),
        ("python", "x = 1\n" * 60_000, "sandbox.source", "100000"),
    ],
)
def test_what_is_not_there_is_named_with_what_to_use(
    language: Language, source: str, code: str, says: str, sandbox: SandboxPool
) -> None:
    error = ran(sandbox, language, source).error
    assert error is not None
    assert error.code == code
    assert says in str(error)


def test_code_without_an_end_fails_alone(sandbox: SandboxPool) -> None:
    scopes = [Scope({"n": n}, RUN, n) for n in range(3)]
    source = "while ($json.n === 1) {}\nreturn $json.n"
    context, sight = code_sight(source, scopes, [[scope.json] for scope in scopes], [{}] * 3)
    first, second, third = sandbox.run_code(context, "javascript", source, sight)
    assert (first.value, third.value) == (0, 2)
    assert getattr(second.error, "code", None) == "sandbox.time"
