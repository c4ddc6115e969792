"""Figures for a monitoring system, in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from towpath.api.door import GuardedPlain
from towpath.ports.dispatch import QUEUES
from towpath.service.access import Permission
from towpath.service.heartbeats import served_queues
from towpath.service.runs import count_runs
from towpath.service.vitals import Vitals, vitals

Labels = dict[str, str]
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def metrics(request: Request) -> Response:
    """What waits, how late it is, how runs ended, and whether the worker works."""
    state = request.app.state
    found = await run_in_threadpool(vitals, state.platform)
    runs = await run_in_threadpool(count_runs, state.platform)
    lines = [*_gauge("towpath_info", "The version that runs.", 1, version=state.version)]
    lines += _gauge("towpath_worker_up", "1 while the worker of this process works.", int(state.working()))
    lines += _gauge("towpath_intake_waiting", "Calls that wait for the disk.", state.webhooks.waiting)
    workers = Counter(await run_in_threadpool(served_queues, state.platform))
    lines += _head("towpath_workers", "Workers that live, by queue.")
    lines += [_line("towpath_workers", workers[queue], queue=queue) for queue in QUEUES]
    lines += [line for name, text, value in _figures(found) for line in _gauge(name, text, value)]
    lines += _head("towpath_runs", "Runs by workflow and status.")
    for workflow, counts in sorted(runs.items()):
        lines += [_line("towpath_runs", count, workflow=workflow, status=status) for status, count in counts.items()]
    return Response("\n".join(lines) + "\n", media_type=MEDIA_TYPE)


def _figures(found: Vitals) -> Iterator[tuple[str, str, float]]:
    yield "towpath_events_waiting", "Rows of intake that no worker has taken up.", found.events
    yield "towpath_runs_late_seconds", "How long the first parked run has been due.", found.runs_late
    yield "towpath_effects_due", "Calls and mails that are due.", found.effects_due
    yield "towpath_effects_late_seconds", "How long the first of them has been due.", found.effects_late
    yield "towpath_effects_unknown", "Calls in doubt that wait for a person.", found.effects_unknown
    if found.disk_free is not None:
        yield "towpath_disk_free_bytes", "Space left where the data is.", found.disk_free


def _gauge(name: str, text: str, value: float, **labels: str) -> list[str]:
    return [*_head(name, text), _line(name, value, **labels)]


def _head(name: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge"]


def _line(name: str, value: float, **labels: str) -> str:
    said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{said}}} {value}" if said else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


routes = [GuardedPlain("/metrics", metrics, methods=["GET"], permission=Permission("metric", "read"))]
