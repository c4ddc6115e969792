"""What one run is between two nodes, and its frozen form between two batches.

A run has a stack of ready tokens (depth first: the last one goes next), parked tokens that wait for a time or
an answer, inputs collected by joins, and what loops still have to do. Frozen, it is one short MessagePack
document: an item that is still the run's record is stored as a mark and read again when the run wakes.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from towpath.errors import LimitError
from towpath.expr import RunScope
from towpath.model.item import Item

Items = list[Item]


class Token(msgspec.Struct, eq=False):
    """A place where a run stands: a node (by position in the plan) with the items of each input port."""

    node: int
    inputs: list[Items]
    enabled_at: int
    attempt: int = 1
    number: int = 0  # set when parked; names the token in waits
    started_at: int | None = None
    due: int | None = None
    pending: dict[str, int] = {}  # wait key -> position of the item that waits for it
    results: dict[int, Any] = {}  # position of the item -> what it got
    held: dict[int, Items] = {}  # output port -> items made before a retry
    memo: Any = None  # what the node type wants to find again on resume
    origin: str | None = None  # names the effects of this step, the same at every attempt
    places: list[int] | None = None  # where the items of a further attempt stood in the first one
    skip: list[int] = []  # positions of items that failed while the others went on waiting

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but one item that has just come to the node."""
        return (
            len(self.inputs) == 1
            and len(self.inputs[0]) == 1
            and self.started_at is None
            and self.due is None
            and self.attempt == 1
            and self.number == 0
            and not self.held
        )


class RunState(msgspec.Struct, eq=False):
    """One run in memory while its batch advances."""

    id: str
    scope: RunScope
    started_at: int
    record: str | None = None
    object: str | None = None
    cause_chain: tuple[tuple[str, str], ...] = ()
    parent: tuple[str, str] | None = None  # (run id, wait key) that waits for this run
    depth: int = 0
    limit: int | None = None  # T_max of the run, microseconds
    ended_at: int | None = None
    status: str = "running"
    error: dict[str, Any] | None = None
    new: bool = True  # has no row yet
    epoch: int = 0
    position: int = 0  # order within the batch
    stack: list[Token] = []
    parked: list[Token] = []
    joins: dict[int, list[Items | None]] = {}
    result: Items = []  # what the last node without a way on gave
    loops: dict[int, dict[str, Any]] = {}
    taken: dict[int, int] = {}  # edge -> how often, for edges with a limit
    counts: dict[int, int] = {}  # node -> how often, for nodes that ask for $runIndex
    gave: dict[int, list[int]] = {}  # node -> items per output, in workflows that run breadth first
    steps: int = 0
    numbers: int = 0  # parked tokens so far
    segments: list[str] = []
    alerted: list[str] = []
    waits_before: AbstractSet[tuple[str, int]] = frozenset()


class FrozenToken(msgspec.Struct, array_like=True, omit_defaults=True):
    """A parked token."""

    node: str
    number: int
    inputs: list[list[Any]]
    enabled_at: int
    started_at: int | None = None
    due: int | None = None
    attempt: int = 1
    pending: dict[str, int] = {}
    results: dict[int, Any] = {}
    held: dict[int, list[Any]] = {}
    memo: Any = None
    skip: list[int] = []
    origin: str | None = None
    places: list[int] | None = None


_SHORT = {
    "tokens": "t", "joins": "j", "loops": "l", "globals": "g", "nodes": "n", "old": "o", "segments": "s", "steps": "c",
    "numbers": "k", "taken": "e", "chain": "h", "depth": "d", "limit": "m", "alerted": "a", "object": "b", "error": "f",
    "counts": "i", "gave": "v", "contexts": "x",
}  # fmt: skip


class FrozenRun(msgspec.Struct, omit_defaults=True, rename=_SHORT):
    """A run between two batches; short names keep a parked run small."""

    tokens: list[FrozenToken] = []
    joins: dict[str, list[list[Any] | None]] = {}
    loops: dict[str, dict[str, Any]] = {}
    globals: dict[str, Any] = {}
    nodes: dict[str, list[Any]] = {}
    old: dict[str, Any] | None = None
    segments: list[str] = []
    steps: int = 0
    numbers: int = 0
    taken: dict[str, int] = {}
    chain: list[tuple[str, str]] = []
    depth: int = 0
    limit: int | None = None
    alerted: list[str] = []
    object: str | None = None
    error: dict[str, Any] | None = None
    counts: dict[str, int] = {}
    gave: dict[str, list[int]] = {}
    contexts: dict[str, dict[str, Any]] = {}


class _CompletedRun(msgspec.Struct, omit_defaults=True, rename=_SHORT):
    """The part of a FrozenRun that a completed run has: most runs end in their first batch."""

    segments: list[str]
    steps: int
    chain: tuple[tuple[str, str], ...]
    globals: dict[str, Any]
    object: str | None = None
    depth: int = 0
    limit: int | None = None
    alerted: list[str] = []


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(FrozenRun)


def freeze(run: RunState, node_ids: list[str], edge_ids: list[str], max_bytes: int) -> bytes:
    """The run's document; LimitError ``limit.bytes`` when it is larger than ``max_bytes``."""
    data = _encoder.encode(_completed(run) if run.status == "completed" else _frozen(run, node_ids, edge_ids))
    if len(data) > max_bytes:
        raise LimitError(
            f"the run's stored state would take {len(data)} bytes, more than {max_bytes}",
            code="limit.bytes",
            hint="Carry fewer or smaller items across the wait, or raise settings.limits.bytes of the workflow.",
            params={"bytes": len(data), "limit": max_bytes},
        )
    return data


def _completed(run: RunState) -> _CompletedRun:
    return _CompletedRun(
        run.segments, run.steps, run.cause_chain, run.scope.globals, run.object, run.depth, run.limit, run.alerted
    )


def _frozen(run: RunState, node_ids: list[str], edge_ids: list[str]) -> FrozenRun:
    frozen = FrozenRun(
        segments=run.segments, steps=run.steps, object=run.object, error=run.error, limit=run.limit,
        alerted=run.alerted, depth=run.depth, chain=list(run.cause_chain), globals=run.scope.globals,
    )  # fmt: skip
    if run.status in ("waiting", "failed"):
        known = {n: {id(json): at for at, json in enumerate(rows)} for n, rows in run.scope.nodes.items()}
        frozen.tokens = [_freeze_token(token, node_ids, known) for token in run.parked]
        frozen.joins = {
            node_ids[n]: [None if i is None else thin(i, known) for i in ports] for n, ports in run.joins.items()
        }
        frozen.loops = {
            node_ids[n]: {k: thin(v, known) if isinstance(v, list) else v for k, v in s.items()}
            for n, s in run.loops.items()
        }
        frozen.nodes = run.scope.nodes
        frozen.counts = {node_ids[n]: count for n, count in run.counts.items()}
        frozen.gave = {node_ids[n]: sizes for n, sizes in run.gave.items()}
        frozen.contexts = run.scope.contexts
        frozen.old = run.scope.old
        frozen.numbers = run.numbers
        frozen.taken = {edge_ids[edge]: count for edge, count in run.taken.items()}
    return frozen


def thaw(
    run: RunState, data: bytes, node_index: dict[str, int], edge_index: dict[str, int], record: dict[str, Any] | None
) -> None:
    """Fill a run from its document; ``record`` is the run's record as it is now."""
    frozen = _decoder.decode(data)
    run.new = False
    known = frozen.nodes
    run.parked = [_thaw_token(token, node_index, record, known) for token in frozen.tokens]
    run.joins = {
        node_index[n]: [None if i is None else fat(i, record, known) for i in ports]
        for n, ports in frozen.joins.items()
    }
    run.loops = {
        node_index[n]: {k: fat(v, record, known) if isinstance(v, list) else v for k, v in s.items()}
        for n, s in frozen.loops.items()
    }
    run.counts = {node_index[n]: count for n, count in frozen.counts.items()}
    run.gave = {node_index[n]: sizes for n, sizes in frozen.gave.items()}
    run.scope.globals = frozen.globals
    run.scope.nodes = frozen.nodes
    run.scope.contexts = frozen.contexts
    run.scope.old = frozen.old
    run.scope.record = record
    run.segments, run.steps, run.numbers = frozen.segments, frozen.steps, frozen.numbers
    run.taken = {edge_index[edge]: count for edge, count in frozen.taken.items()}
    run.cause_chain = tuple((workflow, rec) for workflow, rec in frozen.chain)
    run.depth, run.limit, run.alerted, run.object, run.error = (
        frozen.depth,
        frozen.limit,
        frozen.alerted,
        frozen.object,
        frozen.error,
    )
    run.waits_before = {(key, t.number) for t in run.parked for key in t.pending if not key.startswith("effect:")}


def decode(data: bytes) -> FrozenRun:
    """The document of a run, for looking at it."""
    return _decoder.decode(data)


def encode_state(frozen: FrozenRun) -> bytes:
    """The bytes of a document that was changed by hand (retry, cancel)."""
    return _encoder.encode(frozen)


Known = dict[str, dict[int, int]]  # node -> identity of the JSON of an item that it gave -> the item's place


def thin(items: Items, known: Known) -> list[Any]:
    """Items for storage: 0 for the run's record, the JSON object alone where there is nothing else."""
    return [_thin(item, known) for item in items]


def _thin(item: Item, known: Known) -> Any:
    if item.lineage is None:
        if item.record:
            return 0
        if item.pair is None and not item.binary:
            return item.json
        return [item.json, _place(item), item.binary]
    lineage = {name: known.get(name, {}).get(id(json), json) for name, json in item.lineage.items()}
    return [None if item.record else item.json, _place(item), item.binary, lineage]


def _place(item: Item) -> int | None:
    """Pairs with several items have done their work once the lineage is known."""
    return item.pair if isinstance(item.pair, int) else None


def fat(items: list[Any], record: dict[str, Any] | None, known: dict[str, list[Any]]) -> Items:
    """Items from storage."""
    return [_fatten(item, record, known) for item in items]


def _fatten(item: Any, record: dict[str, Any] | None, known: dict[str, list[Any]]) -> Item:
    if item == 0:
        return Item(record or {}, record=True)
    if isinstance(item, dict):
        return Item(item)
    if len(item) == 3:
        return Item(item[0], item[1], item[2])
    lineage = {name: known[name][at] if isinstance(at, int) else at for name, at in item[3].items()}
    own = item[0] is None
    return Item((record or {}) if own else item[0], item[1], item[2], own, lineage)


def _freeze_token(token: Token, node_ids: list[str], known: Known) -> FrozenToken:
    return FrozenToken(
        node_ids[token.node], token.number, [thin(items, known) for items in token.inputs], token.enabled_at,
        token.started_at, token.due, token.attempt, token.pending, token.results,
        {p: thin(i, known) for p, i in token.held.items()}, token.memo, token.skip, token.origin, token.places,
    )  # fmt: skip


def _thaw_token(
    frozen: FrozenToken, node_index: dict[str, int], record: dict[str, Any] | None, known: dict[str, list[Any]]
) -> Token:
    token = Token(node_index[frozen.node], [fat(items, record, known) for items in frozen.inputs], frozen.enabled_at)
    token.number, token.started_at, token.due, token.attempt = (
        frozen.number,
        frozen.started_at,
        frozen.due,
        frozen.attempt,
    )
    token.pending, token.results, token.memo = frozen.pending, frozen.results, frozen.memo
    token.skip, token.origin, token.places = frozen.skip, frozen.origin, frozen.places
    token.held = {port: fat(items, record, known) for port, items in frozen.held.items()}
    return token
