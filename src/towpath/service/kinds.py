"""The kinds of definitions that are kept beside workflows, in one visible list."""

from __future__ import annotations

from towpath.crm.assignment.pool import AssignmentPool
from towpath.crm.definitions import Kinds
from towpath.crm.validation import ValidationRule
from towpath.model.blueprint import Blueprint
from towpath.model.calendar import Calendar
from towpath.model.duplicates import DuplicateRule

KINDS: Kinds = {
    "assignment": AssignmentPool,
    "blueprint": Blueprint,
    "calendar": Calendar,
    "duplicates": DuplicateRule,
    "validation": ValidationRule,
}
