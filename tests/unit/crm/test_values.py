"""Values in the one form in which records hold them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.crm.define import define, field
from towpath.crm.plan import ObjectPlan
from towpath.crm.values.bad import BadValue
from towpath.crm.values.field_check import field_check
from towpath.errors import SchemaError
from towpath.model.schema import FieldSchema, FieldType

TYPES: tuple[FieldType, ...] = FieldType.__args__  # type: ignore[attr-defined]


def check(type: FieldType, value: Any, **more: Any) -> Any:
    return field_check(FieldSchema(name="x", type=type, **more))(value)


def code(type: FieldType, value: Any, **more: Any) -> str:
    with pytest.raises(BadValue) as caught:
        check(type, value, **more)
    return caught.value.code


@pytest.mark.parametrize(
    ("type", "given", "stored"),
    [
        ("text", "  Doe ", "Doe"),
        ("text", "", None),
        ("text", " \n", None),
        ("text", 12.0, "12"),
        ("text", "张伟", "张伟"),
        ("long_text", "a\n b ", "a\n b "),
        ("long_text", "  ", None),
        ("number", 5, 5.0),
        ("number", "5.5 ", 5.5),
        ("number", "", None),
        ("integer", "007", 7),
        ("integer", 5.0, 5),
        ("integer", "5.0", 5),
        ("integer", -(2**63) + 1, -(2**63) + 1),
        ("money", 2.675, 2.68),
        ("money", 2.665, 2.66),
        ("money", "1e3", 1000.0),
        ("money", Decimal("0.125"), 0.12),
        ("date", "2026-03-31", "2026-03-31"),
        ("date", "2026-03-31T23:30:00-05:00", "2026-03-31"),
        ("date", date(2026, 3, 31), "2026-03-31"),
        ("date", datetime(2026, 3, 31, 5, tzinfo=UTC), "2026-03-31"),
        ("datetime", "2026-03-31T14:30:00.123Z", "2026-03-31T14:30:00.123Z"),
        ("datetime", "2026-03-31T14:30:00+02:00", "2026-03-31T12:30:00.000Z"),
        ("datetime", "2026-03-31 14:30", "2026-03-31T14:30:00.000Z"),
        ("datetime", "2026-03-31", "2026-03-31T00:00:00.000Z"),
        ("datetime", "2026-W14-2T14:30:00.123Z", "2026-03-31T14:30:00.123Z"),
        ("datetime", date(2026, 3, 31), "2026-03-31T00:00:00.000Z"),
        ("email", "  John.Doe@ACME.com", "john.doe@acme.com"),
        ("email", "", None),
        ("phone", "123-456-7890", "123-456-7890"),
        ("phone", "0044  20 7946 0018", "+44 20 7946 0018"),
        ("phone", "＋４４ ２０ ７９４６", "+44 20 7946"),
        ("phone", "030 1234 ext. 5", "030 1234 ext. 5"),
        ("url", "example.com/a?b=c", "https://example.com/a?b=c"),
        ("url", "HTTP://example.com", "HTTP://example.com"),
        ("checkbox", "Yes", True),
        ("checkbox", 0, False),
        ("checkbox", "off", False),
        ("checkbox", "", False),
        ("reference", " 01h ", "01h"),
        ("json", {"a": [1, None, "x"]}, {"a": [1, None, "x"]}),
        ("multi_choice", "a; b;a;", ["a", "b"]),
        ("multi_choice", [], None),
    ],
)
def test_a_value_takes_the_stored_form(type: FieldType, given: Any, stored: Any) -> None:
    result = check(type, given)
    assert result == stored
    assert result.__class__ is stored.__class__


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("text", {"a": 1}, "schema.wrong_type"),
        ("text", True, "schema.wrong_type"),
        ("text", "half \ud800", "schema.bad_text"),
        ("text", "zero \0", "schema.bad_text"),
        ("text", "x" * 4_001, "schema.too_long"),
        ("number", True, "schema.wrong_type"),
        ("number", "12 apples", "schema.wrong_type"),
        ("number", "nan", "schema.out_of_range"),
        ("number", 10**400, "schema.out_of_range"),
        ("integer", 5.5, "schema.wrong_type"),
        ("integer", 2**63, "schema.out_of_range"),
        ("integer", "9" * 5_000, "schema.out_of_range"),
        ("money", "infinity", "schema.wrong_type"),
        ("money", False, "schema.wrong_type"),
        ("date", "31.3.2026", "schema.bad_date"),
        ("date", "2026-02-30", "schema.bad_date"),
        ("date", 20260331, "schema.wrong_type"),
        ("datetime", "2026-13-01T00:00:00.000Z", "schema.bad_datetime"),
        ("datetime", "0001-01-01T00:00:00+14:00", "schema.bad_datetime"),
        ("datetime", 5, "schema.wrong_type"),
        ("email", "john.doe", "schema.bad_email"),
        ("email", "a@b", "schema.bad_email"),
        ("email", "a b@c.de", "schema.bad_email"),
        ("email", f"{'x' * 250}@example.com", "schema.too_long"),
        ("phone", "call me", "schema.bad_phone"),
        ("phone", "+1", "schema.bad_phone"),
        ("url", "javascript:alert(1)", "schema.bad_url"),
        ("url", "two words.com", "schema.bad_url"),
        ("checkbox", "perhaps", "schema.wrong_type"),
        ("checkbox", 2, "schema.wrong_type"),
        ("checkbox", [], "schema.wrong_type"),
        ("reference", 5, "schema.wrong_type"),
        ("json", float("nan"), "schema.out_of_range"),
        ("json", {1: 2}, "schema.wrong_type"),
        ("json", {"a": date(2026, 1, 1)}, "schema.wrong_type"),
        ("multi_choice", 5, "schema.wrong_type"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(type: FieldType, value: Any, expected: str) -> None:
    assert code(type, value) == expected


def test_json_nested_too_deep_is_refused() -> None:
    value: Any = 1
    for _ in range(100):
        value = [value]
    assert code("json", value) == "schema.too_deep"


def test_a_choice_is_found_in_any_case_and_spelt_as_in_the_schema() -> None:
    assert check("choice", "on hold", choices=("New", "On Hold")) == "On Hold"
    assert check("multi_choice", ["NEW", "new"], choices=("New",)) == ["New"]


def test_an_unknown_choice_names_the_nearest() -> None:
    with pytest.raises(BadValue) as caught:
        check("choice", "Qualifid", choices=("New", "Qualified"))
    assert caught.value.code == "schema.unknown_choice"
    assert caught.value.hint == "Did you mean 'Qualified'?"


def test_money_keeps_as_many_places_as_the_field_says() -> None:
    assert check("money", "1.23456", scale=4) == 1.2346
    assert check("money", 2.5, scale=0) == 2.0
    assert check("money", 3.5, scale=0) == 4.0


def test_an_empty_cell_of_a_checkbox_that_is_on_by_default_leaves_it_on() -> None:
    assert check("checkbox", "", default=True) is True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
    max_leaves=8,
)


@given(st.sampled_from(TYPES), JSON.filter(lambda value: value is not None))
def test_any_value_is_either_refused_or_stored_and_the_stored_form_stays_as_it_is(type: FieldType, value: Any) -> None:
    try:
        stored = check(type, value)
    except BadValue:
        return
    if stored is not None:
        assert check(type, stored) == stored


@given(st.datetimes(timezones=st.timezones()))
def test_a_point_in_time_is_kept_to_the_millisecond_whatever_its_zone(moment: datetime) -> None:
    try:
        stored = check("datetime", moment.isoformat())
    except BadValue:  # the ends of the calendar, and zones of the past with fractions of minutes
        return
    difference = moment.astimezone(UTC) - datetime.fromisoformat(stored)
    assert 0 <= difference.total_seconds() < 0.001


def test_an_unknown_field_names_the_nearest_one() -> None:
    plan = ObjectPlan(define("Lead", field("firstName"), field("email", "email")))
    with pytest.raises(SchemaError, match="Did you mean 'firstName'") as caught:
        plan.check({"firstNme": "John"})
    assert caught.value.code == "schema.unknown_field"
    assert caught.value.where.object == "Lead"
    assert caught.value.where.field == "firstNme"


def test_a_field_of_the_system_cannot_be_written() -> None:
    plan = ObjectPlan(define("Lead", field("name")))
    for value in ("x", None):
        with pytest.raises(SchemaError) as caught:
            plan.check({"id": value})
        assert caught.value.code == "schema.read_only"


def test_a_secret_is_not_repeated_in_errors() -> None:
    plan = ObjectPlan(define("Key", field("token", max_length=3, personal="secret")))
    with pytest.raises(SchemaError) as caught:
        plan.check({"token": "hunter2"})
    assert "hunter2" not in str(caught.value.as_json())


def test_something_that_is_no_row_fails_alone() -> None:
    plan = ObjectPlan(define("Lead", field("name")))
    good, bad = plan.check_all([{"name": "a"}, "nonsense"])  # type: ignore[list-item]
    assert good == {"name": "a"}
    assert isinstance(bad, SchemaError)
