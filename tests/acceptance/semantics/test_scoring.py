"""Scores with decay, semantics.md §1.10: groups with limits, nightly and on event, a threshold that fires upwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.acceptance.flows import DAY, HOUR, workflow
from tests.acceptance.semantics.office import Office
from towpath.crm.scoring import crosses, ready, worth
from towpath.errors import TowpathError
from towpath.model.moment import to_text
from towpath.model.scoring import Decay, ScoreModel
from towpath.service import definitions

MICRO = 1_000_000
MODEL: dict[str, Any] = {
    "kind": "scoring",
    "name": "Lead score",
    "object": "Lead",
    "field": "score",
    "groups": [
        {"name": "Fit", "most": 30, "facts": [{"when": 'country == "DE"', "points": 20},
                                              {"when": 'title == "CEO"', "points": 20}]},
        {"name": "Interest", "least": -10, "most": 60, "decay": {"rate": 0.5, "period": "30 days"},
         "events": [{"when": 'type == "Visit"', "points": 10}, {"when": 'type == "Form"', "points": 40},
                    {"when": 'subject == "Unsubscribed"', "points": -25}]},
    ],
    "threshold": {"score": 60, "hysteresis": 15, "set": {"rating": "Hot"}},
}  # fmt: skip


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.platform.close()


def apply(office: Office, **changes: Any) -> None:
    definitions.apply_definition(office.platform, {**MODEL, **changes})
    office.go()


def lead(office: Office, **values: Any) -> str:
    return office.create("Lead", **{"lastName": "Adams", **values})


def happens(office: Office, record: str, kind: str = "Visit", subject: str = "x") -> None:
    at = to_text(office.clock.now())
    office.create("Activity", subject=subject, type=kind, relatedObject="Lead", relatedId=record, occurredAt=at)
    office.go()


def score(office: Office, record: str) -> float:
    return float(office.record("Lead", record)["score"])


def test_ten_points_are_ten_on_day_0_and_29_five_on_day_30_and_none_on_day_60(office: Office) -> None:
    apply(office)
    record = lead(office)
    happens(office, record)
    seen = []
    for day in (0, 29, 30, 59, 60):
        office.until(day * DAY + 3 * HOUR)  # after the nightly round at two
        seen.append(score(office, record))
    assert seen == [10, 10, 5, 5, 0]


@pytest.mark.parametrize(("days", "points"), [(0, 10), (29.9, 10), (30, 5), (59.9, 5), (60, 0), (400, 0)])
def test_the_formula_takes_whole_periods(days: float, points: float) -> None:
    assert worth(10, Decay(rate=0.5, period=30 * 86400), 0, round(days * 86400 * MICRO)) == points


def test_a_group_never_counts_for_more_than_its_cap_and_fit_does_not_decay(office: Office) -> None:
    apply(office)
    record = lead(office, country="DE", title="CEO")
    assert score(office, record) == 30
    for _ in range(3):
        happens(office, record, "Form")
    assert score(office, record) == 90
    office.until(100 * DAY)
    assert score(office, record) == 30


def test_negative_points_count_down_to_the_group_s_floor(office: Office) -> None:
    apply(office, least=-100)
    record = lead(office)
    happens(office, record)
    happens(office, record, subject="Unsubscribed")
    assert score(office, record) == -5  # 10 + 10 for two visits, 25 off
    happens(office, record, "Note", subject="Unsubscribed")
    assert score(office, record) == -10


def test_a_change_of_a_fact_scores_at_once_and_another_field_does_not(office: Office) -> None:
    apply(office)
    record = lead(office)
    office.update("Lead", record, country="DE")
    assert score(office, record) == 20
    office.update("Lead", record, country="FR", city="Lyon")
    assert score(office, record) == 0


@given(st.lists(st.tuples(st.sampled_from(["Visit", "Form", "Note"]), st.integers(0, 100)), max_size=12))
def test_scoring_twice_is_the_same_and_stays_within_the_limits(events: list[tuple[str, int]]) -> None:
    model = ready(ScoreModel.model_validate({k: v for k, v in MODEL.items() if k != "kind"}))
    rows = [
        {"type": kind, "subject": "x", "occurredAt": to_text(day * 86400 * MICRO), "createdAt": None}
        for kind, day in events
    ]
    now = 120 * 86400 * MICRO
    record = {"country": "DE", "title": None}
    first = model.score(record, rows, now)
    assert first == model.score(record, rows, now) == model.score(record, rows[::-1], now)
    assert 0 <= first <= 100


def test_recomputing_everything_twice_writes_nothing_the_second_time(office: Office) -> None:
    apply(office)
    record = lead(office, country="DE")
    office.until(DAY)
    before = office.record("Lead", record)["updatedAt"]
    office.until(3 * DAY)
    assert office.record("Lead", record)["updatedAt"] == before


def test_records_that_were_there_before_the_model_are_scored_page_by_page(office: Office) -> None:
    records = [lead(office, country="DE") for _ in range(3)]
    apply(office)
    assert [score(office, record) for record in records] == [20, 20, 20]


# Threshold


def test_the_threshold_fires_upwards_once_and_again_only_after_falling_below_the_hysteresis(office: Office) -> None:
    office.publish(workflow({"hot": ("trigger.manual", {}), "log": ("notify.log", {"text": "hot"})}, "hot > log"))
    apply(office, threshold={**MODEL["threshold"], "start": ["Flow"]})
    record = lead(office, country="DE")
    happens(office, record, "Form")  # 60
    assert (office.record("Lead", record)["rating"], office.said()) == ("Hot", ["hot"])
    office.update("Lead", record, title="CEO")  # 70, still above
    office.update("Lead", record, title=None, country=None)  # 40: below 45, armed again
    office.update("Lead", record, country="DE")
    office.go()
    assert office.said() == ["hot", "hot"]
    office.update("Lead", record, country=None, title=None)
    happens(office, record)  # 50
    office.go()
    assert len(office.said()) == 2


def test_a_fall_within_the_hysteresis_does_not_arm_it_again() -> None:
    model = ScoreModel.model_validate({k: v for k, v in MODEL.items() if k != "kind"})
    armed, fired = True, []
    for value in (10, 60, 59, 46, 60, 45, 60, 44.9, 80, 100):
        now, armed = crosses(model, armed=armed, score=value)
        fired += [value] if now else []
    assert fired == [60, 80]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"field": "company"}, "scoring.field"),
        ({"field": "scor"}, "schema.unknown_field"),
        ({"zone": "Mars"}, "scoring.zone"),
        ({"groups": [{"name": "G", "facts": [{"when": "contry == 1", "points": 1}]}]}, "schema.unknown_field"),
        ({"groups": [{"name": "G", "least": 5, "most": 1}]}, "definition.invalid"),
    ],
)
def test_a_model_that_cannot_work_is_refused(office: Office, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(TowpathError) as caught:
        apply(office, **changes)
    assert caught.value.code == code
