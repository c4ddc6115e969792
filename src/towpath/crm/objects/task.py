"""Task: work for a person; the work item of a workflow run when ``runId`` is set."""

from __future__ import annotations

from towpath.crm.define import checkbox, choice, define, field, reference

TASK = define(
    "Task",
    field("subject", max_length=500, required=True),
    choice("kind", "task", "form", "approval", "call", default="task"),
    choice("status", "Open", "Claimed", "Completed", "Cancelled", default="Open", indexed=True),
    reference("teamId", "Team"),
    reference("queueId", "Queue"),
    field("role", max_length=100, indexed=True),
    choice("priority", "Low", "Normal", "High", "Urgent", default="Normal"),
    field("dueAt", "datetime", indexed=True),
    field("claimedAt", "datetime"),
    field("completedAt", "datetime"),
    reference("completedBy", "User"),
    field("outcome", max_length=100),
    field("form", "json"),
    field("response", "json"),
    field("runId", max_length=26, indexed=True),
    field("nodeId", max_length=128),
    field("workflow", max_length=128),
    field("relatedObject", max_length=63),
    field("relatedId", max_length=26, indexed=True),
    field("reactions", "json"),
    field("reacted", "integer", default=0),
    reference("approvalId", "Approval"),
    checkbox("mail", label="Tell by mail"),
    field("approvalRound", "integer"),
    reference("actsForId", "User", label="Acts for"),
    field("description", "long_text"),
    name_field="subject",
)
