"""Leads come in from a CSV file: looked at, tried, loaded; what is wrong is told and can be taken away as a file."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.browser import Complaints, Towpath

ROWS = """Last name,E-mail,Firma,Score
Lovelace,ada@example.com,Analytical,70
Hopper,not an address,Navy,80
Johnson,katherine@example.com,NASA,ninety
Hamilton,margaret@example.com,=MIT+1,90
"""


def test_a_file_is_mapped_tried_and_imported_and_the_bad_rows_come_back(
    server: Towpath, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(ROWS, encoding="utf-8")
    page.goto(f"{server.url}/app/records/Lead")
    page.get_by_role("link", name="Import").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("ada@example.com · not an address")).to_be_visible()
    expect(page.get_by_label("Field for E-mail")).to_have_value("email")
    page.get_by_label("Field for Firma").select_option("company")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("2 new, 0 updated, 0 unchanged, 2 left out")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(r"^3 .*not an address|^3 ")).first).to_be_visible()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Rows left out as CSV").click()
    left_out = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "Hopper,not an address,Navy,80" in left_out
    assert "Lovelace" not in left_out
    page.get_by_role("link", name="Show Leads").click()
    expect(page.get_by_role("row", name=re.compile("Hamilton"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    exported = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "'=MIT+1" in exported  # a spreadsheet shows it and does not run it
    assert exported.count("\n") == 2


def test_a_file_that_is_no_table_is_refused_with_the_reason(
    server: Towpath, page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    file = tmp_path / "picture.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    page.goto(f"{server.url}/app/records/Lead/import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("alert")).to_be_visible()
    complaints[:] = [each for each in complaints if "status of 422" not in each]  # the browser tells of every refusal
