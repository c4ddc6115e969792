"""Whoever has just had a turn lets those go first who were waiting."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from towpath.worker.turns import Turns


def test_whoever_comes_back_at_once_lets_the_other_go_first() -> None:
    turns, order = Turns(), list[str]()
    other = threading.Thread(target=lambda: _take(turns, order, "other"))
    with turns:
        other.start()
        while turns._asked < 2:
            pass
    for _ in range(3):
        _take(turns, order, "again")
    other.join()
    assert order == ["other", "again", "again", "again"]


def test_those_who_wait_are_served_in_the_order_in_which_they_came() -> None:
    turns, order, threads = Turns(), list[int](), list[threading.Thread]()
    with turns:
        for number in range(5):
            thread = threading.Thread(target=lambda number=number: _take(turns, order, number))
            thread.start()
            threads.append(thread)
            while turns._asked < number + 2:
                pass
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def _take(turns: Turns, order: list[Any], number: object) -> None:
    with turns:
        order.append(number)


def test_a_turn_that_fails_is_over() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"), turns:
        raise ValueError("no")
    with turns:
        pass
