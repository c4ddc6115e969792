"""Keyword options with their types, so that editors complete them: of a workflow, and of one node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict


class WorkflowOptions(TypedDict, total=False):
    """What holds for the whole workflow; times are seconds, or text such as "2h 30m"."""

    timezone: str
    calendar: str | None
    enrolment: Mapping[str, Any] | None
    time_limit: float | str | None
    alert_at: float
    error_workflow: str | None
    concurrency: int | None
    priority: int
    reentry: int
    start_brake: int
    log: Literal["all", "failures", "sample", "none"]
    order: Literal["depth", "breadth"]
    limits: Mapping[str, Any]
    baseline: Mapping[str, Any] | None
    variables: Mapping[str, Any]


class RetryOptions(TypedDict, total=False):
    """How a failed step is tried again."""

    attempts: int
    delay: float | str
    factor: float
    max_delay: float | str
    jitter: float


class NodeOptions(TypedDict, total=False):
    """What every node has beside its parameters; times are seconds, or text such as "2h 30m"."""

    lane: str | None
    connections: Sequence[str]
    time_limit: float | str | None
    retry: RetryOptions | None
    on_error: Literal["stop", "continue", "branch"]
    units: float
    cost: float
    disabled: bool
    once: bool
    always_output: bool
    notes: str | None
    position: Mapping[str, float]
    pinned: Sequence[Mapping[str, Any]] | None
