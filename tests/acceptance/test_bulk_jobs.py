"""Bulk jobs: many records enter a workflow page by page, each once, whatever pauses, kills or caps the job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import towpath
from tests.acceptance.api_server import Server, wait_for
from tests.acceptance.flows import DAY, HOUR, World, workflow
from tests.postgres_server import database
from towpath.app import open_platform
from towpath.engine.jobs import JOB
from towpath.errors import ConflictError, NotFoundError, SchemaError
from towpath.expr import parse_condition
from towpath.model.change import Cause
from towpath.service import jobs, notices, runs, start, workflows
from towpath.service.drive import drive
from towpath.service.feeding import AHEAD, PAGE, REST, feed
from towpath.service.jobs import Job, enrol
from towpath.service.platform import Platform
from towpath.service.queues import advance_queue, due_queues
from towpath.service.unit import in_unit
from towpath.storage.postgres import PostgresStore
from towpath.worker.loop import Worker

COUNT = workflow({"mark": ("crm.update", {"object": "Lead", "fields": {"score": "{{ $record.score + 1 }}"}})})
MANY = 3_500  # leads: some pages, the last of them not full


def leads(platform: Platform, count: int, **values: Any) -> list[str]:
    """So many leads, made a thousand in a transaction."""
    ids: list[str] = []
    for at in range(0, count, PAGE):
        rows = [{"lastName": str(n), "score": 0, **values} for n in range(at, min(at + PAGE, count))]
        made = in_unit(platform, lambda unit, rows=rows: unit.records.create("Lead", rows, Cause("t", bulk=True)))
        ids += [lead["id"] for lead in made]
    return ids


@pytest.fixture
def world() -> World:
    made = World()
    made.publish(COUNT)
    return made


def now(world: World, job: Job) -> Job:
    return jobs.show_job(world.platform, job.id)


def scores(platform: Platform) -> Counter[float]:
    """How many leads have been counted how often."""
    return platform.store.read(
        lambda tx: Counter(row[0] for row in tx.select(platform.catalogue.plan("Lead").table, ("score",)))
    )


def test_every_record_that_matches_has_one_run_and_no_other(world: World) -> None:
    wanted = leads(world.platform, MANY, city="Delft")
    leads(world.platform, 100, city="Leiden")
    job = enrol(world.platform, "Flow", "Lead", parse_condition('city == "Delft"'))
    assert (job.state, job.total, job.looked) == ("running", MANY, 0)
    leads(world.platform, 10, city="Delft")  # after it was declared
    world.go()
    assert [run.record for run in world.runs()] == wanted
    done = now(world, job)
    assert (done.state, done.looked, done.entered, done.progress, done.refused) == ("completed", MANY, MANY, 1.0, {})
    assert done.ended_at is not None


def test_an_object_without_records_and_a_condition_that_none_meets_make_jobs_that_are_done_at_once(
    world: World,
) -> None:
    empty = enrol(world.platform, "Flow", "Deal")
    leads(world.platform, 5)
    none = enrol(world.platform, "Flow", "Lead", parse_condition("score > 5"))
    world.go()
    assert [now(world, job).state for job in (empty, none)] == ["completed", "completed"]
    assert world.runs() == []


def test_what_waits_in_the_intake_stays_small_while_nobody_works(world: World) -> None:
    leads(world.platform, (AHEAD + 3) * PAGE)
    job = enrol(world.platform, "Flow", "Lead")
    while feed(world.platform):
        pass
    assert world.intake() == AHEAD
    assert now(world, job).looked == AHEAD * PAGE


def test_events_are_as_small_as_the_batches_that_take_them(world: World) -> None:
    leads(world.platform, PAGE + 50)
    enrol(world.platform, "Flow", "Lead")
    done, _ = advance_queue(world.platform, "bulk", 100)
    assert done is not None
    assert (done.count, world.intake()) == (100, PAGE // 100 - 1)


def test_a_paused_job_goes_on_where_it_was(world: World) -> None:
    wanted = leads(world.platform, MANY)
    job = enrol(world.platform, "Flow", "Lead")
    feed(world.platform)
    assert jobs.pause_job(world.platform, job.id).state == "paused"
    world.go()
    assert len(world.runs()) == PAGE
    assert now(world, job).progress == PAGE / MANY
    jobs.resume_job(world.platform, job.id)
    world.go()
    assert [run.record for run in world.runs()] == wanted


def test_a_page_that_was_read_before_the_pause_does_not_enter_after_it(world: World) -> None:
    leads(world.platform, 10)
    job = enrol(world.platform, "Flow", "Lead")
    write = world.platform.store.write

    def pause_first(work: Any) -> Any:
        world.platform.store.write = write  # type: ignore[method-assign]
        jobs.pause_job(world.platform, job.id)
        return write(work)

    world.platform.store.write = pause_first  # type: ignore[method-assign]
    assert not feed(world.platform)
    assert (now(world, job).state, now(world, job).looked, world.intake()) == ("paused", 0, 0)


def test_a_cancelled_job_lets_nobody_else_in_and_cannot_be_resumed(world: World) -> None:
    leads(world.platform, MANY)
    job = enrol(world.platform, "Flow", "Lead")
    feed(world.platform)
    assert jobs.cancel_job(world.platform, job.id).ended_at is not None
    world.go()
    assert (len(world.runs()), now(world, job).state) == (PAGE, "cancelled")
    with pytest.raises(ConflictError) as refused:
        jobs.resume_job(world.platform, job.id)
    assert refused.value.code == "job.ended"


def test_a_job_of_a_paused_workflow_waits_until_it_is_resumed(world: World) -> None:
    leads(world.platform, 5)
    workflows.pause(world.platform, "Flow")
    job = enrol(world.platform, "Flow", "Lead")
    world.go()
    assert (now(world, job).state, world.intake()) == ("running", 0)
    workflows.resume(world.platform, "Flow")
    world.until(REST / 1_000_000)
    assert (now(world, job).state, len(world.runs())) == ("completed", 5)


def test_the_rate_of_a_job_is_kept(world: World) -> None:
    leads(world.platform, 250)
    job = enrol(world.platform, "Flow", "Lead", per_hour=100)
    counts = []
    for hour in range(3):
        world.until(hour * HOUR)
        counts.append(len(world.runs()))
    assert counts == [100, 200, 250]
    assert now(world, job).state == "completed"


def test_the_cap_of_the_workflow_holds_the_job_and_leaves_nobody_waiting_for_days(world: World) -> None:
    world.publish({**COUNT, "settings": {"enrolment": {"max_entries_per_hour": 100}}})
    leads(world.platform, 1_000)
    job = enrol(world.platform, "Flow", "Lead")
    world.go()
    assert (now(world, job).looked, len(world.runs())) == (100, 100)
    assert (now(world, job).due or 0) - world.clock.now() == HOUR * 1_000_000
    world.until(DAY)
    assert (now(world, job).state, len(world.runs())) == ("completed", 1_000)


def test_whom_the_rules_refuse_is_counted_by_reason_and_said_once(world: World) -> None:
    world.publish({**COUNT, "settings": {"enrolment": {"suppress": "doNotEmail == true"}}})
    refused = leads(world.platform, 1_500, doNotEmail=True)
    leads(world.platform, 700)
    job = enrol(world.platform, "Flow", "Lead")
    world.go()
    done = now(world, job)
    assert (done.looked, done.entered) == (2_200, 700)
    assert done.refused == {"suppressed": {"count": 1_500, "records": refused[:20]}}
    assert world.said("enrolment_refused") == ["Flow did not take 1500 Leads: suppressed"]


def test_jobs_take_turns(world: World) -> None:
    world.publish({**COUNT, "name": "Other"})
    leads(world.platform, 3 * PAGE)
    both = [enrol(world.platform, name, "Lead") for name in ("Other", "Flow")]
    for _ in range(2):
        world.clock.advance(1)
        advance_queue(world.platform, "bulk")
    assert [now(world, job).looked for job in both] == [PAGE, PAGE]
    world.go()
    assert [now(world, job).state for job in both] == ["completed", "completed"]


@pytest.mark.parametrize("priority", [-10, 0, 10])
def test_a_job_is_left_to_the_bulk_queue_whatever_the_priority_of_its_workflow(world: World, priority: int) -> None:
    world.publish({**COUNT, "settings": {"priority": priority}})
    leads(world.platform, 10)
    enrol(world.platform, "Flow", "Lead")
    feed(world.platform)
    alone = start.start(world.platform, "Flow", [{}])
    assert due_queues(world.platform).queues == {"interactive", "bulk"}
    while advance_queue(world.platform, "interactive")[1]:
        pass
    assert [run.id for run in world.runs()] == [alone]
    while advance_queue(world.platform, "bulk")[1]:
        pass
    assert len(world.runs()) == 11


def test_a_job_whose_condition_cannot_be_asked_any_more_fails_and_says_why(world: World) -> None:
    leads(world.platform, 5)
    job = enrol(world.platform, "Flow", "Lead")
    wrong = {"field": "colour", "operator": "==", "value": 1}
    world.platform.store.write(lambda tx: tx.update(JOB, ("where",), [(wrong, job.id)]))
    world.go()
    assert now(world, job).state == "failed"
    assert "colour" in (now(world, job).error or "")


def test_a_job_that_breaks_in_an_unforeseen_way_does_not_stop_the_others(world: World) -> None:
    leads(world.platform, 5)
    broken, whole = enrol(world.platform, "Flow", "Lead"), enrol(world.platform, "Flow", "Lead")
    world.platform.store.write(lambda tx: tx.update(JOB, ("refused",), [([1, 2], broken.id)]))
    world.go()
    assert [now(world, job).state for job in (broken, whole)] == ["failed", "completed"]
    assert len(world.runs()) == 5


def test_what_cannot_be_enrolled_is_refused_when_it_is_declared(world: World) -> None:
    with pytest.raises(SchemaError):
        enrol(world.platform, "Flow", "Lead", parse_condition("colour == 1"))
    with pytest.raises(NotFoundError):
        enrol(world.platform, "Nothing", "Lead")
    with pytest.raises(NotFoundError):
        jobs.show_job(world.platform, "none")


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Platform]]:
    """Opens one store, again and again, as processes do."""
    if request.param == "sqlite":
        yield lambda: open_platform(tmp_path)
        return
    with database() as url:
        yield lambda: open_platform(store=PostgresStore(url))


def test_a_job_goes_on_in_another_process_with_each_record_once(opened: Callable[[], Platform]) -> None:
    first = opened()
    workflows.publish(first, towpath.load(COUNT).definition)
    leads(first, MANY)
    job = enrol(first, "Flow", "Lead")
    for _ in range(2):
        advance_queue(first, "bulk")
    first.close()
    second = opened()
    drive(second)
    assert scores(second) == {1.0: MANY}
    assert jobs.show_job(second, job.id).state == "completed"
    second.close()


def test_workers_of_one_database_feed_a_job_together_with_each_record_once() -> None:
    with database() as url:
        both = [open_platform(store=PostgresStore(url)) for _ in range(2)]
        workflows.publish(both[0], towpath.load(COUNT).definition)
        leads(both[0], 8_000)
        workers = [Worker(platform, queues=("bulk", "interactive")) for platform in both]
        job = enrol(both[0], "Flow", "Lead")
        for worker in workers:
            worker.start()
        wait_for(lambda: jobs.show_job(both[0], job.id).state == "completed", 120)
        jobs_done = jobs.show_job(both[0], job.id)
        wait_for(lambda: runs.count_runs(both[0])["Flow"].get("completed") == 8_000, 60)
        for worker in workers:
            worker.stop()
        assert (jobs_done.looked, jobs_done.entered, scores(both[0])) == (8_000, 8_000, {1.0: 8_000})
        for platform in both:
            platform.close()


KILLED = """
import sys
from towpath.app import open_platform
from towpath.worker.loop import Worker
worker = Worker(open_platform(sys.argv[1]), queues=("bulk", "interactive"))
worker.start()
print("begun", flush=True)
sys.stdin.read()
"""


def test_a_worker_killed_in_the_middle_of_a_job_leaves_each_record_to_run_once(tmp_path: Path) -> None:
    platform, count = open_platform(tmp_path), 20_000
    workflows.publish(platform, towpath.load(COUNT).definition)
    leads(platform, count)
    job = enrol(platform, "Flow", "Lead")
    deaths = 0
    for _ in range(3):
        looked = jobs.show_job(platform, job.id).looked
        command = [sys.executable, "-c", KILLED, str(tmp_path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
            while jobs.show_job(platform, job.id).looked < min(count, looked + 2_000):
                assert worker.poll() is None
                time.sleep(0.005)
            deaths += jobs.show_job(platform, job.id).state == "running"
            os.kill(worker.pid, signal.SIGKILL)
    assert deaths, "it was never killed in the middle"
    drive(platform)
    assert scores(platform) == {1.0: count}
    assert runs.count_runs(platform)["Flow"] == {"completed": count}
    platform.close()


def test_a_run_by_hand_ends_while_a_job_is_under_way(tmp_path: Path) -> None:
    platform = open_platform(tmp_path)
    workflows.publish(platform, towpath.load(COUNT).definition)
    workflows.publish(platform, towpath.load(workflow({"n": "logic.noop"}, name="Small")).definition)
    leads(platform, 30_000)
    worker = Worker(platform)
    worker.start()
    try:
        job = enrol(platform, "Flow", "Lead")
        wait_for(lambda: jobs.show_job(platform, job.id).looked > 0)
        for place in range(3):
            start.start(platform, "Small", [{}])
            worker.nudge()
            wait_for(lambda place=place: len(runs.list_runs(platform, workflow="Small", status="completed")) > place)
        assert jobs.show_job(platform, job.id).state == "running", "the runs by hand have waited for the whole job"
        jobs.cancel_job(platform, job.id)
    finally:
        worker.stop()
        platform.close()


def test_a_job_is_declared_watched_paused_and_resumed_over_http(tmp_path: Path) -> None:
    platform = open_platform(tmp_path)
    workflows.publish(platform, towpath.load(COUNT).definition)
    leads(platform, 50)
    platform.close()
    with Server(tmp_path) as server:
        body = {"object": "Lead", "where": "score == 0", "per_hour": 20}
        job = server.ok("POST", "/api/workflows/Flow/enrol", body)
        path = f"/api/jobs/{job['id']}"
        assert (job["state"], job["total"], job["progress"]) == ("running", 50, 0.0)
        wait_for(lambda: (now := server.ok("GET", path))["due"] > now["changed_at"])  # the rate holds it
        job = server.ok("GET", path)
        assert (job["state"], job["looked"], job["entered"]) == ("running", 20, 20)
        for deed, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
            assert server.ok("POST", f"{path}/{deed}")["state"] == state
        assert server.fails(409, "POST", f"{path}/resume")["code"] == "job.ended"
        assert [each["id"] for each in server.ok("GET", "/api/jobs?state=cancelled")] == [job["id"]]
        server.fails(422, "GET", "/api/jobs?state=sleeping")
        server.fails(422, "POST", "/api/workflows/Flow/enrol", {"object": "Lead", "where": "colour == 1"})
        deeds = [entry["action"] for entry in server.ok("GET", "/api/audit")]
        assert deeds == ["workflow:execute"] * 4, "what was refused is not written down as done"
        assert server.fails(404, "GET", "/api/jobs/none")["code"] == "job.unknown"


def test_a_notice_of_refusals_is_written_when_the_job_is_done(world: World) -> None:
    world.publish({**COUNT, "settings": {"enrolment": {"suppress": "doNotEmail == true"}}})
    (lead,) = leads(world.platform, 1, doNotEmail=True)
    enrol(world.platform, "Flow", "Lead")
    assert notices.list_notices(world.platform, kind="enrolment_refused") == []
    world.go()
    (notice,) = notices.list_notices(world.platform, kind="enrolment_refused")
    assert notice.data == {"reason": "suppressed", "records": [lead], "count": 1}
