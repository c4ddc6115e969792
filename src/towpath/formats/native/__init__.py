"""Towpath's own definition files: JSON or YAML in, canonical JSON or readable YAML out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from towpath.formats.native.document import read_document, refusal
from towpath.model.workflow import WorkflowDefinition


def load_definition(document: Mapping[str, Any]) -> WorkflowDefinition:
    """A definition from its stored document, which may be of an older format.

    Raises FormatError for a format of a later Towpath, WorkflowError where the document is damaged.
    """
    reading = read_document(dict(document))
    if reading.definition is None or reading.problems:
        raise refusal(reading.problems)
    return reading.definition
