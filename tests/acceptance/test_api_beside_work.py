"""Reading goes on beside the work: reports hold up nobody, and nobody who reads disturbs the worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from towpath.app import open_platform
from towpath.formats import read_workflow
from towpath.service import metrics, records, tasks, workflows
from towpath.service.platform import Platform

WORKFLOW = {"name": "Any", "nodes": {"start": {"type": "trigger.manual"}}}


@pytest.mark.parametrize(
    "look",
    [
        lambda platform: records.find(platform, "Lead"),
        lambda platform: records.count(platform, "Lead"),
        lambda platform: records.get(platform, "Lead", "none"),
        tasks.list_tasks,
        workflows.list_workflows,
        lambda platform: workflows.check(platform, read_workflow(WORKFLOW)),
        lambda platform: metrics.workflow_metrics(platform, "Any"),
        lambda platform: metrics.people_metrics(platform, "Ada"),
    ],
)
def test_whoever_reads_does_not_wait_for_whoever_writes(tmp_path: Path, look: Callable[[Platform], object]) -> None:
    platform = open_platform(tmp_path)
    records.create(platform, "User", {"name": "Ada"})
    workflows.publish(platform, read_workflow(WORKFLOW))
    writing, looked = threading.Event(), threading.Event()

    def write(_: object) -> bool:
        writing.set()
        return looked.wait(20)

    writer = threading.Thread(target=platform.store.write, args=(write,))
    writer.start()
    assert writing.wait(20)
    reader = threading.Thread(target=lambda: (look(platform), looked.set()))
    reader.start()
    reader.join(15)
    assert looked.is_set(), "it waited for the transaction that was open"
    writer.join()
    platform.close()


def test_a_plan_that_a_reader_loads_does_not_disturb_a_thread_that_looks_through_the_plans(tmp_path: Path) -> None:
    platform = open_platform(tmp_path)
    numbers = [workflows.publish(platform, read_workflow({**WORKFLOW, "name": f"W{n}"})).number for n in range(3)]
    platform.published.plans = {}
    for number in numbers[:2]:
        platform.store.read(lambda tx, number=number: platform.published.plan(tx, number))
    looking = iter(platform.published.plans.items())
    next(looking)
    platform.store.read(lambda tx: platform.published.plan(tx, numbers[2]))
    assert len(list(looking)) == 1
    assert set(platform.published.plans) == set(numbers)
    platform.close()
