"""Who may decide: resolvers become people, the absent are stood in for, and nobody decides about himself.

A delegate stands in for one person and not for that person's own principal: delegation goes one hop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from towpath.errors import NodeError, Where
from towpath.model.approval import ApprovalStep
from towpath.model.condition import Comparison, Field
from towpath.model.reaction import Resolver
from towpath.ports.records import Record, Records


class Voter(NamedTuple):
    """Who is asked, and for whom he acts if not for himself."""

    user: str
    acts_for: str | None = None


class People:
    """Users as they are in this transaction; ``now`` is a record's text of the time."""

    def __init__(self, records: Records, now: str) -> None:
        self.records = records
        self.now = now
        self._found: dict[str, Record | None] = {}
        self._members: dict[Resolver, list[Record]] = {}

    def load(self, names: Iterable[Any]) -> None:
        """Look these users up, at most three statements for all; then ``find`` knows them."""
        wanted = list(dict.fromkeys(name for name in names if isinstance(name, str) and name not in self._found))
        self._found.update(dict.fromkeys(wanted))
        if wanted:
            self._found.update(self.records.get("User", wanted))
        for field in ("email", "name"):
            rest = [name for name in wanted if self._found[name] is None]
            rows = self.records.find_by("User", field, rest) if rest else {}
            self._found.update({name: found[0] for name, found in rows.items() if len(found) == 1})

    def find(self, name: str | None) -> Record | None:
        """A user by id, e-mail or name; None for nobody, and for a name that several have."""
        if not name:
            return None
        self.load([name])
        return self._found[name]

    def works(self, user: Record | None) -> bool:
        """Whether the user is active and not absent."""
        return user is not None and bool(user["active"]) and not self._within(user, "absentFrom", "absentUntil")

    def delegate_of(self, user: Record) -> Record | None:
        """Who stands in for the user now: only the one he names, for as long as he says."""
        if not user["delegateId"]:
            return None
        dated = user["delegateFrom"] is not None or user["delegateUntil"] is not None
        if dated and not self._within(user, "delegateFrom", "delegateUntil"):
            return None
        if not dated and not self._within(user, "absentFrom", "absentUntil"):
            return None  # a delegate without dates stands in while the user is absent
        return self.find(user["delegateId"])

    def members(self, resolver: Resolver) -> list[Record]:
        """The active members of the group that a resolver names, oldest first."""
        if resolver not in self._members:
            self._members[resolver] = [user for user in self._group(resolver) if user["active"]]
        return self._members[resolver]

    def meant(self, resolver: Resolver, submitter: str | None, facts: Mapping[str, Any]) -> list[Record]:
        """Whom a resolver means: the members of a group, or the one person, who may not be active."""
        if resolver.group:
            return self.members(resolver)
        user = self._single(resolver, submitter, facts)
        return [] if user is None else [user]

    def _single(self, resolver: Resolver, submitter: str | None, facts: Mapping[str, Any]) -> Record | None:
        if resolver.manager is not None:
            return self.manager(submitter, resolver.manager)
        if resolver.field is not None:
            value: Any = facts
            for part in resolver.field.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
            return self.find(value) if isinstance(value, str) else None
        return self.find(resolver.user)

    def _group(self, resolver: Resolver) -> list[Record]:
        if resolver.role is not None:
            return self.records.find_by("User", "role", [resolver.role])[resolver.role]
        team = self._team(resolver)
        return self.records.find("User", Comparison(Field("teamId"), "==", team)) if team else []

    def manager(self, submitter: str | None, levels: int) -> Record | None:
        """The manager of the submitter, ``levels`` up."""
        user = self.find(submitter)
        for _ in range(levels):
            user = self.find(user["managerId"]) if user is not None else None
        return user

    def _team(self, resolver: Resolver) -> str | None:
        if resolver.team is not None:
            found = named(self.records, "Team", resolver.team)
            return str(found["id"]) if found else None
        queue = named(self.records, "Queue", str(resolver.queue))
        return queue["teamId"] if queue else None

    def _within(self, user: Record, first: str, last: str) -> bool:
        start, end = user[first], user[last]
        if start is None and end is None:
            return False
        return (start is None or start <= self.now) and (end is None or self.now < end)


def named(records: Records, object_name: str, name: str) -> Record | None:
    """A record by id or by its unique name."""
    found = records.get(object_name, [name])
    return found.get(name) or next(iter(records.find_by(object_name, "name", [name])[name]), None)


def voters(people: People, step: ApprovalStep, submitter: str | None, facts: Mapping[str, Any]) -> list[Voter]:
    """Who is asked in a step. NodeError ``node.no_approver`` where too few may decide, fallback included.

    Of groups the members who can decide are asked. A certain person who cannot is replaced by his delegate, else by
    the fallback. No real person is asked twice.
    """
    chosen: dict[str, Voter] = {}
    missing = 0
    for resolver in step.approvers:
        wanted = people.meant(resolver, submitter, facts)
        able = [voter for user in wanted if (voter := _able(people, user, submitter, chosen)) is not None]
        if not able and not _asked(wanted, chosen):
            missing += 1
        chosen.update((voter.user, voter) for voter in able)
    if _needs_fallback(step, len(chosen), missing):
        extra = _fallbacks(people, step.fallback, submitter, facts, chosen) if step.fallback else ()
        if not extra or len(chosen) + len(extra) < (step.quorum or 1):
            raise nobody(step)
        chosen.update((voter.user, voter) for voter in extra)
    return list(chosen.values())


def _needs_fallback(step: ApprovalStep, chosen: int, missing: int) -> bool:
    """Where all must agree, everybody who is missing needs somebody in his place; elsewhere there must be enough."""
    if step.policy in ("unanimous", "sequence"):
        return missing > 0
    return chosen < (step.quorum or 1)


def _able(people: People, user: Record, submitter: str | None, taken: Mapping[str, Voter]) -> Voter | None:
    """The user or who stands in for him, if that real person may decide and is not asked already."""
    asks = people.find(submitter)
    own = asks["id"] if asks else None
    delegate = people.delegate_of(user)
    if delegate is not None and people.works(delegate) and delegate["id"] != own and user["id"] != own:
        return None if delegate["id"] in taken else Voter(delegate["id"], user["id"])
    if delegate is None and people.works(user) and user["id"] != own and user["id"] not in taken:
        return Voter(user["id"])
    return None


def _asked(wanted: Sequence[Record], taken: Mapping[str, Voter]) -> bool:
    """Whether all of them are asked already: a person who is named twice is not missing."""
    return bool(wanted) and all(user["id"] in taken for user in wanted)


def _fallbacks(
    people: People, fallback: Resolver, submitter: str | None, facts: Mapping[str, Any], taken: Mapping[str, Voter]
) -> Sequence[Voter]:
    wanted = people.meant(fallback, submitter, facts)
    return [voter for user in wanted if (voter := _able(people, user, submitter, taken)) is not None]


def fallback_for(
    people: People, step: ApprovalStep, submitter: str | None, facts: Mapping[str, Any], taken: Mapping[str, Voter]
) -> Voter | None:
    """Who takes over from an approver who can no longer decide; None where the step has nobody for it."""
    if step.fallback is None:
        return None
    return next(iter(_fallbacks(people, step.fallback, submitter, facts, taken)), None)


def nobody(step: ApprovalStep) -> NodeError:
    """Nobody may decide, so nothing is decided."""
    return NodeError(
        f"nobody may decide in {step.name!r}: approvers and fallback are missing, inactive, absent or the submitter",
        code="node.no_approver",
        hint="Name active users in 'approvers' or 'fallback'; nothing is approved by itself.",
        where=Where(field="approver"),
        params={"step": step.name},
    )
