"""The surroundings of one contract case: a store with records in it, a clock that stands still, and the batch."""

from __future__ import annotations

import atexit
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from towpath.crm.assignment.pool import AssignmentPool
from towpath.crm.catalogue import Catalogue, install
from towpath.crm.session import Session
from towpath.engine.batch import Batch, Visit, visit_of
from towpath.engine.context import Context
from towpath.engine.files import StoredFiles, media_type_of
from towpath.engine.group import gathered
from towpath.engine.plan import Plan, PlanNode, compile_plan
from towpath.engine.state import RunState, Token
from towpath.engine.tables import FILE_TABLES
from towpath.expr import RunScope
from towpath.model.change import Cause
from towpath.model.item import Item
from towpath.model.offset import local_moment, to_microseconds
from towpath.model.workflow import WorkflowDefinition
from towpath.nodes import registry
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND
from towpath.sandbox.pool import SandboxPool
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.system import SeededChance, SequenceIds, VirtualClock

NODE = "node"


Result = TypeVar("Result")


class _UndoError(Exception):
    """Takes everything back that a world did to the store."""


@cache
def _store() -> tuple[SQLiteStore, Catalogue]:
    store = SQLiteStore(":memory:")
    for table in FILE_TABLES:
        store.write(lambda tx, table=table: tx.ensure(table))  # type: ignore[misc]
    return store, store.write(install)


def in_world(case: dict[str, Any], work: Callable[[World], Result]) -> Result:
    """Do the work in a world of its own, inside one transaction of the real store that is then undone."""
    store, catalogue = _store()
    results: list[Result] = []

    def unit(transaction: Transaction) -> None:
        results.append(work(World(case, transaction, catalogue)))
        raise _UndoError

    with suppress(_UndoError):
        store.write(unit)
    return results[0]


@cache
def sandbox() -> SandboxPool:
    """One sandbox for all worlds; it ends with the tests."""
    pool = SandboxPool()
    atexit.register(pool.close)
    return pool


class World:
    """The case's records in an empty store; ``ids`` has their ids by the names that the case gives them."""

    def __init__(self, case: dict[str, Any], transaction: Transaction, catalogue: Catalogue) -> None:
        self.case = case
        self.transaction = transaction
        self.catalogue = catalogue
        self.clock = VirtualClock(to_microseconds(local_moment(case.get("now", "2026-03-02T09:00:00Z"), UTC)))
        self.made = SequenceIds()
        self.ids: dict[str, str] = {}
        self.records = self._session()
        for object_name, rows in case.get("records", {}).items():
            self._load(object_name, rows)
        for object_name, names in case.get("deleted", {}).items():
            self.records.delete(object_name, [self.ids[name] for name in names], Cause("test"))
        find_workflow = dict(case.get("workflows", {})).get
        self.context = Context(self.clock, self.made, SeededChance(), self.records, find_workflow=find_workflow)
        self.context.sandbox = sandbox()
        self.context.files = StoredFiles(transaction, self.made, self.clock)
        self.plan = self._plan()

    def _session(self) -> Session:
        pools = {name: AssignmentPool(name=name, **pool) for name, pool in self.case.get("pools", {}).items()}
        return Session(self.transaction, self.catalogue, self.clock.now(), self.made, pools=pools)

    def _load(self, object_name: str, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            values = {name: value for name, value in self.named(row).items() if name != "as"}
            (made,) = self.records.create(object_name, [values], Cause("test"))
            assert isinstance(made, dict), made
            self.ids[row.get("as", made["id"])] = made["id"]
        self.records.flush()

    def _plan(self) -> Plan:
        case = self.case
        node = {"type": case["type"], "params": self.named(case.get("params", {})), **case.get("node", {})}
        definition = {"id": "case", "name": "Case", "nodes": {NODE: node}, **case.get("workflow", {})}
        return compile_plan(WorkflowDefinition.model_validate(definition), registry())

    @property
    def node(self) -> PlanNode:
        """The node under test."""
        return self.plan.nodes[0]

    def named(self, value: Any) -> Any:
        """The value with ``@name`` replaced by the id of the record of that name."""
        if isinstance(value, str):
            return self.ids.get(value[1:], value) if value.startswith("@") else value
        if isinstance(value, dict):
            return {key: self.named(part) for key, part in value.items()}
        return [self.named(part) for part in value] if isinstance(value, list) else value

    def visit(self, number: int, run: dict[str, Any]) -> Visit:
        """A run of the case, standing at the node with its items."""
        record = self.named(run.get("record"))
        scope = RunScope(
            record=self.records.get(run["object"], [record])[record] if record else None,
            old=run.get("old"),
            globals=self.named(run.get("globals", {})),
            nodes=self.named(run.get("nodes", {})),
            vars=run.get("vars", {}),
            now=datetime.fromtimestamp(self.clock.now() / SECOND, UTC),
            id=f"run{number}",
            workflow={"id": "case", "name": "Case"},
        )
        state = RunState(f"run{number}", scope, self.clock.now(), record)
        state.object = run.get("object")
        state.depth = run.get("depth", 0)
        ports = run["inputs"] if "inputs" in run else [run.get("items", [{}])]
        inputs = [[Item(json) for json in self.named(deepcopy(items))] for items in ports]
        for item, files in zip(inputs[0], run.get("files", ()), strict=False):
            item.binary = {name: self._kept(state.id, **file) for name, file in files.items()}
        return visit_of(state, Token(0, inputs, self.clock.now()))

    def _kept(self, run: str, name: str, text: str = "", base64: str = "") -> dict[str, Any]:
        """A file of a run, with this text or these bytes."""
        assert self.context.files is not None
        data = b64decode(base64) if base64 else text.encode()
        return self.context.files.write(run, [data], name=name, media_type=media_type_of(name), limit=1 << 30)

    def content(self, reference: dict[str, Any]) -> dict[str, Any]:
        """A kept file's name, type and text."""
        assert self.context.files is not None
        data = b"".join(self.context.files.read(reference))
        assert len(data) == reference["bytes"]
        said = {"name": reference["fileName"], "type": reference["mimeType"]}
        try:
            return {**said, "text": data.decode()}
        except UnicodeDecodeError:
            return {**said, "base64": b64encode(data).decode()}

    def execute(self, visits: list[Visit]) -> None:
        """Hand the visits to the node type, as the engine does."""
        for visit in visits:
            visit.run.scope.input = [item.json for item in visit.token.inputs[0]] if visit.token.inputs else []
        again = visits[0].token.started_at is not None
        batch: Batch[Any] = Batch(self.node, visits, self.context, self.clock.now())
        call = self.node.type.resume if again else self.node.type.run
        if call is not None:
            batch.perform(call)
        else:
            for visit in visits:
                visit.outputs[0] = visit.token.inputs[0]

    def execute_together(self, visits: list[Visit]) -> list[Visit]:
        """Hand the runs of plain visits to the node type as a group; what became of each."""
        for visit in visits:
            visit.run.stack.append(visit.token)
        group = gathered([visit.run for visit in visits])
        assert group is not None
        batch: Batch[Any] = Batch(self.node, group, self.context, self.clock.now())
        batch.show_inputs()
        assert self.node.type.run is not None
        batch.perform(self.node.type.run)
        return batch.visits

    def refresh(self) -> None:
        """A new transaction at the clock's time, as when parked runs wake."""
        self.records.finish()
        self.records = self._session()
        self.context.records = self.records

    def wake(self, visit: Visit, answers: list[Any]) -> Visit:
        """The visit with its answers handed in, standing at the node again."""
        token, parking = visit.token, visit.park
        assert parking is not None
        token.started_at = token.enabled_at
        token.due, token.memo, token.held = parking.due, parking.memo, visit.outputs
        for index, answer in enumerate(answers):
            if answer is not None:
                token.results[index] = self.named(answer)
        run = visit.run
        run.scope.now = datetime.fromtimestamp(self.clock.now() / SECOND, UTC)
        if run.record is not None and run.object is not None:
            run.scope.record = self.records.get(run.object, [run.record]).get(run.record)
        return visit_of(run, token)
