"""Workflows and their versions: publish, look up, switch on and off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from towpath.crm.definitions import DEFINITION
from towpath.engine import check as checking
from towpath.engine.check import Examined
from towpath.engine.plan import compile_plan
from towpath.engine.tables import VERSION, WORKFLOW
from towpath.errors import ConflictError, NotFoundError, WorkflowError, did_you_mean
from towpath.formats.native import load_definition
from towpath.model.condition import Comparison, Field
from towpath.model.problem import Problem
from towpath.model.table import Order
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.store import Reader, Transaction
from towpath.service.platform import Platform
from towpath.service.published import bump
from towpath.service.timers import arm_existing, cancel_superseded


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """What publishing made: the workflow, its version (1, 2, ...), and the number that names it in the store."""

    workflow: str
    name: str
    version: int
    number: int
    hash: str
    warnings: tuple[Problem, ...] = ()
    unchanged: bool = False


def check(platform: Platform, definition: WorkflowDefinition) -> list[Problem]:
    """Every problem of a definition, held against the node types, the CRM schema and the other workflows."""
    return examine(platform, definition).problems


def examine(platform: Platform, definition: WorkflowDefinition) -> Examined:
    """Every problem of a definition, and its nodes with their ports, for those who draw it."""
    found = checking.examine(definition, platform.registry, platform.catalogue)
    calls = platform.store.read(
        lambda tx: _check_calls(platform, tx, definition) + _check_calendar(tx, definition.settings.calendar)
    )
    return Examined(found.problems + calls, found.nodes)


def publish(
    platform: Platform, definition: WorkflowDefinition, *, actor: str = "system", activate: bool = True
) -> PublishedVersion:
    """Store a definition as the next version of its workflow and make it the active one.

    A definition with the hash of the active version changes nothing. Raises WorkflowError with all problems.
    """
    problems = check(platform, definition)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise WorkflowError(
            f"{definition.name!r} has {len(errors)} problem{'s' if len(errors) > 1 else ''}: {errors[0]}",
            problems=errors,
            hint="towpath check lists them all.",
        )
    warnings = tuple(problems)
    return platform.store.write(lambda tx: _publish(platform, tx, definition, actor, activate, warnings))


def set_active(platform: Platform, workflow: str, number: int | None) -> None:
    """Make a version the active one, or none (off): parked runs go on, nothing new starts."""

    def work(tx: Transaction) -> None:
        workflow_id = _find(tx, workflow)
        tx.update(
            WORKFLOW,
            ("active", "status", "updated_at"),
            [(number, "on" if number else "off", platform.clock.now(), workflow_id)],
        )
        bump(tx)
        platform.published.refresh(tx)
        cancel_superseded(platform, tx, workflow_id, number)
        if number is not None:
            arm_existing(platform, tx, platform.published.plan(tx, number))

    platform.store.write(work)


def resume(platform: Platform, workflow: str) -> None:
    """Let a paused workflow start runs again, beginning with the events it kept."""

    def work(tx: Transaction) -> None:
        tx.update(WORKFLOW, ("paused",), [(None, _find(tx, workflow))])
        bump(tx)

    platform.store.write(work)


def pause(platform: Platform, workflow: str, why: str = "by hand") -> None:
    """Keep events of a workflow without starting runs."""

    def work(tx: Transaction) -> None:
        tx.update(WORKFLOW, ("paused",), [(why, _find(tx, workflow))])
        bump(tx)

    platform.store.write(work)


def list_workflows(platform: Platform) -> list[dict[str, Any]]:
    """All workflows by name, with their active version and state."""

    def work(tx: Reader) -> list[dict[str, Any]]:
        versions = dict(tx.select(VERSION, ("number", "version")))
        rows = tx.select(WORKFLOW, ("id", "name", "status", "active", "paused", "updated_at"), order=(Order("name"),))
        return [
            {
                "id": i,
                "name": n,
                "status": "paused" if why else s,
                "version": versions.get(a),
                "number": a,
                "paused": why,
                "updated_at": u,
            }
            for i, n, s, a, why, u in rows
        ]

    return platform.store.read(work)


def get_definition(platform: Platform, workflow: str, version: int | None = None) -> WorkflowDefinition:
    """A stored definition, by default the active version's."""

    def work(tx: Reader) -> WorkflowDefinition:
        workflow_id = _find(tx, workflow)
        rows = tx.select(
            VERSION,
            ("version", "definition"),
            Comparison(Field("workflow"), "==", workflow_id),
            order=(Order("version", descending=True),),
        )
        for number, definition in rows:
            if version is None or number == version:
                return load_definition(definition)
        raise NotFoundError(f"workflow {workflow!r} has no version {version}", code="workflow.unknown_version")

    return platform.store.read(work)


def _find(tx: Reader, workflow: str) -> str:
    rows = tx.select(WORKFLOW, ("id", "name"))
    for workflow_id, name in rows:
        if workflow in (workflow_id, name):
            return str(workflow_id)
    known = [name for _, name in rows]
    raise NotFoundError(
        f"no workflow is called {workflow!r}", code="workflow.unknown", hint=did_you_mean(workflow, known)
    )


def workflow_id_of(definition: WorkflowDefinition) -> str:
    """The id under which a definition is stored: its own, or one made of its name."""
    if definition.id:
        return definition.id
    words = "".join(c.lower() if c.isalnum() else " " for c in definition.name).split()
    return "-".join(words) or "workflow"


def _publish(
    platform: Platform,
    tx: Transaction,
    definition: WorkflowDefinition,
    actor: str,
    activate: bool,
    warnings: tuple[Problem, ...],
) -> PublishedVersion:
    workflow_id = workflow_id_of(definition)
    definition = definition.model_copy(update={"id": workflow_id})
    now = platform.clock.now()
    rows = tx.select(
        VERSION,
        ("number", "version", "hash"),
        Comparison(Field("workflow"), "==", workflow_id),
        order=(Order("version", descending=True),),
    )
    known = tx.get(WORKFLOW, [workflow_id], ("active", "name"))
    same = next((row for row in rows if row[2] == definition.hash), None)
    if same and known and (known[0][0] == same[0] or not activate):
        return PublishedVersion(
            workflow_id, definition.name, same[1], same[0], definition.hash, warnings, unchanged=True
        )
    _refuse_foreign_name(tx, workflow_id, definition.name)
    version = rows[0][1] + 1 if rows else 1
    last = tx.select(VERSION, ("number",), order=(Order("number", descending=True),), limit=1)
    number = int(last[0][0]) + 1 if last else 1
    compile_plan(definition, platform.registry, number=number)
    tx.insert(
        VERSION,
        VERSION.names,
        [(number, workflow_id, definition.name, version, definition.hash, definition.as_json(), now, actor)],
    )
    active = number if activate else (known[0][0] if known else None)
    if known:
        tx.update(
            WORKFLOW,
            ("name", "status", "active", "updated_at"),
            [(definition.name, "on" if active else "off", active, now, workflow_id)],
        )
    else:
        tx.insert(
            WORKFLOW,
            WORKFLOW.names,
            [(workflow_id, definition.name, "on" if active else "off", active, now, now, None)],
        )
    bump(tx)
    platform.published.refresh(tx)
    if activate:
        cancel_superseded(platform, tx, workflow_id, number)
        arm_existing(platform, tx, platform.published.plan(tx, number))
    return PublishedVersion(workflow_id, definition.name, version, number, definition.hash, warnings)


def _refuse_foreign_name(tx: Reader, workflow_id: str, name: str) -> None:
    for other, its_name in tx.select(WORKFLOW, ("id", "name"), Comparison(Field("name"), "==", name)):
        if other != workflow_id:
            raise ConflictError(
                f"another workflow ({other}) is called {its_name!r}",
                code="workflow.name_taken",
                hint="Give it another name or the same id.",
            )


def _check_calendar(tx: Reader, name: str | None) -> list[Problem]:
    """The calendar that the workflow counts by must be there."""
    if name is None or tx.get(DEFINITION, [name], ("name",), by="name"):
        return []
    known = [row[0] for row in tx.select(DEFINITION, ("name",), Comparison(Field("kind"), "==", "calendar"))]
    hint = did_you_mean(name, known) or "towpath definitions apply adds one."
    return [Problem("calendar.unknown", f"there is no calendar {name!r}", field="settings.calendar", hint=hint)]


def _check_calls(platform: Platform, tx: Reader, definition: WorkflowDefinition) -> list[Problem]:
    """Sub-workflows that would call themselves in a circle, through published versions."""
    rows = tx.select(WORKFLOW, ("id", "name", "active"))
    calls = {
        workflow: called(platform.published.plan(tx, number).definition)
        for workflow, _, number in rows
        if number is not None
    }
    mine = workflow_id_of(definition)
    calls[mine] = called(definition)
    names = {**{name: workflow for workflow, name, _ in rows}, definition.name: mine}
    path = _circle(mine, calls, names)
    if path is None:
        return []
    node = next(
        n
        for n, spec in definition.nodes.items()
        if spec.type == "workflow.run"
        and names.get(str(spec.params.get("workflow")), str(spec.params.get("workflow"))) == path[1]
    )
    text = " -> ".join(path)
    return [
        Problem(
            "workflow.cyclic_call",
            f"workflows call each other in a circle: {text}",
            node,
            "workflow",
            hint="Let one of them end, or start on a condition instead.",
        )
    ]


def called(definition: WorkflowDefinition) -> list[str]:
    """The workflows that a definition runs as sub-workflows, as they are written."""
    return [
        str(node.params["workflow"])
        for node in definition.nodes.values()
        if node.type == "workflow.run" and "workflow" in node.params
    ]


def _circle(start: str, calls: dict[str, list[str]], names: dict[str, str]) -> list[str] | None:
    """A path from ``start`` back to itself, found depth first without recursion."""
    stack = [[start]]
    seen = set()
    while stack:
        path = stack.pop()
        for name in calls.get(path[-1], ()):
            following = names.get(name, name)
            if following == start:
                return [*path, start]
            if following not in seen:
                seen.add(following)
                stack.append([*path, following])
    return None
