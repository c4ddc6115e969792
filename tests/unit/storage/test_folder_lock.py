"""One worker per folder, whatever the folder is called, and a dead worker is in nobody's way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from towpath.errors import ConflictError
from towpath.storage.folder_lock import FolderLock

SOURCES = Path(__file__).resolve().parents[3] / "src"
HOLDS = """
import sys
from towpath.storage.folder_lock import FolderLock
with FolderLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder)], stdin=pipe, stdout=pipe, text=True, env=environment
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_worker_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    with hold(tmp_path) as process:
        with pytest.raises(ConflictError) as caught:
            FolderLock(tmp_path).acquire()
        error = caught.value
        assert error.code == "storage.folder_in_use"
        assert f"pid {process.pid} on {socket.gethostname()}" in error.message
        assert error.params["pid"] == process.pid
        process.communicate("\n")
    with FolderLock(tmp_path):
        pass


def test_a_symbolic_link_leads_to_the_same_lock(tmp_path: Path) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)
    with FolderLock(folder), pytest.raises(ConflictError):
        FolderLock(link).acquire()
    with FolderLock(link), pytest.raises(ConflictError):
        FolderLock(folder).acquire()


def test_a_lock_is_free_again_after_kill_9(tmp_path: Path) -> None:
    with hold(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
    with FolderLock(tmp_path):
        assert str(os.getpid()) in (tmp_path / "worker.lock").read_text()


def test_one_process_cannot_hold_a_folder_twice(tmp_path: Path) -> None:
    with FolderLock(tmp_path) as lock:
        with pytest.raises(ConflictError) as caught:
            lock.acquire()
        assert caught.value.params["pid"] == os.getpid()
        with pytest.raises(ConflictError):
            FolderLock(tmp_path).acquire()
    lock.release()
    lock.acquire()
    lock.release()


def test_an_owner_that_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        (tmp_path / "worker.lock").write_text("not json")
        with pytest.raises(ConflictError, match="pid unknown on unknown"):
            FolderLock(tmp_path).acquire()
