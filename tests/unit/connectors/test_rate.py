"""A host is never sent more than its rate allows, and what is put off is not put off for longer than it must."""

from __future__ import annotations

import heapq
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.connectors.web_server import web_server
from towpath.app import _http
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.connectors.http.rate import Rate
from towpath.errors import InputError
from towpath.ports.effects import Effect

rates = st.sampled_from([0.1, 0.5, 1.0, 2.5, 3.0, 10.0])


def made(rate: float, arrivals: list[float]) -> list[float]:
    """When calls that come at these times are made, if each comes back when it is told to."""
    host, coming, done = Rate(rate), list(arrivals), []
    heapq.heapify(coming)
    while coming:
        now = heapq.heappop(coming)
        wait = host.wait(now)
        if wait:
            heapq.heappush(coming, now + wait)
        else:
            done.append(now)
    return done


@given(rates, st.lists(st.floats(0, 20), max_size=60))
def test_no_second_has_more_calls_than_the_rate_and_none_is_lost(rate: float, arrivals: list[float]) -> None:
    times = made(rate, arrivals)
    assert len(times) == len(arrivals)
    most = max(1, int(rate))
    for first, last in zip(times, times[most:], strict=False):
        assert last - first >= most / rate - 1e-6


@given(rates, st.integers(1, 60))
def test_a_crowd_is_done_as_soon_as_the_rate_allows(rate: float, count: int) -> None:
    most = max(1, int(rate))
    assert made(rate, [0.0] * count)[-1] <= (count / most + 1) * most / rate + 1e-6


def test_calls_beyond_the_rate_of_their_host_come_later_and_others_are_not_held_up() -> None:
    with web_server() as (url, _):
        settings = HttpSettings(allow_hosts=("127.0.0.1",), per_second={"127.0.0.1": 3})
        sender = HttpSender(settings, now=lambda: 0)
        calls = [Effect(str(n), "http", {"url": url + "/leads"}, f"key-{n}", keyed=True) for n in range(8)]
        answers = sender.send(calls)
        sender.close()
    assert sorted(answer.state for answer in answers) == ["later"] * 5 + ["sent"] * 3
    waits = sorted(answer.retry_after or 0 for answer in answers if answer.state == "later")
    assert waits == pytest.approx([1, 4 / 3, 5 / 3, 2, 7 / 3])


def test_a_rate_that_time_passes_for_lets_calls_through_again() -> None:
    with web_server() as (url, _):
        settings = HttpSettings(allow_hosts=("127.0.0.1",), per_second={"127.0.0.1": 2})
        start = time.monotonic_ns() // 1000
        moments = iter([0, 0, 0, 0, 2_000_000, 2_000_000, 2_000_000, 2_000_000])
        sender = HttpSender(settings, now=lambda: start + next(moments, 4_000_000))
        calls = [Effect(str(n), "http", {"url": url + "/leads"}, f"key-{n}", keyed=True) for n in range(2)]
        states = [answer.state for _ in range(2) for answer in sender.send(calls)]
        sender.close()
    assert states == ["sent"] * 4


def test_rates_are_read_from_the_environment() -> None:
    settings = _http({"TOWPATH_HTTP_RATE": "API.example.com=10, *=0.5"})
    assert settings.per_second == {"api.example.com": 10.0, "*": 0.5}
    assert settings.rate_of("elsewhere.org") is not None
    assert HttpSettings().rate_of("api.example.com") is None


def test_hosts_get_twenty_calls_a_second_unless_they_are_the_administrators_own() -> None:
    settings = _http({"TOWPATH_HTTP_ALLOW": "crm.internal"})
    assert settings.per_second == {"*": 20.0}
    assert settings.rate_of("api.example.com") is not None
    assert settings.rate_of("crm.internal") is None


@pytest.mark.parametrize("written", ["10", "api.example.com", "*=0", "*=-1", "*=nan", "=5", "*=fast"])
def test_what_is_no_rate_is_refused(written: str) -> None:
    with pytest.raises(InputError) as refused:
        _http({"TOWPATH_HTTP_RATE": written})
    assert refused.value.code == "settings.http_rate"
