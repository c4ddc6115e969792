"""An OpenTelemetry collector is told what takes how long, and nothing of records."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.acceptance.api_server import wait_for
from tests.acceptance.otlp_receiver import Receiver
from tests.fleet import ONCE, Fleet, create_leads, is_idle, publish_text, send, wait_until
from tests.postgres_server import database
from towpath.api.intake import Intake
from towpath.app import open_platform, trace
from towpath.connectors.open_telemetry import OpenTelemetry
from towpath.errors import InputError, StorageError
from towpath.ports.tracing import NO_TRACING

TOKEN = "a-token-for-tests-that-is-long-enough"
SECRET = "Lovelace"  # a value of a record
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as opened:
        yield opened


@pytest.fixture
def tracing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> OpenTelemetry:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
    return OpenTelemetry()


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    variables = {
        **os.environ, "TOWPATH_FOLDER": str(folder), "TOWPATH_API_TOKEN": TOKEN, "TOWPATH_HTTP_ALLOW": "127.0.0.1",
        "OTEL_BSP_SCHEDULE_DELAY": "100", **environment,
    }  # fmt: skip
    command = [sys.executable, "-m", "towpath.main", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines: list[str] = []
        while "}\n" not in lines:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            lines.append(line)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=json.loads("".join(lines))["url"], headers=headers, timeout=20) as client:
            yield client, process
    finally:
        process.kill()
        process.communicate()


def workflow(peer: str) -> dict[str, object]:
    """Makes a lead of a call and tells somebody of it."""
    lead = {"object": "Lead", "fields": {"lastName": "{{ $json.body.name }}"}}
    call = {"method": "POST", "url": f"{peer}/told?name={{{{ $json.fields.lastName }}}}"}
    return {
        "name": "Tell",
        "nodes": {
            "hook": {"type": "trigger.webhook", "params": {"path": "lead"}},
            "lead": {"type": "crm.create", "params": lead},
            "tell": {"type": "http.request", "params": call},
        },
        "edges": {"1": {"source": "hook", "target": "lead"}, "2": {"source": "lead", "target": "tell"}},
    }


def publish(client: httpx.Client, definition: dict[str, object]) -> None:
    answer = client.post("/api/workflows", json={"definition": definition})
    assert answer.is_success, answer.text


def loaded(command: Sequence[str]) -> set[str]:
    """The modules of OpenTelemetry's SDK that a program has loaded at its end."""
    script = "import sys\nsys.argv = {!r}\n{}\nprint('loaded', *[m for m in sys.modules if 'opentelemetry.sdk' in m])"
    run = "try:\n    from towpath.main import main; main()\nexcept SystemExit: pass"
    done = subprocess.run(
        [sys.executable, "-c", script.format(list(command), run)], capture_output=True, text=True, check=True
    )
    return set(done.stdout.rsplit("loaded", 1)[1].split())


def test_a_call_from_outside_is_followed_from_the_request_to_the_peer(tmp_path: Path, receiver: Receiver) -> None:
    told = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_SERVICE_NAME": "crm"}
    with serving(tmp_path, **told) as (client, _):
        publish(client, workflow(receiver.url))
        parent = f"00-{TRACE}-{CALLER}-01"
        assert client.post("/hooks/lead", json={"name": SECRET}, headers={"traceparent": parent}).status_code == 202
        wait_for(lambda: bool(receiver.named("send effects")))
        wait_for(lambda: sum(span.attributes["towpath.ended"] for span in receiver.named("advance runs")) == 1)
    (request,) = receiver.named("POST /hooks/{path:path}")
    assert (request.trace, request.parent, request.service) == (TRACE, CALLER, "crm")
    assert (request.attributes["http.response.status_code"], request.failed) == (202, False)
    (intake,) = [span for span in receiver.named("take in events") if span.parent == request.id]
    assert (intake.trace, intake.attributes) == (TRACE, {"towpath.events": 1})
    batches = receiver.named("advance runs")
    assert {span.attributes["towpath.workflow"] for span in batches} == {"Tell"}
    assert [(span.attributes["towpath.runs"], span.attributes["towpath.ended"]) for span in batches] == [(1, 0), (1, 1)]
    (sent,) = receiver.named("send effects")
    assert sent.attributes == {
        "towpath.kind": "http", "towpath.effects": 1, "towpath.failed": 0, "towpath.hosts": ["127.0.0.1"],
    }  # fmt: skip
    (call,) = receiver.calls
    assert call["traceparent"].startswith(f"00-{sent.trace}-{sent.id}-")
    assert SECRET not in repr(receiver.spans)


def test_a_bulk_job_has_a_span_for_each_page_and_batch_and_none_for_a_run(tmp_path: Path, receiver: Receiver) -> None:
    note = {
        "name": "Note",
        "nodes": {"start": {"type": "trigger.manual"}, "end": {"type": "logic.noop"}},
        "edges": {"1": {"source": "start", "target": "end"}},
    }
    with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url) as (client, _):
        publish(client, note)
        leads = [{"lastName": f"{SECRET} {number}"} for number in range(300)]
        made = client.post("/api/records/Lead/bulk", json={"rows": leads})
        assert made.is_success, made.text
        job = client.post("/api/workflows/Note/enrol", json={"object": "Lead"})
        assert job.is_success, job.text
        wait_for(lambda: sum(s.attributes["towpath.ended"] for s in receiver.named("advance runs")) == 300)
    (page,) = receiver.named("feed a bulk job")
    assert page.attributes["towpath.records"] == 300
    assert len(receiver.named("advance runs")) < 10
    assert SECRET not in repr(receiver.spans)


def test_calls_that_share_a_transaction_are_linked_to_it(receiver: Receiver, tracing: OpenTelemetry) -> None:
    async def both() -> None:
        intake: Intake[str, str] = Intake(list, backlog=9, written=lambda: None, tracing=tracing)

        async def request(name: str) -> None:
            with tracing.span(name):
                await intake.submit(name)

        await asyncio.gather(request("one"), request("other"))

    asyncio.run(both())
    tracing.close()
    (batch,) = receiver.named("take in events")
    assert (batch.parent, batch.attributes) == ("", {"towpath.events": 2})
    assert set(batch.links) == {span.id for name in ("one", "other") for span in receiver.named(name)}


def test_what_breaks_is_told_by_its_code_and_not_by_its_text(receiver: Receiver, tracing: OpenTelemetry) -> None:
    for error in (StorageError(SECRET, code="storage.disk_full"), ValueError(SECRET)):
        with pytest.raises(type(error)), tracing.span("broken"):
            raise error
    tracing.close()
    broken = receiver.named("broken")
    assert [span.attributes for span in broken] == [{"error.type": "storage.disk_full"}, {"error.type": "ValueError"}]
    assert all(span.failed for span in broken)


def test_a_request_is_never_told_with_its_address(tmp_path: Path, receiver: Receiver) -> None:
    with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url) as (client, _):
        asked = [
            client.get(f"{path}{SECRET}").status_code for path in ("/answer/", "/nowhere/", "/api/runs/", "/ready?")
        ]
        wait_for(lambda: len(receiver.spans) >= len(asked))
    names = {span.name for span in receiver.spans}
    assert {"GET /answer/{token}", "GET /api/runs/{run}", "GET /ready"} <= names
    assert SECRET not in repr(receiver.spans)


def test_workers_tell_of_what_they_do(tmp_path: Path, receiver: Receiver) -> None:
    with database() as url:
        more = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
        fleet = Fleet(url, tmp_path, "local", more)
        try:
            with fleet.platform() as platform:
                publish_text(platform, ONCE)
                create_leads(platform, 100)
                worker = fleet.worker()
                wait_until(lambda: is_idle(platform), 60, fleet.logs)
            send(worker, signal.SIGTERM)
            assert worker.wait(20) == 0
        finally:
            fleet.end()
    assert sum(span.attributes["towpath.ended"] for span in receiver.named("advance runs")) == 100


def test_a_collector_that_is_away_stops_nothing_and_does_not_delay_the_end(tmp_path: Path) -> None:
    with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9") as (client, process):
        publish(client, workflow("http://127.0.0.1:9"))
        assert client.post("/hooks/lead", json={"name": SECRET}).status_code == 202
        client.close()
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_nobody_is_told_unless_a_collector_is_named(environment: dict[str, str]) -> None:
    platform = open_platform(memory=True)
    trace(platform, environment)
    assert platform.tracing is NO_TRACING
    platform.close()


def test_without_a_collector_nothing_of_the_library_is_loaded() -> None:
    assert loaded(["towpath", "serve", "--help"]) == set()
    script = "import sys, towpath.app, towpath.api.app; print(any('opentelemetry.sdk' in m for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(("endpoint", "protocol"), [("http://127.0.0.1:4317", "grpc"), ("127.0.0.1:4318", "")])
def test_what_is_not_spoken_is_refused_with_what_to_do(endpoint: str, protocol: str) -> None:
    platform = open_platform(memory=True)
    with pytest.raises(InputError, match="http/protobuf") as refused:
        trace(platform, {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL": protocol})
    assert (refused.value.code, "4318" in (refused.value.hint or "")) == ("config.tracing", True)
    platform.close()
