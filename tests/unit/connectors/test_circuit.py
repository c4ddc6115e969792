"""A host that is down or busy is left alone for a while, then asked by one call whether it is back."""

from towpath.connectors.http.circuit import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Circuit


def broken() -> Circuit:
    circuit = Circuit()
    for _ in range(FAILURES):
        circuit.failed(0.0)
    return circuit


def test_single_failures_leave_it_closed() -> None:
    circuit = Circuit()
    for _ in range(10):
        circuit.failed(0.0)
        circuit.answered()
    assert circuit.wait(0.0) == 0


def test_failures_in_a_row_open_it() -> None:
    assert broken().wait(1.0) == FIRST_PAUSE - 1.0


def test_calls_that_were_under_way_together_make_no_longer_pause() -> None:
    circuit = broken()
    for _ in range(11):
        circuit.failed(0.0)
    assert circuit.wait(0.0) == FIRST_PAUSE


def test_after_the_pause_one_call_tries_and_the_others_wait() -> None:
    circuit = broken()
    assert circuit.wait(FIRST_PAUSE) == 0
    assert circuit.wait(FIRST_PAUSE) > 0


def test_a_good_answer_closes_it_for_all() -> None:
    circuit = broken()
    circuit.wait(FIRST_PAUSE)
    circuit.answered()
    assert circuit.wait(FIRST_PAUSE) == 0
    circuit.failed(FIRST_PAUSE)
    assert circuit.wait(FIRST_PAUSE) == 0, "it counts from the beginning"


def test_pauses_grow_up_to_a_bound() -> None:
    circuit, now, pauses = broken(), 0.0, []
    for _ in range(8):
        now += circuit.wait(now)
        assert circuit.wait(now) == 0
        circuit.failed(now)
        pauses.append(circuit.wait(now))
    assert pauses == sorted(pauses)
    assert pauses[0] == 2 * FIRST_PAUSE
    assert pauses[-1] == LONGEST_PAUSE


def test_a_host_that_asks_for_time_gets_it_although_it_answers() -> None:
    circuit = Circuit()
    circuit.hold(0.0, 30.0)
    circuit.answered()
    assert circuit.wait(10.0) == 20.0
