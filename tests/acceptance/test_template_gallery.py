"""The ready-made workflows: complete, without problems, usable with one call, and shown at work by the demo."""

from __future__ import annotations

from collections import Counter

import pytest

from towpath.app import open_platform
from towpath.engine.tables import RUN
from towpath.service import workflows
from towpath.service.demo import SPAN, DemoSize, run_demo
from towpath.service.drive import drive_until
from towpath.service.templates import get_template, list_templates, use_template
from towpath.storage.system import VirtualClock

NAMES = [template.name for template in list_templates()]
DAY = 24 * 3600 * 1_000_000


def test_there_are_two_templates_for_each_scenario() -> None:
    counts = Counter(template.scenario for template in list_templates())
    assert set(counts) == {"sales", "relationship", "support", "marketing"}
    assert min(counts.values()) >= 2


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
        driven = drive_until(platform, clock, clock.now() + 42 * DAY)
        counts = platform.store.read(lambda tx: tx.count(RUN, by=("status",)))
        assert driven.runs > 0
        assert "failed" not in dict(counts)
    finally:
        platform.close()


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
