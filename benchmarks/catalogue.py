"""All benchmarks by name. Each is a function of an empty folder and of whether it should be quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.big_job import big_job
from benchmarks.bulk_enrolment import bulk_enrolment
from benchmarks.expressions import expressions
from benchmarks.figures import Figure
from benchmarks.http_calls import http_calls
from benchmarks.kill_loop import kill_loop
from benchmarks.lead_intake import lead_intake
from benchmarks.many_items import many_items
from benchmarks.pages import pages
from benchmarks.postgres import postgres
from benchmarks.record_runs import record_runs
from benchmarks.waits import waits
from benchmarks.webhooks import webhooks

Benchmark = Callable[[Path, bool], list[Figure]]


def _record_runs(folder: Path, quick: bool) -> list[Figure]:
    return record_runs(folder, (1, 1_000), 1) if quick else record_runs(folder)


def _big_job(folder: Path, quick: bool) -> list[Figure]:
    return [] if quick else big_job(folder)


def _bulk_enrolment(folder: Path, quick: bool) -> list[Figure]:
    return bulk_enrolment(folder, 20_000) if quick else bulk_enrolment(folder)


def _many_items(folder: Path, quick: bool) -> list[Figure]:
    return many_items(folder, (1_000, 10_000)) if quick else many_items(folder)


def _webhooks(folder: Path, quick: bool) -> list[Figure]:
    return webhooks(folder, (1, 50), 1, 1.0) if quick else webhooks(folder)


def _http_calls(folder: Path, quick: bool) -> list[Figure]:
    return http_calls(folder, 2) if quick else http_calls(folder)


def _kill_loop(folder: Path, quick: bool) -> list[Figure]:
    return kill_loop(folder, 1_000) if quick else kill_loop(folder)


def _waits(folder: Path, quick: bool) -> list[Figure]:
    return waits(folder, 20_000, 5_000, 1_000) if quick else waits(folder)


def _lead_intake(folder: Path, quick: bool) -> list[Figure]:
    return lead_intake(folder, 10_000) if quick else lead_intake(folder)


def _pages(folder: Path, quick: bool) -> list[Figure]:
    return pages(folder, 10_000) if quick else pages(folder)


def _postgres(folder: Path, quick: bool) -> list[Figure]:
    return postgres(folder, 3_000, 1, (1, 2)) if quick else postgres(folder)


def _expressions(_: Path, quick: bool) -> list[Figure]:
    return expressions(3_000) if quick else expressions()


BENCHMARKS: Mapping[str, Benchmark] = {
    "record-runs": _record_runs,
    "big-job": _big_job,
    "bulk-enrolment": _bulk_enrolment,
    "many-items": _many_items,
    "webhooks": _webhooks,
    "http-calls": _http_calls,
    "kill-loop": _kill_loop,
    "waits": _waits,
    "lead-intake": _lead_intake,
    "pages": _pages,
    "postgres": _postgres,
    "expressions": _expressions,
}
