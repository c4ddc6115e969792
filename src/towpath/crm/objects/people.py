"""User and Team: the people who own records and do tasks."""

from __future__ import annotations

from towpath.crm.define import checkbox, define, field, reference

USER = define(
    "User",
    field("name", max_length=255, required=True, personal="personal"),
    field("email", "email", unique=True, personal="personal"),
    checkbox("active", default=True),
    reference("teamId", "Team"),
    reference("managerId", "User"),
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
