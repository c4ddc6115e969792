"""What a save goes by, as of one generation of what is published; shared by all transactions until the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from towpath.crm.blueprints.compiled import ReadyBlueprint
from towpath.crm.milestones import ReadyPolicy
from towpath.crm.saving import SaveRules
from towpath.crm.scoring import ReadyScore
from towpath.engine.triggers import RecordTrigger
from towpath.model.duplicates import DuplicateRule


@dataclass(slots=True)
class Saving:
    """The rules of saving by object, as of one generation of what is published."""

    generation: int = -1
    rules: SaveRules = field(default_factory=dict)
    checks: SaveRules = field(default_factory=dict)
    after: list[RecordTrigger] = field(default_factory=list)
    duplicates: Mapping[str, Sequence[DuplicateRule]] = field(default_factory=dict)
    scores: Mapping[str, Sequence[ReadyScore]] = field(default_factory=dict)
    milestones: Mapping[str, Sequence[ReadyPolicy]] = field(default_factory=dict)
    blueprints: Mapping[str, Sequence[ReadyBlueprint]] = field(default_factory=dict)
