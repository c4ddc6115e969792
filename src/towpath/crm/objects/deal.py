"""Deal: a possible sale on its way through the stages of a pipeline."""

from __future__ import annotations

from towpath.crm.define import checkbox, choice, define, field, reference
from towpath.crm.stages import DEFAULT_STAGES

DEAL = define(
    "Deal",
    field("name", max_length=255),
    reference("accountId", "Account"),
    reference("contactId", "Contact"),
    reference("pipelineId", "Pipeline"),
    choice("stage", *(stage.name for stage in DEFAULT_STAGES), default=DEFAULT_STAGES[0].name, indexed=True),
    field("stageChangedAt", "datetime"),
    field("amount", "money"),
    field("currency", max_length=3, default="USD"),
    field("probability", "number", label="Probability (%)"),
    field("discount", "number", label="Discount (%)"),
    field("product", max_length=255),
    field("source", max_length=100),
    field("engageDate", "date"),
    field("closeDate", "date", indexed=True),
    checkbox("closed"),
    checkbox("won"),
    field("lossReason", max_length=255),
    field("nextStep", max_length=255),
    field("lastActivityAt", "datetime"),
    reference("campaignId", "Campaign"),
    reference("teamId", "Team"),
    field("externalId", max_length=100, unique=True),
    field("description", "long_text"),
)
