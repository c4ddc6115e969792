"""Results that take long are kept and renewed in the background; quick ones are always made anew."""

from __future__ import annotations

from threading import Event

import pytest

from towpath.service import kept
from towpath.service.kept import Results


def test_what_is_quick_is_made_anew_each_time() -> None:
    results, made = Results[int](), iter(range(9))
    assert [results.get("a", lambda: next(made)) for _ in range(3)] == [0, 1, 2]


def test_what_takes_long_is_kept_apart_for_each_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "QUICK", -1.0)
    monkeypatch.setattr(kept, "TIMES", 1e9)
    results, made = Results[int](), iter(range(9))
    assert [results.get(asked, lambda: next(made)) for asked in "aaba"] == [0, 0, 1, 0]


def test_what_is_getting_old_is_given_at_once_and_renewed_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "QUICK", -1.0)
    monkeypatch.setattr(kept, "TIMES", -1.0)
    results, renewed = Results[int](), Event()
    assert results.get("a", lambda: 1) == 1

    def newer() -> int:
        renewed.set()
        return 2

    assert results.get("a", newer) == 1
    assert renewed.wait(10)


def test_what_is_too_old_is_made_before_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "QUICK", -1.0)
    monkeypatch.setattr(kept, "OLDEST", 0.0)
    results, made = Results[int](), iter(range(9))
    assert [results.get("a", lambda: next(made)) for _ in range(2)] == [0, 1]


def test_what_fails_is_told_and_not_kept() -> None:
    results = Results[int]()
    with pytest.raises(ZeroDivisionError):
        results.get("a", lambda: 1 // 0)
    assert results.get("a", lambda: 7) == 7
