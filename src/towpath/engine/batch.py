"""A batch: all runs that stand at one node, with their items, handed to the node type once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from towpath.engine.context import Context
from towpath.engine.group import Group
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.state import Items, RunState, Token
from towpath.errors import NodeError, TowpathError
from towpath.expr import Scope
from towpath.expr.foreign import Evaluator, Together
from towpath.model.change import Cause
from towpath.model.item import Item
from towpath.ports.effects import Effect
from towpath.ports.records import Outcome

if TYPE_CHECKING:
    from towpath.engine.plan import PlanNode
    from towpath.engine.predicate import Predicate

P = TypeVar("P", bound=NodeParams)


class Visit(msgspec.Struct, eq=False):
    """One run's execution of one node: the token it came with and what became of it."""

    run: RunState
    token: Token
    outputs: dict[int, Items]
    answers: dict[int, Any]
    faults: list[tuple[int, TowpathError]] = []
    park: Parking | None = None
    effects: list[tuple[int, str, dict[str, Any], bool]] = []


def visit_of(run: RunState, token: Token) -> Visit:
    """The visit that a token of a run sets off, with what the token has kept from before."""
    return Visit(run, token, token.held, token.results)


class Parking(msgspec.Struct, eq=False):
    """Why and how long a visit waits: until ``due`` (microseconds, absolute), for answers to ``keys``, or both."""

    due: int | None = None
    keys: dict[str, int] = {}
    memo: Any = None


class Batch(Generic[P]):
    """All items of all visits in one flat list; positions in it name items in every call.

    An item that failed is skipped by ``resolve`` from then on.
    """

    __slots__ = (
        "_owners",
        "_sandbox",
        "_scopes",
        "_visits",
        "context",
        "failed",
        "first",
        "group",
        "items",
        "node",
        "now",
        "params",
        "places",
        "runs",
        "sent",
    )

    def __init__(self, node: PlanNode, visits: list[Visit] | Group, context: Context, now: int) -> None:
        self.node = node
        self.params: P = node.params  # type: ignore[assignment]
        self.context = context
        self.now = now
        self.failed: set[int] = set()
        self.items: Items
        self.runs: list[RunState]  # of each flat item
        self.places: list[int]  # of each flat item among its own run's items
        self.first: list[int]  # flat position of each visit's first item
        self.group: Group | None = None  # while all its runs go together
        self.sent: list[tuple[int, Item] | None] = []  # what each run of the group sent, and by which port
        self._owners: list[Visit] = []
        self._visits: list[Visit] = []
        self._scopes: list[Scope] | None = None
        self._sandbox: Evaluator | None = None
        if isinstance(visits, Group):
            self._of_group(visits)
        else:
            self._of_visits(visits)

    def _of_group(self, group: Group) -> None:
        count = len(group.runs)
        self.group, self.sent = group, [None] * count
        self.items, self.runs = group.items, group.runs
        self.places, self.first = [0] * count, list(range(count))

    def _of_visits(self, visits: list[Visit]) -> None:
        inputs = [visit.token.inputs[0] if visit.token.inputs else [] for visit in visits]
        sizes = list(map(len, inputs))
        self.items = [item for items in inputs for item in items]
        self._visits = visits
        self._owners = [visit for visit, items in zip(visits, inputs, strict=True) for _ in items]
        self.runs = [visit.run for visit in self._owners]
        self.places = [place for items in inputs for place in range(len(items))]
        self.first = [0, *accumulate(sizes)][:-1]
        if visits and visits[0].token.started_at is not None:  # resumed, as all of them are then
            for first, visit in zip(self.first, visits, strict=True):
                self.failed.update(first + place for place in visit.token.skip)

    @property
    def visits(self) -> list[Visit]:
        """The visits of all runs. Asking for them ends the going together: each run may need something of its own."""
        if self.group is not None:
            self._part(self.group)
        return self._visits

    @property
    def owners(self) -> list[Visit]:
        """The visit of each flat item."""
        if self.group is not None:
            self._part(self.group)
        return self._owners

    def _part(self, group: Group) -> None:
        self.group = None
        self._owners = self._visits = [visit_of(run, run.stack.pop()) for run in group.part(self.node.position)]
        for visit, sent in zip(self._visits, self.sent, strict=True):
            if sent is not None:
                visit.outputs[sent[0]] = [sent[1]]

    @property
    def type(self) -> NodeType[Any]:
        """The node type that runs."""
        return self.node.type

    @property
    def scopes(self) -> list[Scope]:
        """What expressions see, one per flat item."""
        if self._scopes is None:
            rows = zip(self.items, self.runs, self.places, strict=True)
            self._scopes = [Scope(item.json, run.scope, place, item) for item, run, place in rows]
        return self._scopes

    def show_inputs(self) -> None:
        """Let expressions see all items that came to the node with each run, as ``$input``."""
        if self.group is not None:
            for run, item in zip(self.runs, self.items, strict=True):
                run.scope.input = [item.json]
            return
        came: dict[RunState, list[Any]] = {}
        for visit in self._visits:
            inputs = visit.token.inputs
            came.setdefault(visit.run, []).extend(item.json for item in (inputs[0] if inputs else ()))
        for run, items in came.items():
            run.scope.input = items

    @property
    def sandbox(self) -> Evaluator | None:
        """The sandbox, which is crossed once for all expressions of the node."""
        if self._sandbox is None and self.context.sandbox is not None:
            several = len(self.node.foreign) > 1
            self._sandbox = Together(self.context.sandbox, self.node.foreign) if several else self.context.sandbox
        return self._sandbox

    def evaluate(self, value: Dynamic[Any]) -> list[Any]:
        """The parameter's value for every flat item; an item whose value does not fit fails and gives None."""
        values = value.of_json([item.json for item in self.items]) if self._scopes is None else None
        if values is None:
            values = value.evaluate(self.scopes, self.sandbox)
        if any(issubclass(kind, TowpathError) for kind in set(map(type, values))):
            for position, got in enumerate(values):
                if isinstance(got, TowpathError):
                    self.fail(position, got)
                    values[position] = None
        return values

    def judge(self, predicate: Predicate, positions: Sequence[int] | None = None) -> list[bool | None]:
        """Whether it holds, for every item or those at these positions; None for an item that fails over it."""
        if positions is None and predicate.holds is not None:
            holds, pairs = predicate.holds, zip(self.items, self.runs, strict=True)
            return [holds(item.json, run.scope.old) for item, run in pairs]
        asked = range(len(self.items)) if positions is None else positions
        scopes = self.scopes if positions is None else [self.scopes[position] for position in positions]
        answers: list[bool | None] = []
        for position, answer in zip(asked, predicate.judge(scopes, self.sandbox), strict=True):
            if isinstance(answer, TowpathError):
                self.fail(position, answer)
            answers.append(None if isinstance(answer, TowpathError) else answer)
        return answers

    def resolve(self, *values: Dynamic[Any]) -> list[tuple[Any, ...]]:
        """``(position, value, ...)`` for every item that has not failed."""
        columns = [self.evaluate(value) for value in values]
        rows = zip(range(len(self.items)), *columns, strict=True)
        return [row for row in rows if row[0] not in self.failed] if self.failed else list(rows)

    def perform(self, call: Callable[[Batch[P]], None]) -> None:
        """Let the node type work; an error that it raises (no such object, say) is every run's."""
        try:
            call(self)
        except TowpathError as error:
            for visit in self.visits:
                visit.faults[:] = [(-1, error)]

    def live(self) -> list[int]:
        """Positions of the items that have not failed."""
        return [position for position in range(len(self.items)) if position not in self.failed]

    def by_visit(self) -> Iterator[tuple[Visit, list[int]]]:
        """Each visit with the positions of its items that have not failed, for node types that work on whole runs."""
        for first, visit in zip(self.first, self.visits, strict=True):
            count = len(visit.token.inputs[0]) if visit.token.inputs else 0
            yield visit, [position for position in range(first, first + count) if position not in self.failed]

    def end_run(self, visit: Visit) -> None:
        """The run ends as completed with the items it has here; what else it still had to do is dropped."""
        run = visit.run
        run.stack, run.parked, run.joins, run.loops = [], [], {}, {}
        run.result = [item for items in visit.token.inputs for item in items]

    def emit(self, position: int, item: Item, port: int = 0) -> None:
        """Send an item out of a port, on behalf of the input item at ``position``."""
        if self.group is not None and self.sent[position] is None:
            self.sent[position] = (port, item)
            return
        outputs = self.owners[position].outputs
        if port in outputs:
            outputs[port].append(item)
        else:
            outputs[port] = [item]

    def derive(
        self, position: int, json: dict[str, Any], port: int = 0, *, binary: Mapping[str, Any] | None = None
    ) -> None:
        """Send a new item that comes from the input item at ``position``; ``binary`` are the files it has."""
        self.emit(position, Item(json, self.places[position] or None, binary), port)

    def forward(self, position: int, port: int = 0) -> None:
        """Send the input item on as it is."""
        place = self.places[position]
        item = self.items[position]
        self.emit(position, item if not place and item.pair is None else item.at(place or None), port)

    def gather(self, positions: Sequence[int], json: dict[str, Any], port: int = 0) -> None:
        """Send one new item that comes from several input items of one run."""
        if len(positions) == 1:
            self.derive(positions[0], json, port)
        else:
            self.emit(positions[0], Item(json, tuple((0, self.places[position]) for position in positions)), port)

    def forward_visit(self, visit: Visit, port: int = 0) -> None:
        """Send all items of a visit on as they are."""
        self.send(visit, port, [item.at(index or None) for index, item in enumerate(visit.token.inputs[0])])

    def put(self, object_name: str, positions: Sequence[int], outcomes: Sequence[Outcome], port: int = 0) -> None:
        """Send records that items led to, and remember them; an item whose outcome is an error fails."""
        name = global_name(object_name)
        for position, outcome in zip(positions, outcomes, strict=True):
            if isinstance(outcome, TowpathError):
                self.fail(position, outcome)
                continue
            run, record_id = self.runs[position], outcome["id"]
            run.scope.globals[name] = record_id
            own = record_id == run.record
            if own:
                run.scope.record = outcome
            self.emit(position, Item(outcome, self.places[position] or None, record=own), port)

    def index(self, position: int) -> int | None:
        """The item's place among its own run's items; None for the first, which needs no mark."""
        return self.places[position] or None

    def send(self, visit: Visit, port: int, items: Items) -> None:
        """Send items out of a port of one visit, for node types that work on whole runs."""
        visit.outputs.setdefault(port, []).extend(items)

    def fail(self, position: int, error: TowpathError | str) -> None:
        """The item fails alone."""
        if position in self.failed:
            return
        self.failed.add(position)
        if isinstance(error, str):
            error = NodeError(error)
        visit = self.owners[position]
        visit.faults.append((self.places[position], error))

    def fail_visit(self, visit: Visit, error: TowpathError) -> None:
        """The whole visit fails (a node type that works on all items of a run)."""
        visit.faults.append((-1, error))

    def park(self, visit: Visit, *, due: int | None = None, memo: Any = None) -> Parking:
        """The visit waits; add the keys of what it waits for to the parking's ``keys``."""
        if visit.park is None:
            visit.park = Parking()
        if due is not None:
            visit.park.due = due
        if memo is not None:
            visit.park.memo = memo
        return visit.park

    def wait_for(self, position: int, key: str, *, due: int | None = None) -> None:
        """The item waits for an answer to ``key``; its visit resumes when all its items have theirs, or at ``due``."""
        self.park(self.owners[position], due=due).keys[key] = self.places[position]

    def effect(self, position: int, kind: str, request: dict[str, Any], *, keyed: bool = False) -> None:
        """Ask for an external effect for the item; it is sent after the batch has committed."""
        visit = self.owners[position]
        self.park(visit)
        visit.effects.append((self.places[position], kind, request, keyed))

    @property
    def results(self) -> Iterable[tuple[int, Any]]:
        """On resume: ``(position, answer)`` for every item; the answer is None where the time ran out first."""
        for first, visit in zip(self.first, self.visits, strict=True):
            for index in range(len(visit.token.inputs[0]) if visit.token.inputs else 0):
                if first + index not in self.failed:
                    yield first + index, visit.answers.get(index)

    def credit(self, position: int, claims: Sequence[Mapping[str, Any]]) -> None:
        """On resume: what people did for an item that got no answer: ``actor``, ``started_at``, ``ended_at``."""
        self.owners[position].answers[self.places[position]] = {"claims": claims}

    def causes(self, positions: Sequence[int]) -> list[Cause]:
        """The causes of what the runs of these items write."""
        made: dict[int, Cause] = {}
        causes = []
        for position in positions:
            run = self.runs[position]
            key = id(run)
            if key not in made:
                made[key] = self.context.cause(run.id, run.cause_chain)
            causes.append(made[key])
        return causes

    def touch(self, position: int, object_name: str, record_id: str) -> None:
        """Remember a record for later nodes: ``$global.leadId`` is the last Lead that the run touched."""
        self.runs[position].scope.globals[global_name(object_name)] = record_id

    def remember(self, position: int, values: Mapping[str, Any]) -> None:
        """Keep values for the rest of the item's run, as ``$global.<name>``."""
        scope = self.runs[position].scope
        scope.globals = {**scope.globals, **values}


def global_name(object_name: str) -> str:
    """``Lead`` -> ``leadId``, ``CampaignMember`` -> ``campaignMemberId``."""
    return object_name[:1].lower() + object_name[1:] + "Id"


def as_effect(effect_id: str, kind: str, request: dict[str, Any], attempt: int, keyed: bool) -> Effect:
    """The outbox's view of a request."""
    return Effect(effect_id, kind, request, effect_id, attempt, keyed)
