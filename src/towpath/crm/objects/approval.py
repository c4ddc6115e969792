"""Approval: a decision about a record, from its submission to its end; each approver's part in it is a Task."""

from __future__ import annotations

from towpath.crm.define import checkbox, choice, define, field, reference

APPROVAL = define(
    "Approval",
    field("subject", max_length=500, required=True),
    field("description", "long_text"),
    choice("status", "Draft", "Pending", "Approved", "Rejected", "Recalled", "Expired", default="Draft", indexed=True),
    field("step", "integer", default=0),
    field("stepName", max_length=100),
    field("stepAt", "datetime", label="Step began"),
    field("round", "integer", default=0),
    field("reacted", "integer", default=0),
    field("steps", "json"),
    field("waiting", "json"),
    field("facts", "json"),
    field("form", "json"),
    choice("priority", "Low", "Normal", "High", "Urgent", default="Normal"),
    checkbox("mail", label="Tell by mail"),
    reference("submitterId", "User"),
    field("submittedAt", "datetime"),
    field("dueAt", "datetime", indexed=True),
    field("claimedAt", "datetime"),
    field("decidedAt", "datetime"),
    reference("decidedBy", "User"),
    field("response", "json"),
    field("relatedObject", max_length=63),
    field("relatedId", max_length=26, indexed=True),
    field("runId", max_length=26, indexed=True),
    field("nodeId", max_length=128),
    field("workflow", max_length=128),
    name_field="subject",
)
