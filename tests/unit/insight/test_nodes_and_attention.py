"""Counts per node, drop-off, the slowest step, and whom open work waits for."""

from __future__ import annotations

from tests.unit.insight.worked_example import FACTS, MINUTE, RUNS, TERMS, at, person
from towpath.insight import (
    ENGINE,
    Facts,
    RunFact,
    StepFact,
    Visit,
    Window,
    all_step_figures,
    funnel,
    slowest_step,
    step_figures,
    visits_of,
    waiting_on_people,
)


def instant(node: str, runs: list[str], moment: int, sequence: int, attempt: int = 1) -> Visit:
    return Visit(node, attempt, moment, moment, moment, ENGINE, "ok", runs, sequence=sequence)


def test_the_funnel_counts_runs_and_says_where_they_stopped() -> None:
    nodes = funnel(FACTS, 1)
    assert {name: node.reached for name, node in nodes.items()} == {
        "Approve": 2,
        "Call": 4,
        "Quote": 3,
        "Score": 4,
        "Send": 2,
    }
    assert (nodes["Call"].dropped, nodes["Call"].drop_off) == (1, 0.25)  # D was cancelled after its call
    assert nodes["Send"].finished == 2
    assert sum(node.standing for node in nodes.values()) == 1
    assert sum(n.finished + n.dropped + n.standing for n in nodes.values()) == len(RUNS)


def test_the_last_step_of_steps_in_one_instant_is_told_by_their_sequence() -> None:
    runs = [RunFact("A", 1, 5, 5, "failed")]
    nodes = funnel(Facts([instant("Z", ["A"], 5, 1), instant("B", ["A"], 5, 2)], runs))
    assert (nodes["B"].dropped, nodes["Z"].dropped) == (1, 0)


def test_the_funnel_of_a_period_counts_the_runs_that_began_in_it() -> None:
    runs = [RunFact("A", 1, 5, 6, "completed"), RunFact("B", 1, 9, 12, "failed")]
    facts = Facts([instant("Z", ["A"], 5, 1), instant("Z", ["B"], 9, 2)], runs)
    assert funnel(facts, 1, Window(6, 10))["Z"].as_json() == {
        "node": "Z", "reached": 1, "finished": 0, "dropped": 1, "standing": 0, "drop_off": 1.0,
    }  # fmt: skip
    assert funnel(facts, 1, Window(10, None)) == {}


def test_a_skipped_node_is_not_reached() -> None:
    skipped = Visit("Mail", 1, 5, 5, 5, ENGINE, "skipped", ["A"])
    assert funnel(Facts([skipped], [RunFact("A", 1, 5, 5, "completed")])) == {}


def test_a_version_without_runs_has_an_empty_funnel() -> None:
    assert funnel(FACTS, 2) == {}


def test_open_steps_wait_for_the_person_who_has_them_the_longest_first() -> None:
    waiting = waiting_on_people(FACTS)
    assert [(w.actor, w.node, w.claimed, w.steps, w.oldest / 60) for w in waiting] == [
        ("Ann", "Call", True, 1, 119),
        ("Bob", "Quote", False, 1, 119),
    ]


def test_timers_of_the_engine_wait_for_nobody() -> None:
    timer = Visit("Wait", 1, 0, None, None, ENGINE, "open", ["A"])
    assert waiting_on_people(Facts([timer], [], now=MINUTE)) == []


def test_a_timer_is_waiting_and_not_touch() -> None:
    timer = Visit("Wait", 1, 0, 60 * MINUTE, 60 * MINUTE, ENGINE, "ok", ["A"])
    flow = step_figures(Facts([timer], []), "Wait").flow
    assert (flow.touch, flow.waiting) == (0, 3600)


def test_the_slowest_step_takes_longest_on_average() -> None:
    figures = all_step_figures(FACTS, TERMS)
    slowest = slowest_step(figures.values())
    assert slowest is not None
    assert slowest.node == "Approve"  # (105 + 200) / 2 minutes
    assert slowest_step([]) is None


def test_all_nodes_are_measured_as_each_one_is() -> None:
    figures = all_step_figures(FACTS, TERMS, version=1)
    assert list(figures) == ["Approve", "Call", "Quote", "Score", "Send"]
    assert all(figure == step_figures(FACTS, node, TERMS, version=1) for node, figure in figures.items())


def test_a_retry_that_waits_to_be_claimed_keeps_the_step_open() -> None:
    visits = [
        person("A", "Call", "Ann", "09:00", "09:10", "09:20", "failed"),
        person("A", "Call", "Ann", "09:00", None, None, "open", attempt=2),
    ]
    figures = step_figures(Facts(visits, [], now=at("10:00")), "Call")
    assert (figures.counts.open, figures.counts.failed, figures.open.elapsed) == (1, 0, 3600)
    assert figures.open.labour_hours * 60 == 10


def test_a_node_visited_again_in_a_loop_is_a_new_step() -> None:
    visits = [
        instant("Call", ["A", "B"], 0, 1),
        instant("Call", ["A"], 10, 2),
        instant("Call", ["A"], 20, 3, attempt=2),
        instant("Call", ["A"], 30, 4),
    ]
    figures = step_figures(Facts(visits, []), "Call")
    assert (figures.counts.ok, figures.counts.attempts) == (4, 5)
    assert figures.time_used.elapsed == 10 / 1_000_000  # attempts 1 and 2 of the second visit


def test_steps_that_differ_only_in_their_run_share_a_visit() -> None:
    steps = [StepFact(run, 1, "Score", 1, 0, 0, 5, ENGINE, "ok") for run in "ABC"]
    steps.append(StepFact("A", 2, "Send", 1, 5, 5, 5, ENGINE, "ok"))
    visits = visits_of(steps)
    assert [(visit.node, list(visit.runs)) for visit in visits] == [("Score", ["A", "B", "C"]), ("Send", ["A"])]
    assert [step for visit in visits for step in visit.steps()] == steps


def test_parts_belong_to_the_attempt_that_they_were_in_and_are_no_steps() -> None:
    facts = Facts(
        [
            person("A", "Approve", "Ann", "09:00", "09:00", "09:30", "part"),
            person("A", "Approve", "Bob", "09:00", "09:10", "10:00", "failed"),
            person("A", "Approve", "Cid", "10:00", "11:00", "11:30", "part", attempt=2),
            person("A", "Approve", "Ann", "10:00", "10:30", "11:40", attempt=2),
        ],
        [RunFact("A", 1, at("09:00"), at("11:40"), "completed")],
    )
    step = step_figures(facts, "Approve", TERMS)
    assert (step.counts.ok, step.counts.failed, step.counts.attempts) == (1, 0, 2)
    assert step.efficiency.labour_hours * 60 == 30 + 50 + 30 + 70
    assert (step.flow.touch / 60, step.time_used.elapsed / 60) == (60 + 70, 160)
