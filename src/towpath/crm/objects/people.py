"""User, Team and Queue: the people who own records and do tasks, and where work waits for them."""

from __future__ import annotations

from towpath.crm.define import checkbox, define, field, reference

USER = define(
    "User",
    field("name", max_length=255, required=True, personal="personal"),
    field("email", "email", unique=True, personal="personal"),
    checkbox("active", default=True),
    reference("teamId", "Team"),
    reference("managerId", "User"),
    field("role", max_length=100, indexed=True),
    reference("delegateId", "User"),
    field("delegateFrom", "datetime"),
    field("delegateUntil", "datetime"),
    field("absentFrom", "datetime"),
    field("absentUntil", "datetime"),
    field("hourlyCost", "money"),
    field("capacity", "number"),
    field("timezone", max_length=64),
    field("locale", max_length=16),
    field("externalId", max_length=100, unique=True),
)

TEAM = define(
    "Team",
    field("name", max_length=255, required=True, unique=True),
    reference("leadId", "User", label="Team lead"),
    field("region", max_length=100),
    field("email", "email"),
)

QUEUE = define(
    "Queue",
    field("name", max_length=255, required=True, unique=True),
    reference("teamId", "Team"),
    field("email", "email"),
)
