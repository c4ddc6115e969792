"""Checks a workflow without a store: against the built-in node types and CRM objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.builder.catalogue import node_types
from towpath.crm.catalogue import Catalogue
from towpath.engine.check import check_definition
from towpath.formats import survey_workflow
from towpath.formats.native.document import Reading
from towpath.model.problem import Problem


def check_document(document: Mapping[str, Any]) -> list[Problem]:
    """Every problem of a document, of its shape and of its meaning, errors first."""
    return check_reading(survey_workflow(document))


def check_reading(reading: Reading) -> list[Problem]:
    """The problems found while reading, then those of what could be read."""
    found = list(reading.problems)
    if reading.definition is not None:
        found += check_definition(reading.definition, node_types(), Catalogue())
    return sorted(found, key=lambda problem: problem.severity != "error")
