"""What every dispatcher promises, shown with real workers on one Postgres: all is done, once, whoever dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet import (
    ONCE,
    Fleet,
    child_of,
    create_leads,
    is_idle,
    lead_scores,
    publish_text,
    runs_by_status,
    send,
    wait_until,
)
from tests.postgres_server import database
from tests.rabbit_server import broker

LEADS = 2_000
DISPATCHERS = ("local", "procrastinate", "celery")
each = pytest.mark.parametrize("fleet", DISPATCHERS, indirect=True)
# What does not depend on how workers are told of work is tried with every dispatcher by night only.
local_by_day = pytest.mark.parametrize(
    "fleet",
    ["local", *(pytest.param(name, marks=pytest.mark.nightly) for name in DISPATCHERS[1:])],
    indirect=True,
)
pytestmark = pytest.mark.timeout(300)  # several processes start, on machines that may be busy


@pytest.fixture(scope="module")
def rabbit() -> Iterator[str]:
    with broker() as url:
        yield url


@pytest.fixture
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    more = {"TOWPATH_BROKER_URL": request.getfixturevalue("rabbit")} if request.param == "celery" else {}
    with database() as url:
        fleet = Fleet(url, tmp_path, request.param, more)
        yield fleet
        fleet.end()


@each
def test_two_workers_do_everything_once_and_one_that_is_killed_is_no_loss(fleet: Fleet) -> None:
    with fleet.platform() as platform:
        publish_text(platform, ONCE)
        workers = [fleet.worker(), fleet.worker()]
        children = [child_of(worker) for worker in workers]
        create_leads(platform, LEADS, bulk=True)
        wait_until(lambda: lead_scores(platform).get(1, 0) > 0, 60, fleet.logs)
        os.kill(children[0], signal.SIGKILL)  # in the middle of it
        send(workers[1], signal.SIGKILL)  # with the process that would replace it
        wait_until(lambda: lead_scores(platform) == {1: LEADS}, 30, fleet.logs)
        wait_until(lambda: is_idle(platform), 10, fleet.logs)
        assert runs_by_status(platform) == {"completed": LEADS}
        wait_until(lambda: child_of(workers[0]) != children[0], 30, fleet.logs)  # replaced, at the latest by now
        send(workers[0], signal.SIGTERM)
        assert workers[0].wait(20) == 0


@local_by_day
def test_a_worker_serves_only_its_queues(fleet: Fleet) -> None:
    with fleet.platform() as platform:
        publish_text(platform, ONCE)
        create_leads(platform, 10)
        fleet.worker("--queue", "mail", "--queue", "bulk")
        wait_until(lambda: bool(fleet.logs()), 30)
        with pytest.raises(AssertionError):
            wait_until(lambda: is_idle(platform), 3)
        fleet.worker("--queue", "interactive")
        wait_until(lambda: lead_scores(platform) == {1: 10}, 30, fleet.logs)


@local_by_day
def test_a_worker_that_lives_and_does_nothing_is_replaced(fleet: Fleet) -> None:
    with fleet.platform() as platform:
        publish_text(platform, ONCE)
        worker = fleet.worker("--replace-after", "3")
        create_leads(platform, 10)
        wait_until(lambda: lead_scores(platform) == {1: 10}, 30, fleet.logs)
        frozen = child_of(worker)
        os.kill(frozen, signal.SIGSTOP)
        create_leads(platform, 10)
        wait_until(lambda: lead_scores(platform) == {1: 20}, 40, fleet.logs)
        assert child_of(worker) != frozen
