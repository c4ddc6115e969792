"""Tables of text to fields: which column goes where, and what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.crm.world import ANN, World
from towpath.crm.catalogue import Catalogue
from towpath.crm.tabular.cells import CellForm, clean_date, clean_number
from towpath.crm.tabular.lookups import resolve_lookups
from towpath.crm.tabular.mapping import Target, explicit_mapping, guess_mapping
from towpath.crm.tabular.rows import BadRow, GoodRow, convert_rows, dict_rows, error_of
from towpath.errors import InputError
from towpath.formats.csv_text.reading import TextRow, read_csv

CATALOGUE = Catalogue()
LEAD = CATALOGUE.schema("Lead")


def guessed(name: str, *columns: str) -> dict[str, str]:
    mapping = guess_mapping(CATALOGUE.schema(name), columns)
    return {column: target.field for column, target in mapping.targets.items()}


def test_columns_are_guessed_by_name_label_and_meaning() -> None:
    assert guessed("Lead", "First Name", "lastName", "E-Mail", "Prospect ID", "Lead Source", "TotalVisits") == {
        "First Name": "firstName", "lastName": "lastName", "E-Mail": "email", "Prospect ID": "externalId",
        "Lead Source": "source", "TotalVisits": "totalVisits",
    }  # fmt: skip
    assert guessed("Deal", "deal_stage", "close_value", "Expected close date") == {
        "deal_stage": "stage", "close_value": "amount", "Expected close date": "closeDate",
    }  # fmt: skip


def test_the_nearest_name_wins_a_field_and_the_other_column_goes_nowhere() -> None:
    mapping = guess_mapping(LEAD, ["Mail", "Email", "Shoe size"])
    assert mapping.targets == {"Email": Target("email")}
    assert mapping.unknown == ("Mail", "Shoe size")


def test_a_text_for_a_record_is_looked_up_by_its_name() -> None:
    mapping = guess_mapping(CATALOGUE.schema("Deal"), ["sales_agent", "account"])
    assert mapping.lookups == {"ownerId": "name", "accountId": "name"}


def test_times_of_the_system_are_no_targets() -> None:
    assert guessed("Lead", "Created", "updatedAt") == {}


def test_a_mapping_can_be_said() -> None:
    mapping = explicit_mapping(CATALOGUE.schema("Deal"), ["a", "b", "c"], {"a": "name", "c": "accountId:externalId"})
    assert mapping.targets == {"a": Target("name"), "c": Target("accountId", "externalId")}
    assert mapping.unknown == ("b",)


@pytest.mark.parametrize(
    ("given", "code", "hint"),
    [
        ({"Cty": "city"}, "load.unknown_column", "Did you mean 'City'?"),
        ({"City": "ctiy"}, "schema.unknown_field", "Did you mean 'city'?"),
        ({"City": "createdAt"}, "schema.read_only", None),
        ({"City": "city", "Town": "city"}, "load.field_twice", "Leave one of them out."),
        ({"City": "city:name"}, "load.no_lookup", "Leave out the colon."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(given: dict[str, str], code: str, hint: str | None) -> None:
    with pytest.raises(InputError) as caught:
        explicit_mapping(LEAD, ["City", "Town"], given)
    assert caught.value.code == code
    assert hint is None or caught.value.hint == hint


def converted(rows: list[list[str]], *columns: str, form: CellForm | None = None) -> list[GoodRow | BadRow]:
    mapping = explicit_mapping(LEAD, columns, {column: column for column in columns})
    texts = [TextRow(line, cells) for line, cells in enumerate(rows, 2)]
    return list(convert_rows(CATALOGUE.plan("Lead"), mapping, texts, form or CellForm()))


def test_cells_become_values_and_empty_ones_are_left_out() -> None:
    good, empty = converted([["Ann", "7", "yes"], ["", "", ""]], "firstName", "score", "doNotCall")
    assert good == GoodRow(2, {"firstName": "Ann", "score": 7.0, "doNotCall": True})
    assert empty == GoodRow(3, {})


def test_every_error_of_a_row_is_told_with_line_column_value_and_code() -> None:
    (bad,) = converted([["nobody", "lots", "x"]], "email", "score", "city")
    assert isinstance(bad, BadRow)
    assert [(error.line, error.column, error.field, error.value, error.code) for error in bad.errors] == [
        (2, "email", "email", "'nobody'", "schema.bad_email"),
        (2, "score", "score", "'lots'", "schema.wrong_type"),
    ]
    assert bad.cells == ("nobody", "lots", "x")
    assert bad.errors[0].as_json()["hint"] == "Write it like name@example.com."


def test_a_row_with_too_many_cells_is_bad() -> None:
    mapping = explicit_mapping(LEAD, ["city"], {"city": "city"})
    (bad,) = convert_rows(CATALOGUE.plan("Lead"), mapping, [TextRow(9, ["Pune"], surplus=2)])
    assert isinstance(bad, BadRow)
    assert bad.errors[0].code == "load.too_many_cells"


def test_texts_that_mean_nothing_can_be_named() -> None:
    (row,) = converted([["Select", "Pune"]], "country", "city", form=CellForm(blanks=frozenset({"", "Select"})))
    assert row == GoodRow(2, {"city": "Pune"})


@pytest.mark.parametrize(
    ("text", "decimal", "plain"),
    [
        ("1,234.50", ".", "1234.50"),
        ("$ 1,234", ".", "1234"),
        ("1.234,50 €", ",", "1234.50"),
        ("-1 234,5", ",", "-1234.5"),
        ("12", ".", "12"),
        ("1e3", ".", "1e3"),
        ("1,23", ".", "1,23"),
        ("abc", ".", "abc"),
        ("", ".", ""),
        ("35 %", ".", "35"),
    ],
)
def test_numbers_as_spreadsheets_write_them(text: str, decimal: str, plain: str) -> None:
    assert clean_number(text, decimal) == plain


@pytest.mark.parametrize(
    ("text", "order", "plain"),
    [
        ("31.3.2026", "dmy", "2026-03-31"),
        ("3/31/2026 14:30", "mdy", "2026-03-31 14:30"),
        ("2026/3/1", "ymd", "2026-03-01"),
        ("2026-03-31", "dmy", "2026-03-31"),
        ("31.3.26", "dmy", "31.3.26"),
        ("soon", "dmy", "soon"),
    ],
)
def test_dates_as_spreadsheets_write_them(text: str, order: str, plain: str) -> None:
    assert clean_date(text, order) == plain


def test_names_of_records_become_their_ids(world: World) -> None:
    acme = world.one("Account", name="Acme")
    world.create("Account", {"name": "Twin"}, {"name": "Twin"})
    mapping = guess_mapping(CATALOGUE.schema("Deal"), ["name", "account"])
    table = [{"name": name, "account": account} for name, account in
             [("a", "Acme"), ("b", ""), ("c", "Nobody"), ("d", "Twin"), ("e", acme)]]  # fmt: skip
    rows = list(convert_rows(CATALOGUE.plan("Deal"), mapping, dict_rows(table, mapping.columns)))
    a, b, c, d, e = world.run(lambda session: resolve_lookups(session, mapping, rows))
    assert a == GoodRow(1, {"name": "a", "accountId": acme})
    assert b == GoodRow(2, {"name": "b"})
    assert isinstance(c, BadRow)
    assert isinstance(d, BadRow)
    assert (c.errors[0].code, c.errors[0].column) == ("load.missing_reference", "account")
    assert d.errors[0].code == "load.ambiguous_reference"
    assert e == GoodRow(5, {"name": "e", "accountId": acme})


def test_an_error_of_saving_is_told_in_terms_of_the_file(world: World) -> None:
    mapping = guess_mapping(LEAD, ["Prospect ID"])
    world.one("Lead", externalId="p1")
    (error,) = world.create("Lead", {"externalId": "p1"})
    told = error_of(17, mapping, error)
    assert (told.line, told.column, told.code) == (17, "Prospect ID", "schema.duplicate")


def test_the_real_leads_all_fit(world: World, data_file: Callable[[str], Path]) -> None:
    text = read_csv(data_file("leads.csv").read_bytes())
    mapping = guess_mapping(LEAD, text.header)
    form = CellForm(blanks=frozenset({"", "Select"}))
    rows = list(convert_rows(CATALOGUE.plan("Lead"), mapping, text.rows, form))
    assert len(rows) == 9_240
    values: list[dict[str, Any]] = [row.values for row in rows if isinstance(row, GoodRow)]
    assert len(values) == 9_240
    assert sum(value["converted"] for value in values) == 3_561
    world.run(lambda session: session.create("Lead", values[:500], ANN))
    assert len(world.changes) == 500


def test_the_real_deals_all_fit(data_file: Callable[[str], Path]) -> None:
    text = read_csv(data_file("sales_pipeline.csv").read_bytes())
    mapping = guess_mapping(CATALOGUE.schema("Deal"), text.header)
    assert mapping.unknown == ()
    rows = list(convert_rows(CATALOGUE.plan("Deal"), mapping, text.rows))
    assert [row for row in rows if isinstance(row, BadRow)] == []
