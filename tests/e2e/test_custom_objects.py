"""A kind of record of one's own: made in the settings, given fields, and used at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.browser import Complaints, Towpath


def test_an_object_with_fields_is_made_and_used(server: Towpath, page: Page, complaints: Complaints) -> None:
    page.goto(f"{server.url}/app/settings/objects")
    page.get_by_role("button", name="New object").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("One is called").fill("Site visit")
    dialog.get_by_label("Several are called").fill("Site visits")
    expect(dialog.get_by_label("Name for programs")).to_have_value("SiteVisit")
    dialog.get_by_role("button", name="Add the object").press("Enter")
    expect(page.get_by_text("Site visits can be used now.")).to_be_visible()

    def add(label: str, kind: str, choices: str = "") -> None:
        page.get_by_role("button", name="New field").click()
        dialog.get_by_label("Label").fill(label)
        dialog.get_by_label("Type").select_option(kind)
        if choices:
            dialog.get_by_label("Choices").fill(choices)
        dialog.get_by_role("button", name="Add the field").click()

    add("Planet", "One choice", "Earth\nMars")
    expect(page.get_by_role("row").filter(has_text="Planet")).to_contain_text("Earth, Mars")
    add("Planet", "Text")
    expect(dialog.get_by_role("alert")).to_contain_text("has a field of that name already")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add choices to Planet").click()
    dialog.get_by_label("Choices").fill("Venus")
    dialog.get_by_role("button", name="Add choices").click()
    expect(page.get_by_role("row").filter(has_text="Planet")).to_contain_text("Earth, Mars, Venus")

    page.get_by_role("link", name="Site visits").click()
    page.get_by_role("button", name="New Site visit").click()
    dialog.get_by_label("Name").fill("First landing")
    dialog.get_by_label("Planet").select_option("Venus")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="First landing")).to_be_visible()
    page.goto(f"{server.url}/app/records/SiteVisit?board=planet")
    venus = page.get_by_role("region", name="Venus", exact=True)
    expect(venus.get_by_role("link", name="First landing")).to_be_visible()
    complaints[:] = [each for each in complaints if "status of 422" not in each]  # the browser tells of every refusal
