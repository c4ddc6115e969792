"""The ready-made workflows: complete, without problems, usable with one call, and shown at work by the demo."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from towpath.app import open_platform
from towpath.cli.main import main
from towpath.engine.tables import RUN
from towpath.errors import InputError
from towpath.main import DOORS
from towpath.model.moment import from_text
from towpath.service import records, workflows
from towpath.service.demo import SPAN, DemoSize, run_demo
from towpath.service.drive import drive_until
from towpath.service.metrics import WorkflowMetrics
from towpath.service.template_play import play_template
from towpath.service.templates import get_template, list_templates, use_template
from towpath.storage.system import VirtualClock

NAMES = [template.name for template in list_templates()]
DAY = 24 * 3600 * 1_000_000


def test_there_are_five_templates_for_each_scenario() -> None:
    counts = Counter(template.scenario for template in list_templates())
    assert counts == {"sales": 5, "relationship": 5, "support": 5, "marketing": 5}


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_no_problems_and_a_chinese_title(name: str) -> None:
    template, platform = get_template(name), open_platform(memory=True)
    try:
        assert workflows.check(platform, template.definition) == []
    finally:
        platform.close()
    assert {"en", "zh"} <= set(template.titles)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_with_its_sample_data_runs_for_weeks_without_a_failed_run(name: str) -> None:
    clock = VirtualClock()
    platform = open_platform(memory=True, clock=clock)
    try:
        use_template(platform, name, sample=True)
        drive_until(platform, clock, clock.now() + 42 * DAY)
        counts = platform.store.read(lambda tx: tx.count(RUN, by=("status",)))
        assert "failed" not in dict(counts)
    finally:
        platform.close()


def test_all_templates_are_used_one_after_the_other_and_their_samples_share_people_but_no_other_record() -> None:
    clock = VirtualClock()
    platform = open_platform(memory=True, clock=clock)
    given = [(name, template.sample) for name in NAMES for template in [get_template(name)]]
    try:
        for name in NAMES:
            use_template(platform, name, sample=True)
        people = records.find(platform, "User", limit=1000)
        addresses = {row["email"] for _, sample in given for row in sample.get("User", ())}
        assert sorted(person["email"] for person in people) == sorted(addresses)
        for object_name in ("Account", "Contact", "Campaign"):
            rows = [row for _, sample in given for row in sample.get(object_name, ())]
            assert len(records.find(platform, object_name, limit=1000)) == len(rows)
    finally:
        platform.close()


def test_a_person_of_an_earlier_sample_is_as_the_later_template_has_them() -> None:
    platform = open_platform(memory=True, clock=VirtualClock())
    try:
        use_template(platform, "closed-won", sample=True)
        use_template(platform, "discount-approval", sample=True)
        people = {person["email"]: person for person in records.find(platform, "User")}
        assert people["sam@example.com"]["managerId"] == people["max@example.com"]["id"]
    finally:
        platform.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_weeks_of_a_template_come_to_the_figures_worked_out_by_hand(name: str) -> None:
    clock, template = VirtualClock(0), get_template(name)
    platform = open_platform(memory=True, clock=clock)
    try:
        figures = figures_of(play_template(platform, clock, template))
    finally:
        platform.close()
    expected = template.play.expected
    assert figures["open"] == figures["failed"] == figures["cancelled"] == 0
    assert set(expected) == {"completed", "time_used", "on_time", "labour_hours", "efficiency", "cost", "measures"}
    assert len(expected["measures"]) == len(template.definition.measures) >= 2
    assert figures == {"open": 0, "failed": 0, "cancelled": 0, **expected, "measures": figures["measures"]}
    assert figures["measures"] == expected["measures"]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_tried_on_the_command_line_whatever_day_it_is(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", "templates", "try", name], DOORS) == 0, capsys.readouterr().err
    assert len(json.loads(capsys.readouterr().out)["measures"]) >= 2


def test_a_sample_whose_weeks_have_passed_on_the_clock_says_so() -> None:
    clock = VirtualClock(from_text("2026-11-25T00:00:00Z") or 0)
    platform = open_platform(memory=True, clock=clock)
    try:
        with pytest.raises(InputError) as caught:
            play_template(platform, clock, get_template("lead-capture"))
        assert caught.value.code == "template.late"
    finally:
        platform.close()


def figures_of(metrics: WorkflowMetrics) -> dict[str, Any]:
    """The figures under the names that the scripts give them, to the six places in which they are written."""
    whole = metrics.figures
    figures = {
        "time_used": whole.time_used.value, "on_time": whole.time_used.on_time_rate, "cost": whole.cost.actual_cost,
        "labour_hours": whole.efficiency.labour_hours, "efficiency": whole.efficiency.value,
    }  # fmt: skip
    measures = {key: one.value for key, one in metrics.measures.items()}
    counts = {name: getattr(whole.counts, name) for name in ("completed", "failed", "cancelled", "open")}
    return counts | _to_six_places(figures) | {"measures": _to_six_places(measures)}


def _to_six_places(figures: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 6) for name, value in figures.items()}


def test_the_demo_runs_four_workflows_and_no_run_fails() -> None:
    clock = VirtualClock()
    platform = open_platform(memory=True, clock=clock)
    try:
        result = run_demo(platform, clock, data=None, progress=lambda *_: None, size=DemoSize(300, 300, 60))
        assert len(result.workflows) == 4
        assert SPAN > 14 * DAY
        for one in result.workflows:
            assert sum(one.paths.values()) > 0
            assert one.metrics.figures.counts.failed == 0
    finally:
        platform.close()
