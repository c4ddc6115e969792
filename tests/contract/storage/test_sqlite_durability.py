"""What SQLite has acknowledged is on disk: through kill -9, a full disk, and other processes at the same file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.contract.storage.tables import THING
from towpath.errors import StorageError
from towpath.ports.store import Transaction
from towpath.storage.sqlite import SQLiteStore

ROOT = Path(__file__).resolve().parents[3]
WRITES = """
import sys, threading
from tests.contract.storage.tables import THING
from towpath.storage.sqlite import SQLiteStore
store = SQLiteStore(sys.argv[1])
store.write(lambda tx: tx.ensure(THING))
said = threading.Lock()
def work(thread):
    for number in range(1_000_000):
        key = f"{thread}-{number}"
        store.write(lambda tx: tx.insert(THING, ("id",), [(key + "l",), (key + "r",)]))
        with said:
            print(key, flush=True)
for thread in range(4):
    threading.Thread(target=work, args=(thread,)).start()
"""
HOLDS = """
import sys
from towpath.storage.sqlite import SQLiteStore
store = SQLiteStore(sys.argv[1])
def work(tx):
    print("held", flush=True)
    sys.stdin.readline()
store.write(work)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "towpath.db"


@pytest.fixture
def store(path: Path) -> Iterator[SQLiteStore]:
    store = SQLiteStore(path)
    store.write(lambda tx: tx.ensure(THING))
    yield store
    store.close()


def test_what_was_acknowledged_survives_kill_9_and_no_unit_is_there_by_half(path: Path) -> None:
    with start(WRITES, path) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(200)]
        process.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    store = SQLiteStore(path)
    kept = {key for (key,) in store.read(lambda r: r.select(THING, ("id",)))}
    assert {key + side for key in acknowledged for side in "lr"} <= kept
    assert {key[:-1] for key in kept if key.endswith("l")} == {key[:-1] for key in kept if key.endswith("r")}
    assert store.integrity_check() == []
    store.close()


def test_a_full_disk_is_a_clear_error_that_damages_nothing_and_passes(path: Path) -> None:
    store = SQLiteStore(path, max_bytes=200_000)
    store.write(lambda tx: tx.ensure(THING))
    kept = 0
    with pytest.raises(StorageError) as caught:  # noqa: PT012 - it is the loop that fills the disk
        for kept in range(1_000):
            store.write(lambda tx, n=kept: tx.insert(THING, ("id", "name"), [(str(n), "x" * 5_000)]))
    assert (caught.value.code, caught.value.status) == ("storage.disk_full", 507)
    assert store.read(lambda r: r.count(THING)) == [(kept,)]
    assert store.integrity_check() == []
    store.write(lambda tx: tx.delete(THING, [str(number) for number in range(10)]))
    store.write(lambda tx: tx.insert(THING, ("id", "name"), [("again", "x" * 5_000)]))
    assert store.read(lambda r: r.count(THING)) == [(kept - 9,)]
    store.close()


def test_a_unit_that_fills_the_disk_takes_nothing_of_those_that_share_its_commit(path: Path) -> None:
    store = SQLiteStore(path, max_bytes=400_000)
    store.write(lambda tx: tx.ensure(THING))
    started, go_on = Event(), Event()

    def wait(tx: Transaction) -> None:
        started.set()
        assert go_on.wait(20)

    def add(key: str, size: int) -> None:
        store.write(lambda tx: tx.insert(THING, ("id", "name"), [(key, "x" * size)]))

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(store.write, wait)
        assert started.wait(20)
        sizes = [10, 10, 1_000_000, 10, 10]
        units = [pool.submit(add, str(number), size) for number, size in enumerate(sizes)]
        go_on.set()
        first.result()
        errors = [unit.exception() for unit in units]
    assert [isinstance(error, StorageError) and error.code for error in errors] == [
        "storage.disk_full" if size > 10 else False for size in sizes
    ]
    assert store.read(lambda r: r.count(THING)) == [(4,)]
    store.close()


def test_a_writer_waits_for_another_process_and_gives_up_with_a_clear_error(store: SQLiteStore, path: Path) -> None:
    impatient = SQLiteStore(path, busy_timeout=0.05)
    with start(HOLDS, path) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StorageError) as caught:
            impatient.write(lambda tx: tx.insert(THING, ("id",), [("a",)]))
        assert (caught.value.code, caught.value.status) == ("storage.locked", 503)
        assert impatient.read(lambda r: r.count(THING)) == [(0,)]  # reading waits for nobody
        with ThreadPoolExecutor(1) as pool:
            patient = pool.submit(store.write, lambda tx: tx.insert(THING, ("id",), [("b",)]))
            process.stdin.write("\n")
            process.stdin.flush()
            patient.result(20)
    assert impatient.read(lambda r: r.select(THING, ("id",))) == [("b",)]
    impatient.close()


def test_a_backup_made_while_others_write_is_whole(store: SQLiteStore, tmp_path: Path) -> None:
    stop = Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.write(lambda tx, n=number: tx.insert(THING, ("id",), [(f"{n}l",), (f"{n}r",)]))
            number += 1

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        copies = [tmp_path / f"copy{number}.db" for number in range(5)]
        for copy in copies:
            store.backup(copy)
        stop.set()
        writing.result()
    for copy in copies:
        restored = SQLiteStore(copy)
        assert restored.integrity_check() == []
        assert restored.read(lambda r: r.count(THING))[0][0] % 2 == 0
        restored.close()
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_never_writes_over_a_file(store: SQLiteStore, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(StorageError) as caught:
        store.backup(tmp_path / "precious")
    assert caught.value.code == "storage.file_exists"
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_store_in_memory_can_be_kept_as_a_file(tmp_path: Path) -> None:
    store = SQLiteStore(":memory:")
    store.write(lambda tx: tx.ensure(THING))
    store.write(lambda tx: tx.insert(THING, ("id",), [("a",)]))
    store.backup(tmp_path / "kept.db")
    assert store.integrity_check() == []
    kept = SQLiteStore(tmp_path / "kept.db")
    assert kept.read(lambda r: r.select(THING, ("id",))) == [("a",)]
    kept.close()


def test_a_database_may_be_read_by_its_owner_only(store: SQLiteStore, path: Path, tmp_path: Path) -> None:
    store.backup(tmp_path / "copy.db")
    files = list(tmp_path.iterdir())
    assert len(files) >= 3  # the database, its log, the copy
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        SQLiteStore(path)
    assert caught.value.code == "storage.damaged"
    assert path.read_bytes() == content


def test_a_damaged_page_is_found(path: Path) -> None:
    store = SQLiteStore(path)
    store.write(lambda tx: tx.ensure(THING))
    store.write(lambda tx: tx.insert(THING, ("id", "name"), [(f"{n:05}", "x" * 50) for n in range(5_000)]))
    store.close()
    content = bytearray(path.read_bytes())
    content[100_000:104_096] = b"\x55" * 4_096
    path.write_bytes(content)
    damaged = SQLiteStore(path)
    assert damaged.integrity_check()
    with pytest.raises(StorageError) as caught:
        damaged.read(lambda r: r.select(THING))
    assert caught.value.code == "storage.damaged"
    damaged.close()


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        SQLiteStore(tmp_path / "missing" / "towpath.db")
    assert caught.value.code == "storage.io"
