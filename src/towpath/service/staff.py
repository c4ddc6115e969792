"""People as services are told of them: by id, e-mail or name."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.errors import NotFoundError, did_you_mean
from towpath.ports.records import Record, Records
from towpath.service.platform import Platform
from towpath.service.snapshot import in_snapshot


def find_person(platform: Platform, who: str) -> Record:
    """A user by id, e-mail or name; NotFoundError with the nearest name."""
    return in_snapshot(platform, lambda state: person(state.records, who))


def names_of(platform: Platform, records: Sequence[Record], *fields: str, kind: str = "User") -> dict[str, str]:
    """The names of the users (or teams, queues) whose ids stand in these fields; who is gone is called by the id."""
    ids = (record[field] for record in records for field in fields)
    wanted = [user for user in dict.fromkeys(ids) if user is not None]
    found = in_snapshot(platform, lambda state: state.records.get(kind, wanted))
    return {user: str(found.get(user, {}).get("name") or user) for user in wanted}


def person(records: Records, who: str) -> Record:
    """A user by id, e-mail or name; NotFoundError with the nearest name."""
    found = records.get("User", [who])
    if who in found:
        return found[who]
    for field in ("email", "name"):
        rows = records.find_by("User", field, [who])[who]
        if rows:
            return rows[0]
    known = [str(user.get("name")) for user in records.find("User", limit=500)]
    raise NotFoundError(f"there is no user {who!r}", code="user.unknown", hint=did_you_mean(who, known))


def group(records: Records, object_name: str, name: str) -> Record:
    """A team or queue by id or name; NotFoundError with the nearest name."""
    found = records.get(object_name, [name])
    rows = [found[name]] if name in found else records.find_by(object_name, "name", [name])[name]
    if rows:
        return rows[0]
    known = [str(row.get("name")) for row in records.find(object_name, limit=500)]
    kind = object_name.lower()
    raise NotFoundError(
        f"there is no {kind} {name!r}", code=f"{kind}.unknown", hint=did_you_mean(name, known), params={"name": name}
    )
