"""Group commit of events: shared transactions, isolated faults, a bounded backlog."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from towpath.api.intake import LARGEST, Intake
from towpath.errors import InputError, LimitError, StorageError, TowpathError


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


def test_what_arrives_while_the_disk_is_busy_shares_the_next_transaction() -> None:
    batches: list[list[int]] = []
    gate, writing = threading.Event(), threading.Event()

    def write(calls: Sequence[int]) -> list[int]:
        batches.append(list(calls))
        writing.set()
        gate.wait(10)
        return [call * 10 for call in calls]

    async def story() -> None:
        intake = Intake(write, backlog=5000, written=lambda: None)
        first = asyncio.create_task(intake.submit(0))
        await asyncio.to_thread(writing.wait, 10)
        others = [asyncio.create_task(intake.submit(n)) for n in range(1, LARGEST + 11)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in (first, *others)), "answered before it was written"
        gate.set()
        assert await asyncio.gather(first, *others) == [n * 10 for n in range(LARGEST + 11)]

    run(story)
    assert [len(batch) for batch in batches] == [1, LARGEST, 10]


def test_a_call_that_breaks_its_transaction_suffers_alone() -> None:
    def write(calls: Sequence[int]) -> list[int | TowpathError]:
        if 3 in calls:
            raise OverflowError("a fault of the code")
        return [InputError("refused") if call == 5 else call for call in calls]

    async def story() -> None:
        intake = Intake(write, backlog=100, written=lambda: None)
        results = await asyncio.gather(*map(intake.submit, range(8)), return_exceptions=True)
        assert [r for r in results if isinstance(r, int)] == [0, 1, 2, 4, 6, 7]
        assert isinstance(results[3], OverflowError)
        assert isinstance(results[5], InputError)

    run(story)


def test_a_full_disk_fails_the_whole_batch_and_is_not_tried_again() -> None:
    tries: list[int] = []

    def write(calls: Sequence[int]) -> list[int]:
        tries.append(len(calls))
        raise StorageError("full", code="storage.disk_full")

    async def story() -> None:
        intake = Intake(write, backlog=100, written=lambda: None)
        results = await asyncio.gather(*map(intake.submit, range(5)), return_exceptions=True)
        assert all(isinstance(result, StorageError) for result in results)

    run(story)
    assert tries == [5]


def test_more_than_the_backlog_is_refused_at_once_and_what_waits_is_still_written() -> None:
    gate = threading.Event()

    def write(calls: Sequence[int]) -> Sequence[int]:
        gate.wait(10)
        return calls

    async def story() -> None:
        intake = Intake(write, backlog=3, written=lambda: None)
        first = asyncio.create_task(intake.submit(0))
        await asyncio.sleep(0.01)
        waiting = [asyncio.create_task(intake.submit(n)) for n in (1, 2, 3)]
        await asyncio.sleep(0)
        with pytest.raises(LimitError) as caught:
            await intake.submit(4)
        assert caught.value.status == 503
        gate.set()
        assert await asyncio.gather(first, *waiting) == [0, 1, 2, 3]
        assert await intake.submit(5) == 5

    run(story)


def test_a_caller_that_goes_away_takes_nobody_along() -> None:
    gate = threading.Event()
    written: list[int] = []

    def write(calls: Sequence[int]) -> Sequence[int]:
        gate.wait(10)
        written.extend(calls)
        return calls

    async def story() -> None:
        intake = Intake(write, backlog=10, written=lambda: None)
        gone, stays = asyncio.create_task(intake.submit(1)), asyncio.create_task(intake.submit(2))
        await asyncio.sleep(0.01)
        gone.cancel()
        gate.set()
        assert await stays == 2

    run(story)
    assert sorted(written) == [1, 2]


def test_senders_that_were_answered_together_share_the_next_transaction_again() -> None:
    batches: list[int] = []

    def write(calls: Sequence[int]) -> list[int]:
        batches.append(len(calls))
        time.sleep(0.05)  # a slow disk: what is waited for has the time to come
        return list(calls)

    async def sender(intake: Intake[int, int], number: int) -> None:
        for _ in range(3):
            await intake.submit(number)
            await asyncio.sleep(number / 10_000)  # the answer travels, the next call is made

    async def story() -> None:
        intake = Intake(write, backlog=100, written=lambda: None)
        await asyncio.gather(*(sender(intake, number) for number in range(20)))

    run(story)
    assert len(batches) <= 6, f"calls did not travel together: {batches}"


def test_a_lone_sender_is_not_made_to_wait_for_others() -> None:
    async def story() -> None:
        intake = Intake(list, backlog=100, written=lambda: None)
        for number in range(5):
            await intake.submit(number)
            assert intake._enough is None, "it waits for calls that nobody has announced"

    run(story)
