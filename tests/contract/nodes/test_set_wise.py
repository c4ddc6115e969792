"""CRM nodes ask the store as often for a thousand runs as for one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.contract.nodes.world import World, in_world

RUNS = 1000
LEADS = [{"as": f"l{n}", "lastName": f"Name {n}", "email": f"lead{n}@example.com"} for n in range(RUNS)]
BY_ID = [{"id": f"@l{n}", "mail": f"lead{n}@example.com", "who": "Ann"} for n in range(RUNS)]
BY_MAIL = 'email == "{{ $json.mail }}"'


class Counting:
    """Records that count how often they are called."""

    def __init__(self, records: Any) -> None:
        self.records = records
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self.records, name)


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("crm.create", {"object": "Lead", "fields": {"lastName": "{{ $json.mail }}"}}, {"create": 1}),
        ("crm.update", {"object": "Lead", "fields": {"city": "{{ $json.mail }}"}}, {"update": 1}),
        ("crm.update", {"object": "Lead", "fields": {"city": "A"}, "search": BY_MAIL}, {"find_by": 1, "update": 1}),
        ("crm.upsert", {"object": "Lead", "key": "email", "fields": {"email": "{{ $json.mail }}"}}, {"upsert": 1}),
        ("crm.delete", {"object": "Lead"}, {"delete": 1}),
        ("crm.get", {"object": "Lead"}, {"get": 1}),
        ("crm.find", {"object": "Lead", "where": BY_MAIL}, {"find_by": 1}),
        ("crm.find", {"object": "Lead", "where": 'lastName == "{{ $json.who }}" and city == "Rome"'}, {"find": 1}),
        ("crm.link", {"object": "Lead", "field": "ownerId", "target": None}, {"link": 1}),
        ("crm.convert", {}, {"convert_leads": 1, "get": 1}),
        ("people.task", {"subject": "Call", "assignee": "{{ $json.who }}"}, {"get": 1, "find_by": 2, "create": 1}),
        (
            "people.approve", {"subject": "Ask", "approver": "{{ $json.who }}"},
            {"get": 1, "find_by": 2, "create": 2, "opened": 2},
        ),
        ("notify.team", {"text": "Hi", "user": "{{ $json.who }}"}, {"get": 1, "find_by": 2}),
    ],
)  # fmt: skip
def test_a_thousand_runs_cost_as_many_calls_as_one(name: str, params: dict[str, Any], expected: dict[str, int]) -> None:
    def work(world: World) -> None:
        counting = Counting(world.records)
        world.context.records = counting  # type: ignore[assignment]
        visits = [world.visit(number, {"items": [item]}) for number, item in enumerate(BY_ID)]
        world.execute(visits)
        assert not [visit for visit in visits if visit.faults]
        assert counting.calls == expected

    in_world({"type": name, "params": params, "records": {"User": [{"name": "Ann"}], "Lead": LEADS}}, work)
