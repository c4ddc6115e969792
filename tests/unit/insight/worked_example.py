"""The worked example of the metrics: four runs of one day, small enough to check by hand."""

from __future__ import annotations

from towpath.insight import ENGINE, Facts, RunFact, StepOutcome, Terms, Visit, Window

MINUTE = 60_000_000
LIMIT = 480 * 60.0  # seconds, of each run


def at(clock: str) -> int:
    """Microseconds since midnight of a time such as "09:31"."""
    hours, minutes = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * MINUTE


def auto(run: str, node: str, start: str, end: str) -> Visit:
    """A step of the engine; each costs 0.01."""
    return Visit(node, 1, at(start), at(start), at(end), ENGINE, "ok", [run], money=0.01)


def person(
    run: str,
    node: str,
    actor: str,
    enabled: str,
    start: str | None,
    end: str | None,
    outcome: StepOutcome = "ok",
    attempt: int = 1,
) -> Visit:
    """A step of a person."""
    started, ended = (None if clock is None else at(clock) for clock in (start, end))
    return Visit(node, attempt, at(enabled), started, ended, actor, outcome, [run])


VISITS = [
    auto("A", "Score", "09:00", "09:01"),
    person("A", "Call", "Ann", "09:01", "09:31", "10:01"),
    person("A", "Quote", "Bob", "09:01", "09:46", "10:46"),
    person("A", "Approve", "Cara", "10:46", "12:16", "12:31"),
    auto("A", "Send", "12:31", "12:32"),
    auto("B", "Score", "10:00", "10:01"),
    person("B", "Call", "Ann", "10:01", "10:31", "10:51", "failed"),
    person("B", "Call", "Ann", "10:51", "14:51", "15:11", attempt=2),
    person("B", "Quote", "Bob", "10:01", "11:01", "12:01"),
    person("B", "Approve", "Cara", "15:11", "18:11", "18:31"),
    auto("B", "Send", "18:31", "18:32"),
    auto("C", "Score", "18:00", "18:01"),
    person("C", "Call", "Ann", "18:01", "18:31", None, "open"),
    person("C", "Quote", "Bob", "18:01", None, None, "open"),
    auto("D", "Score", "12:00", "12:01"),
    person("D", "Call", "Ann", "12:01", "12:31", "12:41"),
]
RUNS = [
    RunFact("A", 1, at("09:00"), at("12:32"), "completed", LIMIT),
    RunFact("B", 1, at("10:00"), at("18:32"), "completed", LIMIT),
    RunFact("C", 1, at("18:00"), None, "open", LIMIT),
    RunFact("D", 1, at("12:00"), at("12:41"), "cancelled", LIMIT),
]
FACTS = Facts(VISITS, RUNS, now=at("20:00"))
TERMS = Terms(wages={"Ann": 30, "Bob": 30, "Cara": 60}, step_limits={"Call": 120 * 60.0})
WINDOW = Window(at("09:00"), at("20:00"))
