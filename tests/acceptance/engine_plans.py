"""Random workflows for the tests of the engine: blocks one after another, and blocks inside blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Ends = list[tuple[str, str]]  # the ports, as (node, port), that the next block is joined to
ON_ERROR = ("stop", "continue", "branch")


@dataclass
class Sketch:
    """A workflow under construction: nodes get ids in the order they are drawn in, which is also their place."""

    nodes: dict[str, Json] = field(default_factory=dict)
    edges: dict[str, Json] = field(default_factory=dict)

    def node(self, kind: str, params: Json | None = None, ends: Ends = (), port: str = "in", **more: Any) -> str:  # type: ignore[assignment]
        """Draw a node and join these ports to it; its id."""
        node_id = f"{kind.rsplit('.', maxsplit=1)[-1]}{len(self.nodes)}"
        place = {"x": 0, "y": len(self.nodes)}
        self.nodes[node_id] = {"type": kind, "params": params or {}, "position": place, **more}
        self.join(ends, node_id, port)
        return node_id

    def join(self, ends: Ends, target: str, port: str = "in") -> None:
        """Draw edges."""
        for source, source_port in ends:
            edge = {"source": source, "source_port": source_port, "target": target, "target_port": port}
            self.edges[f"edge{len(self.edges)}"] = edge


Block = Callable[[Sketch, Ends], Ends]


def _set(add: int) -> Block:
    expression = f"{{{{ ($json.points || 0) + $json.score * {add} }}}}"
    return lambda sketch, ends: [(sketch.node("data.set", {"fields": {"points": expression}}, ends), "out")]


def _wait(seconds: int) -> Block:
    return lambda sketch, ends: [(sketch.node("wait.duration", {"duration": seconds}, ends), "out")]


def _update(add: int) -> Block:
    """Adds to a number of the record; done twice or not at all, it shows."""
    params = {
        "object": "Lead",
        "id": "{{ $record.id }}",
        "fields": {"totalVisits": f"{{{{ ($json.totalVisits || 0) + {add} }}}}"},
    }
    return lambda sketch, ends: [(sketch.node("crm.update", params, ends), "out")]


def _breaks(limit: int, on_error: str, retries: int) -> Block:
    """An update that no lead with a score below the limit can take: its e-mail address would be none."""
    value = f"{{{{ $json.score < {limit} ? 'nonsense' : 'good@example.com' }}}}"
    params = {"object": "Lead", "id": "{{ $record.id }}", "fields": {"email": value}}
    more: Json = {"on_error": on_error}
    if retries:
        more["retry"] = {"attempts": retries + 1, "delay": 5, "jitter": 0}

    def draw(sketch: Sketch, ends: Ends) -> Ends:
        node = sketch.node("crm.update", params, ends, **more)
        return [(node, "out"), (node, "error")] if on_error == "branch" else [(node, "out")]

    return draw


def _stop(limit: int) -> Block:
    def draw(sketch: Sketch, ends: Ends) -> Ends:
        choice = sketch.node("logic.if", {"condition": f"score > {limit}"}, ends)
        sketch.node("logic.stop", {"message": "{{ 'no more than ' + $json.score }}"}, [(choice, "true")])
        return [(choice, "false")]

    return draw


def _if(limit: int, then: Block, otherwise: Block) -> Block:
    def draw(sketch: Sketch, ends: Ends) -> Ends:
        choice = sketch.node("logic.if", {"condition": f"score > {limit}"}, ends)
        return then(sketch, [(choice, "true")]) + otherwise(sketch, [(choice, "false")])

    return draw


def _switch(low: int, high: int, blocks: tuple[Block, Block, Block]) -> Block:
    cases = [{"label": "high", "when": f"score > {high}"}, {"label": "low", "when": f"score < {low}"}]

    def draw(sketch: Sketch, ends: Ends) -> Ends:
        choice = sketch.node("logic.switch", {"cases": cases, "fallback": "rest"}, ends)
        branches = zip(("high", "low", "rest"), blocks, strict=True)
        return [end for port, block in branches for end in block(sketch, [(choice, port)])]

    return draw


def _split(left: Block, right: Block) -> Block:
    def draw(sketch: Sketch, ends: Ends) -> Ends:
        fork = sketch.node("logic.split", {}, ends)
        first, second = left(sketch, [(fork, "a")]), right(sketch, [(fork, "b")])
        merge = sketch.node("logic.merge", {"mode": "append"}, first, "in1")
        sketch.join(second, merge, "in2")
        return [(merge, "out")]

    return draw


def _loop(body: Block) -> Block:
    def draw(sketch: Sketch, ends: Ends) -> Ends:
        loop = sketch.node("logic.loop", {"size": 1}, ends)
        sketch.join(body(sketch, [(loop, "loop")]), loop)
        return [(loop, "done")]

    return draw


def _chain(blocks: list[Block]) -> Block:
    def draw(sketch: Sketch, ends: Ends) -> Ends:
        for block in blocks:
            ends = block(sketch, ends)
        return ends

    return draw


_limits = st.integers(0, 100)
_simple = st.one_of(
    st.builds(_set, st.integers(1, 3)),
    st.builds(_wait, st.integers(1, 60)),
    st.builds(_update, st.integers(1, 3)),
    st.builds(_breaks, _limits, st.sampled_from(ON_ERROR), st.integers(0, 2)),
    st.builds(_stop, _limits),
)


def _nested(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    chain = st.lists(inner, min_size=1, max_size=2).map(_chain)
    return st.one_of(
        st.builds(_if, _limits, chain, chain),
        st.builds(_switch, _limits, _limits, st.tuples(inner, inner, inner)),
        st.builds(_split, chain, chain),
        st.builds(_loop, chain),
        chain,
    )


_blocks = st.recursive(_simple, _nested, max_leaves=6)


def _document(blocks: list[Block], log: str) -> Json:
    sketch = Sketch()
    created = sketch.node("trigger.record", {"object": "Lead", "on": ["created"], "condition": "score > 5"})
    ends = _chain(blocks)(sketch, [(created, "out")])
    sketch.node("notify.log", {"text": "{{ 'points ' + $json.points }}"}, ends)
    settings = {"log": log, "start_brake": 1_000_000}
    return {"name": "Drawn", "nodes": sketch.nodes, "edges": sketch.edges, "settings": settings}


workflows = st.builds(_document, st.lists(_blocks, min_size=1, max_size=3), st.sampled_from(["none", "all"]))
scores = st.lists(st.integers(0, 100), min_size=1, max_size=6)
