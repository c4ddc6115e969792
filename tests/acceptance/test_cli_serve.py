"""``towpath serve`` as a process: it listens, works, shares the folder, and ends when told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

HOOK = """
name: Take a note
nodes:
  hook: {type: trigger.webhook, params: {path: note}}
  make: {type: crm.create, params: {object: Lead, fields: {lastName: "{{ $json.body.name }}"}}}
edges:
  a: {source: hook, target: make}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "TOWPATH_FOLDER": str(tmp_path / "data"), "LC_ALL": "C.UTF-8"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "towpath.main", *arguments]


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command("serve", "--port", "0", "--json"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def started(process: subprocess.Popen[str]) -> dict[str, str]:
    """What the server says once it listens."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            break
    found: dict[str, str] = json.loads("".join(lines))
    return found


def test_the_server_tells_where_it_listens_and_its_token_and_ends_when_told(server: subprocess.Popen[str]) -> None:
    told = started(server)
    assert httpx.get(f"{told['url']}/health").status_code == 200
    assert told["token"]
    server.send_signal(signal.SIGINT)
    assert server.wait(15) == 0


def test_commands_and_server_share_a_folder(
    server: subprocess.Popen[str], environment: dict[str, str], tmp_path: Path
) -> None:
    url = started(server)["url"]
    (tmp_path / "hook.yaml").write_text(HOOK, encoding="utf-8")
    published = subprocess.run(
        command("publish", str(tmp_path / "hook.yaml")), env=environment, capture_output=True, text=True, check=True
    )
    assert "it goes on from here" in published.stderr
    assert httpx.post(f"{url}/hooks/note", json={"name": "Doe"}).status_code == 202
    second = subprocess.run(
        command("serve", "--port", "0"), env=environment, capture_output=True, text=True, check=False
    )
    assert (second.returncode, "storage.folder_in_use" in second.stderr) == (4, True)
