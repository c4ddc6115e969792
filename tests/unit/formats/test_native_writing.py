"""Writing definition files: what was read comes back equal, and YAML is pleasant to read."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from towpath.errors import TowpathError
from towpath.formats import read_workflow
from towpath.formats.native.yaml_text import parse_yaml
from towpath.formats.native.yaml_writing import to_yaml
from towpath.model.workflow import Edge, Node, Position, Retry, Settings, WorkflowDefinition

WORDS = [
    "on",
    "yes",
    "no",
    "null",
    "~",
    "true",
    "1",
    "0o17",
    "0x1F",
    "1e5",
    "12:30",
    "2026-11-23",
    ".inf",
    "<<",
    "=",
    "- a",
    "a: b",
    "#",
    "",
    " ",
    "a\nb",
    "a\n",
    "\n a",
    "{{ $json.a }}",
    "！",
    "\ufeff",
    "\x85",
    "\u2028",
]
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(WORDS)
name = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20) | st.sampled_from(
    [w for w in WORDS if w]
)
number = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
value = st.recursive(
    st.none() | st.booleans() | number | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
nodes = st.builds(
    Node,
    type=name, params=st.dictionaries(text, value, max_size=3), name=st.none() | text, notes=st.none() | text,
    time_limit=st.none() | st.floats(0, 1e9), on_error=st.sampled_from(["stop", "continue", "branch"]),
    position=st.builds(Position, x=st.floats(-1e6, 1e6), y=st.floats(-1e6, 1e6)),
    retry=st.none() | st.builds(Retry, delay=st.floats(0, 1e6)),
)  # fmt: skip
edges = st.builds(Edge, source=name, target=name, label=st.none() | text, limit=st.none() | st.integers(1, 9))
definitions = st.builds(
    WorkflowDefinition,
    name=name, description=st.none() | text, nodes=st.dictionaries(name, nodes, max_size=4),
    edges=st.dictionaries(name, edges, max_size=4),
    settings=st.builds(Settings, variables=st.dictionaries(text, value, max_size=3)),
)  # fmt: skip


@given(definitions)
def test_yaml_reads_back_to_the_same_workflow(definition: WorkflowDefinition) -> None:
    again = read_workflow(to_yaml(definition), syntax="yaml")
    assert again == definition
    assert again.hash == definition.hash


@given(definitions)
def test_json_reads_back_to_the_same_workflow(definition: WorkflowDefinition) -> None:
    assert read_workflow(definition.canonical(), syntax="json").hash == definition.hash


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_read_or_refused_with_an_error_of_ours(source: str | bytes) -> None:
    for syntax in ("json", "yaml", None):
        with contextlib.suppress(TowpathError):
            read_workflow(source, syntax=syntax)  # type: ignore[arg-type]


def test_yaml_has_only_what_is_not_the_default_and_edges_on_one_line() -> None:
    definition = WorkflowDefinition(
        name="Greet",
        nodes={
            "a": Node(type="trigger.manual", position=Position(x=0, y=120)),
            "b": Node(type="mail.send", params={"text": "Hello\nthere\n", "to": "{{ $json.email }}"}, time_limit=5400),
        },
        edges={"1": Edge(source="a", target="b")},
        settings=Settings(time_limit=172800),
    )
    assert to_yaml(definition) == (
        "format: 1\n"
        "name: Greet\n"
        "settings:\n"
        "  time_limit: 2d\n"
        "nodes:\n"
        "  a:\n"
        "    type: trigger.manual\n"
        "    position: {y: 120}\n"
        "  b:\n"
        "    type: mail.send\n"
        "    params:\n"
        "      text: |\n"
        "        Hello\n"
        "        there\n"
        "      to: '{{ $json.email }}'\n"
        "    time_limit: 1h 30m\n"
        "edges:\n"
        "  '1': {source: a, target: b}\n"
    )


def test_keys_are_always_text() -> None:
    parsed: Any = parse_yaml("1: a\nnull: b\ntrue: c\n")
    assert parsed == {"1": "a", "null": "b", "true": "c"}
