"""The published versions that are active, compiled; read again when another process or transaction changed them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from towpath.crm.definitions import Definitions, load_definitions
from towpath.engine.enrolment import Rules, rules_of
from towpath.engine.node import Registry
from towpath.engine.plan import Plan, compile_plan
from towpath.engine.tables import META, VERSION, WORKFLOW
from towpath.engine.triggers import RecordTrigger
from towpath.errors import NotFoundError, did_you_mean
from towpath.formats.native import load_definition
from towpath.model.business_time import Calendars
from towpath.model.condition import Comparison, Field
from towpath.ports.store import Reader, Transaction
from towpath.service.kinds import KINDS

GENERATION = "workflows.generation"
LOCKED, MERGED = "locks.objects", "merged.objects"


@dataclass(slots=True)
class Published:
    """Plans by version number, kept for good (a version never changes); which are active may change."""

    registry: Registry
    generation: int = -1
    plans: dict[int, Plan] = field(default_factory=dict)
    active: dict[str, int] = field(default_factory=dict)  # workflow id -> version number
    names: dict[str, str] = field(default_factory=dict)  # workflow name -> id
    paused: dict[str, str] = field(default_factory=dict)  # workflow id -> why
    triggers: list[RecordTrigger] = field(default_factory=list)  # of changes that are on disk
    within: list[RecordTrigger] = field(default_factory=list)  # of workflows that run within the save
    enrolling: list[Enrolling] = field(default_factory=list)  # versions with enrolment rules
    definitions: Definitions = field(default_factory=Definitions)
    locked: frozenset[str] = frozenset()  # objects whose fields have ever been locked
    merged: frozenset[str] = frozenset()  # objects of which records have ever been merged
    calendars: Calendars = field(default_factory=Calendars)  # in force, shared by all plans

    def refresh(self, tx: Transaction) -> None:
        """Take notice of what was published since; costs one small read when nothing was.

        Only for whoever writes: a reader's older state must not come back while a transaction goes by the newer one.
        """
        rows = tx.get(META, [GENERATION], ("value",))
        generation = int(rows[0][0]) if rows else 0
        if generation != self.generation:
            self._read(tx)
            self.generation = generation

    def plan(self, tx: Reader, number: int) -> Plan:
        """The plan of a version, active or not; NotFoundError when there is no such version."""
        if number not in self.plans:
            rows = tx.get(VERSION, [number], ("definition",))
            if not rows:
                raise NotFoundError(f"there is no workflow version {number}", code="workflow.unknown_version")
            plan = compile_plan(load_definition(rows[0][0]), self.registry, number=number, calendars=self.calendars)
            if self.generation < 0:  # a process that only reads has never looked at what is in force
                self.calendars.use(load_definitions(tx, KINDS).of("calendar"))
            self.plans = {**self.plans, number: plan}  # a new dict: other threads may be looking through the old one
            return plan
        return self.plans[number]

    def number(self, workflow: str) -> int | None:
        """The active version of a workflow given by id or name."""
        return self.active.get(self.names.get(workflow, workflow))

    def find(self, workflow: str) -> int:
        """Like ``number``; NotFoundError with the nearest name when there is none."""
        number = self.number(workflow)
        if number is None:
            known = [*self.names, *self.active]
            raise NotFoundError(
                f"no published workflow is called {workflow!r}",
                code="workflow.unknown",
                hint=did_you_mean(workflow, known),
            )
        return number

    def held(self) -> list[int]:
        """Versions of paused workflows: their events stay, nothing is started."""
        return [number for number, plan in self.plans.items() if plan.workflow in self.paused]

    def _read(self, tx: Reader) -> None:
        rows = tx.select(WORKFLOW, ("id", "name", "active", "paused", "created_at"))
        self.active = {workflow: number for workflow, _, number, _, _ in rows if number is not None}
        self.names = {name: workflow for workflow, name, *_ in rows}
        self.paused = {workflow: why for workflow, _, _, why, _ in rows if why is not None}
        self.definitions = load_definitions(tx, KINDS)
        self.locked, self.merged = frozenset(_meta(tx, LOCKED, [])), frozenset(_meta(tx, MERGED, []))
        self.calendars.use(self.definitions.of("calendar"))
        for number in self.active.values():
            self.plan(tx, number)
        if self.paused:
            for (number,) in tx.select(VERSION, ("number",), Comparison(Field("workflow"), "in", tuple(self.paused))):
                self.plan(tx, number)
        created = {workflow: at for workflow, *_, at in rows}
        found = [
            trigger
            for workflow, number in self.active.items()
            for trigger in record_triggers(self.plans[number], created[workflow])
        ]
        found.sort(key=lambda trigger: trigger.order)
        self.triggers = [trigger for trigger in found if trigger.when == "committed"]
        self.within = [trigger for trigger in found if trigger.when != "committed"]
        self.enrolling = [entry for number in self.active.values() for entry in enrolling(self.plans[number])]


Enrolling = tuple[Plan, Rules, frozenset[str]]


def enrolling(plan: Plan) -> list[Enrolling]:
    """The version with its enrolment rules and the objects whose records enter it; nothing where it has no rules."""
    rules = rules_of(plan)
    if rules is None:
        return []
    objects = {getattr(node.params, "object", None) for node in plan.nodes if node.type.trigger} - {None}
    return [(plan, rules, frozenset(str(name) for name in objects))]


def bump(tx: Transaction) -> None:
    """Tell every process that workflows have changed."""
    _set_meta(tx, GENERATION, int(_meta(tx, GENERATION, 0)) + 1)


def note_locked(tx: Transaction, objects: set[str]) -> None:
    """Have every process look for locks on these objects from now on."""
    _note(tx, LOCKED, objects)


def note_merged(tx: Transaction, object_name: str) -> None:
    """Have every process look for where records of this object have gone from now on."""
    _note(tx, MERGED, {object_name})


def _note(tx: Transaction, key: str, objects: set[str]) -> None:
    known = set(_meta(tx, key, [])) if objects else objects
    if not objects <= known:
        _set_meta(tx, key, sorted(known | objects))
        bump(tx)


def _meta(tx: Reader, key: str, default: Any) -> Any:
    rows = tx.get(META, [key], ("value",))
    return rows[0][0] if rows else default


def _set_meta(tx: Transaction, key: str, value: Any) -> None:
    if tx.get(META, [key], ("value",)):
        tx.update(META, ("value",), [(value, key)])
    else:
        tx.insert(META, ("key", "value"), [(key, value)])


def record_triggers(plan: Plan, created_at: int = 0) -> list[RecordTrigger]:
    """The record triggers of a version with their entry conditions compiled."""
    made = []
    for node in plan.triggers("record"):
        params: Any = node.params
        order = (params.order, created_at, plan.workflow)
        kinds = frozenset(params.kinds)
        made.append(RecordTrigger(plan, node.id, params.object, kinds, params.fires(), params.when, order))
    return made
