"""What a save of a record runs, in order: the save pipeline of one object, as it is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from towpath.crm.plan import ObjectPlan
from towpath.crm.rules import BUILT_IN_RULES
from towpath.engine.plan import Plan
from towpath.engine.timer_dates import date_triggers
from towpath.engine.triggers import RecordTrigger
from towpath.expr import condition_to_text
from towpath.service.platform import Platform
from towpath.service.unit import Unit, in_unit

PHASES = ("check", "before_save", "validation", "duplicates", "write", "after_save", "commit", "committed", "outbox")


@dataclass(frozen=True, slots=True)
class PipelineStep:
    """One thing that a save does: its phase, what kind of thing, its name, and when or what it does."""

    phase: str
    kind: str
    name: str
    about: str = ""
    order: int | None = None


def explain_save(platform: Platform, object_name: str) -> list[PipelineStep]:
    """Every step of saving a record of the object, in the order in which they run."""
    return in_unit(platform, lambda unit: _explain(unit, object_name))


def _explain(unit: Unit, object_name: str) -> list[PipelineStep]:
    plan = unit.platform.catalogue.plan(object_name)
    published = unit.platform.published
    before = [t for t in published.within if t.when == "before_save" and t.object == object_name]
    after = [t for t in published.within if t.when == "after_save" and t.object == object_name]
    committed = [t for t in published.triggers if t.object == object_name]
    return [
        PipelineStep("check", "system", "field types", f"{len(plan.checks)} fields"),
        *_built_in(object_name),
        *(_workflow("before_save", trigger) for trigger in before),
        PipelineStep("validation", "system", "field types", "of what the rules above set"),
        *_validation(unit, object_name),
        *_duplicates(plan),
        PipelineStep("write", "system", plan.table.name, "with the history of its fields"),
        *(_workflow("after_save", trigger) for trigger in after),
        PipelineStep("commit", "system", "commit", "an error before this undoes everything above"),
        *(_workflow("committed", trigger) for trigger in committed),
        *_timers(unit, object_name),
        PipelineStep(
            "outbox", "system", "mail and calls", "of the workflows above, each sent once its step is on disk"
        ),
    ]


def _built_in(object_name: str) -> Iterator[PipelineStep]:
    for rule in BUILT_IN_RULES.get(object_name, ()):
        yield PipelineStep("before_save", "built in", getattr(rule, "title", None) or "rule", rule.__doc__ or "")


def _workflow(phase: str, trigger: RecordTrigger) -> PipelineStep:
    return PipelineStep(phase, "workflow", trigger.plan.definition.name, _when(trigger), trigger.order[0])


def _when(trigger: RecordTrigger) -> str:
    params: Any = trigger.plan.nodes[trigger.plan.index[trigger.node]].params
    kinds = ", ".join(sorted(trigger.kinds))
    if params.condition is None:
        return f"on {kinds}"
    words = "whenever" if params.mode == "level" else "when it begins to meet"
    return f"on {kinds}, {words} {condition_to_text(params.condition.condition)}"


def _validation(unit: Unit, object_name: str) -> Iterator[PipelineStep]:
    rules = unit.platform.published.definitions.of("validation").values()
    mine = [rule for rule in rules if rule.object == object_name and rule.active]
    for rule in sorted(mine, key=lambda rule: (rule.order, rule.name)):
        refuse = rule.refuse if isinstance(rule.refuse, str) else str(rule.refuse)
        yield PipelineStep("validation", "rule", rule.name, f"refuses {refuse}: {rule.message}", rule.order)


def _duplicates(plan: ObjectPlan) -> Iterator[PipelineStep]:
    for name in sorted(plan.required):
        yield PipelineStep("duplicates", "system", name, "must have a value")
    for name in sorted(plan.unique):
        yield PipelineStep("duplicates", "system", name, "no two records may have the same value")
    for name, target in sorted(plan.references.items()):
        yield PipelineStep("duplicates", "system", name, f"must be the id of an existing {target}")


def _timers(unit: Unit, object_name: str) -> Iterator[PipelineStep]:
    published = unit.platform.published
    plans: list[Plan] = [published.plans[number] for number in published.active.values()]
    for plan in sorted(plans, key=lambda plan: plan.workflow):
        for trigger in date_triggers(plan, {object_name}):
            about = f"its timer follows {trigger.params.field} {trigger.params.offset}".rstrip()
            yield PipelineStep("committed", "timer", plan.definition.name, about)
