"""Converting leads to accounts, contacts and deals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.crm.world import ANN, World
from towpath.crm.saving import SaveBatch
from towpath.errors import InputError, TowpathError


def convert(world: World, *ids: str, **options: Any) -> list[Any]:
    return world.run(lambda session: session.convert_leads(ids, options, ANN))


def refuse_bad(batch: SaveBatch) -> None:
    for i in range(len(batch)):
        if "Bad" in str(batch.new(i)):
            batch.reject(i, "No.")


def test_a_lead_becomes_account_contact_and_deal(world: World) -> None:
    owner = world.one("User", name="Ann")
    lead = world.one(
        "Lead", firstName="John", lastName="Doe", company="Acme", email="j@acme.com", source="Web", ownerId=owner
    )
    (answer,) = convert(world, lead, deal={"amount": 500})
    account, contact, deal = (
        world.get(name, answer[key])
        for name, key in (("Account", "accountId"), ("Contact", "contactId"), ("Deal", "dealId"))
    )
    assert (account["name"], account["ownerId"]) == ("Acme", owner)
    assert (contact["email"], contact["accountId"], contact["ownerId"]) == ("j@acme.com", account["id"], owner)
    assert (deal["amount"], deal["contactId"], deal["accountId"]) == (500, contact["id"], account["id"])
    after = world.get("Lead", lead)
    assert (after["status"], after["converted"], after["convertedAt"]) == (
        "Converted",
        True,
        "2026-01-01T12:00:00.000Z",
    )
    assert (after["accountId"], after["contactId"], after["dealId"]) == (account["id"], contact["id"], deal["id"])


def test_leads_of_one_company_share_an_account_and_use_the_one_that_is_there(world: World) -> None:
    known = world.one("Account", name="Acme")
    leads = [world.one("Lead", company=company) for company in ("Acme", "New Ltd", "New Ltd")]
    first, second, third = convert(world, *leads)
    assert first["accountId"] == known
    assert second["accountId"] == third["accountId"] != known
    assert first["dealId"] is None
    assert world.run(lambda session: session.count("Account")) == 2


def test_without_reuse_each_lead_has_an_account_of_its_own(world: World) -> None:
    world.one("Account", name="Acme")
    leads = [world.one("Lead", company="Acme") for _ in range(2)]
    assert len({answer["accountId"] for answer in convert(world, *leads, reuse_account=False)}) == 2


def test_a_lead_is_converted_once(world: World) -> None:
    lead = world.one("Lead", company="Acme")
    good, twice, lost = convert(world, lead, lead, "nobody")
    assert good["leadId"] == lead
    assert twice.code == "lead.already_converted"
    assert lost.code == "record.not_found"
    assert convert(world, lead)[0].code == "lead.already_converted"


def test_a_lead_marked_as_converted_elsewhere_can_be_converted(world: World) -> None:
    lead = world.one("Lead", company="Acme", converted=True)
    assert convert(world, lead)[0]["accountId"]


@pytest.mark.parametrize("refusing", ["Account", "Contact", "Deal", "Lead"])
def test_a_lead_that_cannot_be_converted_leaves_nothing_behind(world: World, refusing: str) -> None:
    bad, good = world.one("Lead", company="Bad", lastName="Bad"), world.one("Lead", company="Good")
    before = world.get("Lead", bad)

    world.rules = {refusing: [refuse_bad]}
    failed, done = convert(world, bad, good, deal=True)
    assert isinstance(failed, TowpathError)
    assert done["dealId"]
    assert world.get("Lead", bad) == before
    for name in ("Account", "Contact", "Deal"):
        assert world.run(lambda session, name=name: session.count(name)) == 1  # type: ignore[misc]


def test_an_account_that_another_lead_uses_stays(world: World) -> None:
    bad, good = world.one("Lead", company="Acme", lastName="Bad"), world.one("Lead", company="Acme")
    world.rules = {"Contact": [refuse_bad]}
    failed, done = convert(world, bad, good)
    assert isinstance(failed, TowpathError)
    assert world.get("Account", done["accountId"])["name"] == "Acme"


def test_a_person_without_company_is_an_account_of_his_own(world: World) -> None:
    (answer,) = convert(world, world.one("Lead", firstName="John", lastName="Doe"))
    assert world.get("Account", answer["accountId"])["name"] == "John Doe"


def test_an_unknown_option_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="Did you mean 'deal'"):
        convert(world, world.one("Lead"), deel=True)


def test_a_thousand_leads_are_converted_with_a_handful_of_statements(world: World) -> None:
    ids = [record["id"] for record in world.create("Lead", *({"company": f"C{i % 300}"} for i in range(1_000)))]
    convert(world, *ids, deal=True)
    assert max(world.statements.values()) <= 3, world.statements
    assert len(world.changes) == 300 + 3 * 1_000
