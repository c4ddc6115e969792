"""Pipeline and Stage: the way of a deal, as records that people edit; a deal names its stage by name."""

from __future__ import annotations

from towpath.crm.define import checkbox, choice, define, field, reference

PIPELINE = define(
    "Pipeline",
    field("name", max_length=100, required=True, unique=True),
    checkbox("active", default=True),
    field("description", "long_text"),
)

STAGE = define(
    "Stage",
    reference("pipelineId", "Pipeline", required=True),
    field("name", max_length=100, required=True),
    field("position", "integer", default=0),
    field("probability", "number", label="Probability (%)", default=0),
    choice("kind", "open", "won", "lost", default="open"),
)
