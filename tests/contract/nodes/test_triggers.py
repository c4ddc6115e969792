"""What triggers know of changes and calls, for those who start the runs."""

from __future__ import annotations

from typing import Any

import pytest

from towpath.model.change import Cause, Change, ChangeKind
from towpath.nodes import registry


def params(name: str, **values: Any) -> Any:
    return registry()[name].params.model_validate(values)


def change(kind: ChangeKind, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Change:
    return Change(kind, "Lead", "l1", old, new, ("score",), Cause("ann"))


@pytest.mark.parametrize(
    ("mode", "old", "new", "starts"),
    [
        ("edge", 10, 60, True), ("edge", 60, 70, False), ("edge", 60, 10, False), ("edge", None, 60, True),
        ("level", 10, 60, True), ("level", 60, 70, True), ("level", 60, 10, False), ("level", None, 60, True),
    ],
)  # fmt: skip
def test_edge_starts_when_the_condition_becomes_true_and_level_while_it_is(
    mode: str, old: int | None, new: int, starts: bool
) -> None:
    fires = params("trigger.record", object="Lead", condition="score > 50", mode=mode).fires()
    assert fires(change("updated", {"score": old}, {"score": new})) is starts


def test_a_trigger_without_a_condition_starts_at_every_change() -> None:
    fires = params("trigger.record", object="Lead").fires()
    assert fires(change("updated", {"score": 1}, {"score": 2}))


def test_an_undeleted_record_counts_as_new() -> None:
    fires = params("trigger.record", object="Lead", condition="score > 50").fires()
    assert fires(change("undeleted", {"score": 60}, {"score": 60}))


def test_a_deleted_record_is_judged_by_what_it_was() -> None:
    fires = params("trigger.record", object="Lead", on=["deleted"], condition="score > 50").fires()
    assert fires(change("deleted", {"score": 60}, None))
    assert not fires(change("deleted", {"score": 10}, None))


def test_each_clause_may_have_its_own_edge() -> None:
    condition = 'score > 50 or city == "Rome"'
    rome = change("updated", {"score": 60, "city": None}, {"score": 60, "city": "Rome"})
    assert not params("trigger.record", object="Lead", condition=condition).fires()(rome)
    assert params("trigger.record", object="Lead", condition=condition, per_clause=True).fires()(rome)


def test_saved_is_every_change_but_a_deletion() -> None:
    assert params("trigger.record", object="Lead").kinds == {"created", "updated", "undeleted"}
    assert params("trigger.record", object="Lead", on=["deleted"]).kinds == {"deleted"}


def test_a_call_names_itself() -> None:
    webhook = params("trigger.webhook", path="new", dedupe="body.order.id")
    assert webhook.dedupe_key({"body": {"order": {"id": 5}}}) == "5"
    assert webhook.dedupe_key({"body": {"order": 5}}) is None
    assert params("trigger.webhook", path="new").dedupe_key({"body": {}}) is None
