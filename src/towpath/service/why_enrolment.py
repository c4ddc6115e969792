"""Why the enrolment of a workflow refuses a record that a trigger would take, now or by a past change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from towpath.engine.conditions import WrittenCondition
from towpath.engine.enrolment import Rules, held_out, rules_of
from towpath.engine.plan import Plan
from towpath.model.change import Change
from towpath.model.condition import Condition
from towpath.ports.store import Reader
from towpath.service.enrolment import known_enrolments

_ABOUT = {
    "suppressed": "it is suppressed", "goal": "it has reached the goal", "unmatched": "it does not meet the condition",
    "deleted": "it is deleted", "inside": "it is inside already",
    "once": "it has been inside, and does not enter again",
    "hold_out": "it is in the arm that is held out",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """The reason in a word and in a sentence, and the condition of the enrolment that says so."""

    reason: str
    about: str
    condition: Condition | None


def refused(tx: Reader, plan: Plan, change: Change, past: int | None) -> Refused | None:
    """Why the record does not enter by this change, of the moment ``past`` or of now; None where nothing is in its way.

    Of a past change it is known whether the record was inside only as far as its latest entry tells.
    """
    rules, record = rules_of(plan), change.new
    if rules is None:
        return None
    reason: str | None = rules.outside(record)
    if reason is None and record is not None:
        reason = _been_inside(tx, plan, rules, change, past)
    if reason is None:
        return None
    written = {"suppressed": rules.spec.suppress, "goal": rules.spec.goal}.get(reason)
    condition = None if written is None else WrittenCondition(written).condition
    return Refused(reason, f"its enrolment refuses the record: {_ABOUT[reason]}", condition)


def _been_inside(tx: Reader, plan: Plan, rules: Rules, change: Change, past: int | None) -> str | None:
    record: Mapping[str, Any] = change.new or {}
    share, known = rules.spec.hold_out, known_enrolments(tx, plan.workflow, [change.id]).get(change.id)
    if share and held_out(plan.workflow, change.id, share):
        return "hold_out"
    if known is None or not known.times:
        return None
    if past is not None and (known.entered_at is None or past <= known.entered_at):
        return None
    if known.state in ("waiting", "inside", "held_out"):
        return "inside"
    return None if rules.enters_again(record, change) else "once"
