"""Account: a company that one sells to or works with."""

from __future__ import annotations

from towpath.crm.define import choice, define, field, reference

ACCOUNT = define(
    "Account",
    field("name", max_length=255, required=True, indexed=True),
    choice("type", "Prospect", "Customer", "Partner", "Supplier", "Competitor", "Other"),
    field("industry", max_length=100),
    field("website", "url"),
    field("phone", "phone"),
    field("street", max_length=255),
    field("city", max_length=100),
    field("country", max_length=100),
    field("employees", "integer"),
    field("annualRevenue", "money"),
    field("healthScore", "number"),
    field("tier", max_length=50),
    field("renewalDate", "date", indexed=True),
    field("lastActivityAt", "datetime"),
    reference("parentId", "Account", label="Parent account"),
    reference("teamId", "Team"),
    field("externalId", max_length=100, unique=True),
    field("description", "long_text"),
)
