"""A real server in a process of its own, on a real folder, and a client that speaks to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx

TOKEN = "a-token-for-tests-that-is-long-enough"
SCRIPT = """
import json, os, sys
from towpath.api.serving import serve
from towpath.api.settings import Settings
from towpath.app import open_platform
from towpath.worker.loop import Worker

def tell(started):
    print(json.dumps({"url": started.url, "token": started.token}), flush=True)

platform = open_platform(sys.argv[1])
serve(platform, Worker(platform), Settings.from_environment(os.environ, port=int(sys.argv[2])), tell)
platform.close()
print("closed", flush=True)
"""


class Server:
    """``towpath serve`` without the command line; stopped (or killed) at the end of a ``with``."""

    def __init__(self, folder: Path, *, port: int = 0, **environment: str) -> None:
        self.folder = folder
        variables = {**os.environ, "TOWPATH_API_TOKEN": TOKEN, **environment}
        variables = {name: value for name, value in variables.items() if value}
        command = [sys.executable, "-c", SCRIPT, str(folder), str(port)]
        self.client = httpx.Client(timeout=20)
        self.process = subprocess.Popen(
            command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begin(self) -> None:
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, self.process.communicate()[1]
        started = json.loads(said)
        self.url, self.token = started["url"], started["token"]
        self.client.base_url = httpx.URL(self.url)
        self.client.headers["Authorization"] = f"Bearer {TOKEN}"
        wait_for(self._answers)

    def __exit__(self, *_: object) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal and wait for the end: exit code, standard output, standard error."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The answer's JSON; fails for an answer that is not a success."""
        answer = self.client.request(method, path, json=body, **more)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def fails(self, status: int, method: str, path: str, body: Any = None, **more: Any) -> Mapping[str, Any]:
        """The problem document; fails for another status."""
        answer = self.client.request(method, path, json=body, **more)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        problem: Mapping[str, Any] = answer.json()
        assert problem["status"] == status
        return problem

    def runs(self, **query: Any) -> list[dict[str, Any]]:
        """Runs as the API lists them."""
        found: list[dict[str, Any]] = self.ok("GET", "/api/runs", params={"limit": 1000, **query})
        return found

    def _answers(self) -> bool:
        try:
            return self.client.get("/ready").status_code == 200
        except httpx.TransportError:
            return False


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until the condition holds; fails when it does not come to that."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


def webhook_workflow(name: str = "Hook", path: str = "new-lead", **params: Any) -> dict[str, Any]:
    """A workflow that makes a lead of each call."""
    lead = {"object": "Lead", "fields": {"lastName": "{{ $json.body.name }}", "email": "{{ $json.body.email }}"}}
    return {
        "name": name,
        "nodes": {
            "call": {"type": "trigger.webhook", "params": {"path": path, **params}},
            "lead": {"type": "crm.create", "params": lead},
        },
        "edges": {"1": {"source": "call", "target": "lead"}},
    }
