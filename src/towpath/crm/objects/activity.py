"""Activity: something that happened with a record: a mail, a call, a meeting, a visit, a note."""

from __future__ import annotations

from towpath.crm.define import choice, define, field

ACTIVITY = define(
    "Activity",
    field("subject", max_length=500, required=True),
    choice("type", "Note", "Email", "Call", "Meeting", "Visit", "Form", "Message", "Other", default="Note"),
    choice("direction", "Inbound", "Outbound"),
    field("occurredAt", "datetime"),
    field("duration", "number", label="Duration (s)"),
    field("relatedObject", max_length=63),
    field("relatedId", max_length=26, indexed=True),
    field("runId", max_length=26),
    field("body", "long_text"),
    field("data", "json"),
    name_field="subject",
    plural="Activities",
)
