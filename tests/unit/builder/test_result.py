"""Results: looked at by people, and turned into errors where a run failed."""

from __future__ import annotations

import pytest

from towpath import NodeError, Result, TowpathError
from towpath.model.result import RecordChange, StepResult

STEPS = (
    StepResult("1", "Create Lead", "done", outputs={"out": [{"id": "x"}]}),
    StepResult("2", "Update Lead", "failed", attempt=2),
)


def test_a_result_reads_well() -> None:
    change = RecordChange("created", "Lead", "x")
    result = Result("r", "Qualify", "completed", STEPS[:1], [{"id": "x"}], (change,))
    assert repr(result) == "<Result 'Qualify' completed: Create Lead; 1 items, 1 changes>"
    assert repr(STEPS[1]) == "<'Update Lead' failed attempt 2>"
    assert result.raise_for_status() is result


def test_print_shows_the_items_that_came_out() -> None:
    items = [{"lastName": f"L{n}", "status": "Qualified", "phone": None} for n in range(12)]
    first, *lines = str(Result("r", "Qualify", "completed", items=items)).splitlines()
    assert first.startswith("<Result 'Qualify' completed")
    assert (lines[0], lines[-1], len(lines)) == ("  lastName: L0, status: Qualified", "  and 2 items more", 11)


def test_steps_are_found_by_id_and_name() -> None:
    result = Result("r", "Qualify", "completed", STEPS)
    assert result.step("1") is result.step("Create Lead")
    assert result.step("1").items == [{"id": "x"}]
    with pytest.raises(KeyError, match="did not run"):
        result.step("3")


def test_a_failed_run_raises_its_own_error() -> None:
    error = {
        "code": "schema.unknown_field",
        "message": "no field 'x'",
        "hint": "Did you mean 'y'?",
        "where": {"node": "2", "field": "x"},
    }
    result = Result("r", "Qualify", "failed", STEPS, error=error)
    with pytest.raises(NodeError) as caught:
        result.raise_for_status()
    assert (caught.value.code, caught.value.where.node, caught.value.where.workflow) == (
        "schema.unknown_field",
        "2",
        "Qualify",
    )
    assert caught.value.hint == "Did you mean 'y'?"


def test_a_cancelled_run_raises_too_and_a_waiting_one_does_not() -> None:
    with pytest.raises(TowpathError, match="cancelled"):
        Result("r", "Qualify", "cancelled").raise_for_status()
    assert Result("r", "Qualify", "waiting").ok
