"""The kinds of definitions that are kept beside workflows, in one visible list."""

from __future__ import annotations

from towpath.crm.assignment.pool import AssignmentPool
from towpath.crm.definitions import Kinds
from towpath.crm.validation import ValidationRule
from towpath.model.blueprint import Blueprint
from towpath.model.calendar import Calendar
from towpath.model.duplicates import DuplicateRule
from towpath.model.mail_policy import MailPolicy
from towpath.model.milestones import MilestonePolicy
from towpath.model.scoring import ScoreModel

KINDS: Kinds = {
    "assignment": AssignmentPool,
    "blueprint": Blueprint,
    "calendar": Calendar,
    "duplicates": DuplicateRule,
    "mail": MailPolicy,
    "milestones": MilestonePolicy,
    "scoring": ScoreModel,
    "validation": ValidationRule,
}
