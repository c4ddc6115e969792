"""Plays a template's sample on a virtual clock: the weeks that its script tells, with the metrics at their end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from towpath.errors import InputError, NotFoundError, TowpathError
from towpath.model.change import Cause
from towpath.model.condition import All, Comparison, Condition, Field
from towpath.model.moment import from_text
from towpath.ports.records import Records
from towpath.service.drive import Settable, drive_until
from towpath.service.events import NamedEvent, send_events
from towpath.service.metrics import WorkflowMetrics, workflow_metrics
from towpath.service.platform import Platform
from towpath.service.snapshot import Snapshot, in_snapshot
from towpath.service.tasks import OPEN, claim_task, complete_task
from towpath.service.template_script import Act, microseconds
from towpath.service.templates import Template, create_all, resolve, resolved, use_template
from towpath.service.unit import Unit, in_unit

Scene = tuple[int, Callable[[], object]]  # when (microseconds since 1970), and what happens


def play_template(platform: Platform, clock: Settable, template: Template) -> WorkflowMetrics:
    """Publish the template with its sample, let its script happen, and measure. The clock is moved to the end."""
    begin = from_text(template.play.start) or clock.now()
    clock.set(begin)
    if clock.now() != begin:
        hint = "Give it a clock that begins earlier."
        raise InputError(f"the sample begins on {template.play.start}", code="template.late", hint=hint)
    use_template(platform, template.name, sample=True)
    scenes = [scene for act in template.play.acts for scene in _scenes(platform, template.name, act)]
    for moment, happen in sorted(scenes, key=lambda scene: scene[0]):
        drive_until(platform, clock, begin + moment)
        happen()
    drive_until(platform, clock, begin + microseconds(template.play.lasts))
    return workflow_metrics(platform, template.name)


def _scenes(platform: Platform, workflow: str, act: Act) -> list[Scene]:
    scenes: list[Scene] = [(act.moment, partial(_perform, platform, workflow, act))]
    if act.task is not None and act.outcome is not None:
        scenes.insert(0, (act.moment - microseconds(act.took), partial(_take, platform, workflow, act)))
    return scenes


def _perform(platform: Platform, workflow: str, act: Act) -> None:
    if act.event is not None:
        key = in_snapshot(platform, lambda state: str(resolve(state.records, None, act.key)))
        send_events(platform, [NamedEvent(act.event, key, act.data if act.data is not None else {})])
    elif act.create is not None:
        in_unit(platform, partial(create_all, records={act.create: [act.fields]}))
    elif act.change is not None:
        in_unit(platform, partial(_change, object_name=act.change, act=act))
    elif act.outcome is None:
        _take(platform, workflow, act)
    else:
        task = in_snapshot(platform, partial(_task, workflow=workflow, act=act))
        complete_task(platform, task, who=act.by, outcome=act.outcome, response=act.response)


def _take(platform: Platform, workflow: str, act: Act) -> None:
    claim_task(platform, in_snapshot(platform, partial(_task, workflow=workflow, act=act)), act.by or "")


def _task(state: Snapshot, workflow: str, act: Act) -> str:
    """The open task of the step and the record that the act is about."""
    mine: list[Condition] = [
        Comparison(Field("workflow"), "==", workflow), Comparison(Field("nodeId"), "==", act.task),
        Comparison(Field("status"), "in", OPEN),
    ]  # fmt: skip
    tasks = state.records.find("Task", All(tuple(mine)))
    return _only(
        [task["id"] for task in tasks if _is_about(state.records, task, act)], f"open tasks at {act.task!r}", act
    )


def _is_about(records: Records, task: dict[str, Any], act: Act) -> bool:
    about, key = task.get("relatedObject"), task.get("relatedId")
    if act.of is None or not about:
        return act.of is None
    return any(record["id"] == key for record in _named(records, about, act))


def _named(records: Records, object_name: str, act: Act) -> list[dict[str, Any]]:
    if isinstance(act.of, dict):
        values = resolved(records, object_name, act.of)
    else:
        values = {records.schema(object_name).name_field: act.of}
    return records.find(object_name, All(tuple(Comparison(Field(name), "==", value) for name, value in values.items())))


def _change(unit: Unit, object_name: str, act: Act) -> None:
    key = _only([record["id"] for record in _named(unit.records, object_name, act)], f"{object_name} records", act)
    values = resolved(unit.records, object_name, act.fields)
    (outcome,) = unit.records.update(object_name, [key], [values], Cause("play"))
    if isinstance(outcome, TowpathError):
        raise outcome


def _only(found: list[str], what: str, act: Act) -> str:
    if len(found) != 1:
        raise NotFoundError(f"there are {len(found)} {what} of {act.of!r} after {act.at}", code="template.act")
    return found[0]
