"""The kinds of definitions that are kept beside workflows, in one visible list."""

from __future__ import annotations

from towpath.crm.definitions import Kinds
from towpath.crm.validation import ValidationRule
from towpath.model.blueprint import Blueprint
from towpath.model.calendar import Calendar

KINDS: Kinds = {
    "blueprint": Blueprint,
    "calendar": Calendar,
    "validation": ValidationRule,
}
