"""What a save runs, in order: built-in rules, before-save workflows, validation rules; after-save workflows.

Put together when what is published changes, and shared by all transactions until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from towpath.crm.blueprints.compiled import by_object
from towpath.crm.changes import filled
from towpath.crm.milestones import by_object as policies_by_object
from towpath.crm.rules import BUILT_IN_RULES
from towpath.crm.saving import SaveBatch, SaveRule, SaveRules
from towpath.crm.scoring import ReadyScore, ready
from towpath.crm.validation import validation_rule
from towpath.engine.context import Context
from towpath.engine.events import Start
from towpath.engine.saving import run_within, saved_values
from towpath.engine.triggers import RecordTrigger
from towpath.errors import SchemaError, TowpathError, Where
from towpath.model.change import Cause, Change
from towpath.model.duplicates import DuplicateRule
from towpath.model.scoring import ScoreModel
from towpath.ports.records import Records
from towpath.service.platform import Platform


def follow_published(platform: Platform) -> None:
    """Have saves go by what is published now; costs a comparison when nothing was."""
    published, saving = platform.published, platform.saving
    if published.generation == saving.generation:
        return
    before = [trigger for trigger in published.within if trigger.when == "before_save"]
    saving.after = [trigger for trigger in published.within if trigger.when == "after_save"]
    saving.rules = _with_workflows(platform, BUILT_IN_RULES, before)
    saving.checks = _checks(published.definitions.of("validation").values())
    saving.duplicates = _by_object(published.definitions.of("duplicates").values())
    saving.scores = _scores(published.definitions.of("scoring").values())
    saving.milestones = policies_by_object(published.definitions.of("milestones").values())
    saving.blueprints = by_object(published.definitions.of("blueprint").values())
    saving.generation = published.generation


def _with_workflows(platform: Platform, rules: SaveRules, triggers: Sequence[RecordTrigger]) -> SaveRules:
    """The rules, each object's followed by its before-save workflows in order."""
    combined: dict[str, tuple[SaveRule, ...]] = {name: tuple(own) for name, own in rules.items()}
    for trigger in triggers:
        rule = _BeforeSave(platform, trigger)
        combined[trigger.object] = (*combined.get(trigger.object, ()), rule)
    return combined


def _by_object(rules: Iterable[DuplicateRule]) -> dict[str, list[DuplicateRule]]:
    found: dict[str, list[DuplicateRule]] = {}
    for rule in sorted(rules, key=lambda each: (each.order, each.name)):
        if rule.active:
            found.setdefault(rule.object, []).append(rule)
    return found


def _scores(models: Iterable[ScoreModel]) -> dict[str, list[ReadyScore]]:
    found: dict[str, list[ReadyScore]] = {}
    for model in models:
        if model.active:
            found.setdefault(model.object, []).append(ready(model))
    return found


def _checks(rules: Any) -> SaveRules:
    by_object: dict[str, list[Any]] = {}
    for rule in rules:
        by_object.setdefault(rule.object, []).append(rule)
    made = {name: validation_rule(own) for name, own in by_object.items()}
    return {name: (check,) for name, check in made.items() if check is not None}


class _BeforeSave:
    """One before-save workflow as a rule: its runs leave no trace but the values they set, or the save they refuse."""

    def __init__(self, platform: Platform, trigger: RecordTrigger) -> None:
        self.platform = platform
        self.trigger = trigger

    def __call__(self, batch: SaveBatch) -> None:
        trigger = self.trigger
        changes = [_change(batch, index) for index in range(len(batch))]
        mine = [i for i, change in enumerate(changes) if change.kind in trigger.kinds and trigger.fires(change)]
        mine = [i for i in mine if not batch.refused(i)]
        if not mine:
            return
        starts = [self._start(changes[i]) for i in mine]
        lockstep = run_within(trigger, starts, self._context(batch.causes[mine[0]]), bulk=False)
        for index, run in zip(mine, lockstep.runs, strict=True):
            if run.status == "failed":
                batch.reject(index, self._refusal(run.error or {}, batch, index))
            elif values := saved_values(run.scope.globals):
                batch.set(index, values)

    def _start(self, change: Change) -> Start:
        plan = self.trigger.plan
        old = change.old if plan.uses_old else None
        return Start(self.platform.ids.new(), None, [dict(change.new or {})], old, change.cause.chain)

    def _context(self, cause: Cause) -> Context:
        platform = self.platform
        return Context(
            platform.clock, platform.ids, platform.chance, cast("Records", _NoRecords()), actor=cause.actor,
            environment=platform.environment, sandbox=platform.sandbox, mocks=platform.mocks,
        )  # fmt: skip

    def _refusal(self, error: dict[str, Any], batch: SaveBatch, index: int) -> TowpathError:
        """What the workflow says, as the error of the save. A rule that is at fault refuses too, and says where."""
        old = batch.old[index]
        where = Where(
            object=batch.object, record=None if old is None else old["id"], workflow=self.trigger.plan.definition.name,
            node=error.get("where", {}).get("node"),
        )  # fmt: skip
        stopped = error.get("code") == "node.stopped"
        code = "record.rejected" if stopped else "record.before_save_failed"
        params = {"reason": error.get("message")}
        return SchemaError(str(error.get("message")), code=code, hint=error.get("hint"), where=where, params=params)


class _NoRecords:
    """The CRM of a workflow that may do no I/O: it has read nothing."""

    def get(self, object_name: str, ids: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        return {}


def _change(batch: SaveBatch, index: int) -> Change:
    old, new, cause = batch.old[index], batch.new(index), batch.causes[index]
    if old is None:
        return Change("created", batch.object, "", None, new, tuple(batch.values[index]), cause)
    if batch.restoring:
        return Change("undeleted", batch.object, old["id"], None, new, filled(new), cause)
    return Change("updated", batch.object, old["id"], old, new, tuple(batch.values[index]), cause)
