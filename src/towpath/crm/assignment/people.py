"""Who is in a pool now: its members by name or team, with their capacity, and whether they are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from towpath.crm.assignment.choosing import Standing
from towpath.crm.assignment.pool import AssignmentPool, Member
from towpath.crm.validation import read_written
from towpath.expr import compile_condition
from towpath.model.business_time import Calendars
from towpath.model.condition import Any_, Comparison, Field
from towpath.model.moment import from_text
from towpath.ports.records import Record, Records

Users = Mapping[str, Record]


def find_members(
    records: Records, pool: AssignmentPool, calendars: Calendars, now: int
) -> tuple[list[Standing], str | None]:
    """The members in their stable order, and the id of the overflow user; at most two statements."""
    teams = _teams(records, [member.team for member in pool.members if member.team])
    users = _users(records, [*(m.user for m in pool.members if m.user), *([pool.overflow] if pool.overflow else [])],
                   list(teams.values()))  # fmt: skip
    standings: dict[str, Standing] = {}
    for member in pool.members:
        for user in _of(member, users, teams):
            if user["active"] and user["id"] not in standings:
                standings[user["id"]] = _standing(member, user, pool, calendars, now)
    overflow = _named(users, pool.overflow) if pool.overflow else None
    return list(standings.values()), overflow["id"] if overflow is not None else None


def unknown_people(records: Records, pool: AssignmentPool) -> list[str]:
    """The users and teams of a pool that are not there."""
    names = [member.team for member in pool.members if member.team]
    teams = _teams(records, names)
    wanted = [*(m.user for m in pool.members if m.user), *([pool.overflow] if pool.overflow else [])]
    users = _users(records, wanted, [])
    return [*(name for name in names if name not in teams), *(n for n in wanted if _named(users, n) is None)]


def _standing(member: Member, user: Record, pool: AssignmentPool, calendars: Calendars, now: int) -> Standing:
    capacity = member.capacity if member.capacity is not None else user["capacity"]
    standing = Standing(user["id"], member.share, None if capacity is None else float(capacity))
    standing.away, standing.back = _away(member, user, pool, calendars, now)
    if member.when is not None:
        holds = compile_condition(read_written(member.when))
        standing.takes = lambda record: holds(record, None)
    return standing


def _away(
    member: Member, user: Record, pool: AssignmentPool, calendars: Calendars, now: int
) -> tuple[str | None, int | None]:
    """Why the member is not there, and when the member is back."""
    since, until = from_text(user["absentFrom"]), from_text(user["absentUntil"])
    told = since is not None or until is not None
    absent = told and (since is None or since <= now) and (until is None or now < until)
    moment, why = (until, "absent") if absent else (now, None)
    shift = member.calendar or pool.calendar
    if moment is None or shift is None:
        return why, moment if why else None
    opening = calendars.of(shift).next_opening(moment)
    if opening > moment:
        return why or "out_of_shift", opening
    return why, moment if why else None


def _teams(records: Records, names: list[str]) -> dict[str, str]:
    """Ids of teams by what they are called."""
    if not names:
        return {}
    rows = records.find("Team", _called(names, ("id", "name")))
    return {name: row["id"] for name in names for row in rows if name in (row["id"], row["name"])}


def _users(records: Records, names: list[str], teams: list[str]) -> Users:
    where = _called(names, ("id", "email", "name"))
    if teams:
        where = Any_((*where.parts, Comparison(Field("teamId"), "in", tuple(teams))))
    return {row["id"]: row for row in records.find("User", where)} if where.parts else {}


def _called(names: Iterable[str], fields: tuple[str, ...]) -> Any_:
    given = tuple(dict.fromkeys(names))
    return Any_(tuple(Comparison(Field(field), "in", given) for field in fields) if given else ())


def _of(member: Member, users: Users, teams: Mapping[str, str]) -> list[Record]:
    if member.user is not None:
        named = _named(users, member.user)
        return [named] if named is not None else []
    team = teams.get(member.team or "")
    return sorted((user for user in users.values() if team and user["teamId"] == team), key=_id)


def _named(users: Users, name: str) -> Record | None:
    if name in users:
        return users[name]
    called = [user for user in users.values() if name.lower() == (user["email"] or "") or name == user["name"]]
    return called[0] if len(called) == 1 else None


def _id(user: Mapping[str, Any]) -> str:
    return str(user["id"])
