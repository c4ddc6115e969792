"""The people of the demo: who sells, as the data say, and made-up colleagues in success and support, with wages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towpath.errors import TowpathError
from towpath.model.change import Cause
from towpath.service.platform import Platform
from towpath.service.sample_data import people
from towpath.service.unit import Unit, in_unit

SALES, LEADS = "Sales", "Sales leads"
HEADS = {"Customer success": (8, 40), "Support tier 1": (8, 28), "Support tier 2": (5, 42)}  # how many, cost of an hour
WAGES = {SALES: 32, LEADS: 55}


@dataclass(frozen=True, slots=True)
class Staff:
    """Ids of people by the id of their team, and how many records they are."""

    members: Mapping[str, Sequence[str]]
    records: dict[str, int]


def hire(platform: Platform, agents: Sequence[tuple[str, str]]) -> Staff:
    """Make users for agents and their managers, or for made-up ones, and for the other teams. The teams are there."""
    agents = agents or [(name, "") for name in people(12, first=100)]
    managers = list(dict.fromkeys(manager for _, manager in agents if manager)) or people(2, first=120)
    names = {LEADS: managers, SALES: [name for name, _ in agents if name not in managers]}
    taken = 200
    for team, (count, _) in HEADS.items():
        names[team], taken = people(count, first=taken), taken + count
    return in_unit(platform, lambda unit: _create(unit, names, dict(agents)))


def _create(unit: Unit, names: Mapping[str, Sequence[str]], manager_of: Mapping[str, str]) -> Staff:
    teams = {name: rows[0]["id"] for name, rows in unit.records.find_by("Team", "name", list(names)).items()}
    ids: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for team, people_of_team in names.items():  # managers come first, so that the others can point at them
        rows = [_user(name, teams[team], team, ids.get(manager_of.get(name, ""))) for name in people_of_team]
        members[teams[team]] = [_id(outcome) for outcome in unit.records.create("User", rows, Cause("demo", bulk=True))]
        ids |= dict(zip(people_of_team, members[teams[team]], strict=True))
    return Staff(members, {"User": len(ids), "Team": len(teams)})


def _user(name: str, team_id: str, team: str, manager: str | None) -> dict[str, Any]:
    wage = WAGES.get(team) or HEADS[team][1]
    mail = name.lower().replace(" ", ".") + "@example.com"
    return {"name": name, "email": mail, "teamId": team_id, "hourlyCost": wage, "managerId": manager}


def _id(outcome: Mapping[str, Any] | TowpathError) -> str:
    if isinstance(outcome, TowpathError):
        raise outcome
    return str(outcome["id"])
