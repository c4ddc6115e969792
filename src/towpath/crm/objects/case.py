"""Case: a question or problem of a customer, from receipt to solution."""

from __future__ import annotations

from towpath.crm.define import checkbox, choice, define, field, reference

CASE = define(
    "Case",
    field("subject", max_length=500, required=True),
    field("description", "long_text"),
    choice("status", "New", "Open", "Pending", "On Hold", "Escalated", "Solved", "Closed", default="New", indexed=True),
    choice("priority", "Low", "Medium", "High", "Critical", default="Medium"),
    choice("impact", "Low", "Medium", "High"),
    choice("urgency", "Low", "Medium", "High"),
    choice("origin", "Email", "Phone", "Web", "Chat", "Social", "Event", "Other"),
    field("type", max_length=100),
    field("product", max_length=255),
    reference("accountId", "Account"),
    reference("contactId", "Contact"),
    field("email", "email", indexed=True, personal="personal"),
    reference("teamId", "Team"),
    reference("parentId", "Case", label="Parent case"),
    field("entitlement", max_length=100),
    field("dueAt", "datetime", indexed=True),
    field("firstResponseAt", "datetime"),
    field("solvedAt", "datetime"),
    field("closedAt", "datetime"),
    checkbox("breached"),
    field("reopened", "integer", default=0),
    field("satisfaction", "number"),
    field("resolution", "long_text"),
    field("externalId", max_length=100, unique=True),
    name_field="subject",
)
