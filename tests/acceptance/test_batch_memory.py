"""What a batch makes is gone with it, without Python's cyclic garbage collector: it would look through all of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.workflow import leads, opened, prepared
from towpath.model.change import Cause
from towpath.service.advance import advance
from towpath.service.platform import Platform
from towpath.service.unit import in_unit

RUNS = 400


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = opened(prepared(tmp_path), RUNS)
    save(platform, 10)
    advance(platform)  # plans and statements are made
    yield platform
    platform.close()


def save(platform: Platform, count: int) -> None:
    rows, cause = leads(count), Cause("test", bulk=True)
    in_unit(platform, lambda unit: unit.records.create("Lead", rows, cause))


@pytest.fixture
def uncollected(platform: Platform) -> Iterator[Platform]:
    """Nothing is collected by itself meanwhile."""
    gc.collect()
    gc.disable()
    yield platform
    gc.enable()


def test_neither_saved_records_nor_their_runs_wait_for_the_garbage_collector(uncollected: Platform) -> None:
    save(uncollected, RUNS)
    assert gc.collect() < RUNS / 4
    done = advance(uncollected)
    assert done is not None
    assert done.ended == RUNS
    assert gc.collect() < RUNS / 4


def test_the_runs_of_a_batch_outlive_it_only_for_who_asks_for_them(platform: Platform) -> None:
    for keep in (True, False):
        save(platform, 2)
        done = advance(platform, keep=keep)
        assert done is not None
        assert (done.count, len(done.runs), len(done.changes)) == (2, 2 * keep, 2 * keep)
