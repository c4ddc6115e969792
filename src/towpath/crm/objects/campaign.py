"""Campaign and its members: who is addressed by an effort of marketing, and how they answered."""

from __future__ import annotations

from towpath.crm.define import choice, define, field, reference

CAMPAIGN = define(
    "Campaign",
    field("name", max_length=255, required=True, indexed=True),
    choice("type", "Email", "Webinar", "Event", "Advertisement", "Telephone", "Social", "Other"),
    choice("status", "Planned", "Active", "Paused", "Completed", "Cancelled", default="Planned"),
    field("startDate", "date"),
    field("endDate", "date"),
    field("budget", "money"),
    field("actualCost", "money"),
    field("expectedRevenue", "money"),
    reference("parentId", "Campaign", label="Parent campaign"),
    field("externalId", max_length=100, unique=True),
    field("description", "long_text"),
)

CAMPAIGN_MEMBER = define(
    "CampaignMember",
    reference("campaignId", "Campaign", required=True),
    reference("leadId", "Lead"),
    reference("contactId", "Contact"),
    choice(
        "status", "Planned", "Sent", "Opened", "Clicked", "Responded", "Registered", "Attended", "Bounced",
        "Unsubscribed", "Converted", default="Planned", indexed=True,
    ),
    field("variant", max_length=50),
    field("sentAt", "datetime"),
    field("respondedAt", "datetime"),
    name_field="status",
)  # fmt: skip
