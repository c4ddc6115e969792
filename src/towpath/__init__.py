"""Towpath designs, runs, measures and improves workflows on CRM data.

>>> from towpath import Workflow
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from towpath.builder.loading import check, load, run
    from towpath.builder.workflow import Workflow
    from towpath.errors import FormatError, NodeError, TowpathError, WorkflowError
    from towpath.model.problem import Problem
    from towpath.model.result import Result
    from towpath.model.workflow import WorkflowDefinition
    from towpath.storage.system import VirtualClock

_HOMES = {
    "FormatError": "towpath.errors",
    "NodeError": "towpath.errors",
    "Problem": "towpath.model.problem",
    "Result": "towpath.model.result",
    "TowpathError": "towpath.errors",
    "VirtualClock": "towpath.storage.system",
    "Workflow": "towpath.builder.workflow",
    "WorkflowDefinition": "towpath.model.workflow",
    "WorkflowError": "towpath.errors",
    "check": "towpath.builder.loading",
    "load": "towpath.builder.loading",
    "run": "towpath.builder.loading",
}
__all__ = [
    "FormatError",
    "NodeError",
    "Problem",
    "Result",
    "TowpathError",
    "VirtualClock",
    "Workflow",
    "WorkflowDefinition",
    "WorkflowError",
    "check",
    "load",
    "run",
]


def __getattr__(name: str) -> object:
    """A public name, loaded when first asked for: ``import towpath`` itself costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'towpath' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
