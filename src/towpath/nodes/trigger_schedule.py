"""Starts runs by the calendar: one run at each time, or one for each record of a set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field, model_validator

from towpath.engine.conditions import WrittenCondition
from towpath.engine.fields import condition_problems, object_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import NodeParams
from towpath.model.problem import Problem


def _cron(value: str) -> str:
    try:
        CronSim(value, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(f"{value!r} is no cron expression ({error}); write for example '0 9 * * MON-FRI'") from None
    return value


class Params(NodeParams):
    """When runs start, and for which records."""

    cron: Annotated[str, AfterValidator(_cron)] = Field(
        description="Minute, hour, day, month, weekday in the workflow's time zone, for example '0 9 * * MON-FRI'."
    )
    object: str | None = Field(
        None, description="Start one run for each record of this kind instead of one run in all."
    )
    where: WrittenCondition | None = Field(None, description="Only records that meet this condition.")
    limit: int | None = Field(None, ge=1, description="Most records at one time, oldest first.")
    missed: Literal["all", "last", "none"] = Field(
        "last", description="Which of the times that passed while nothing was running are made up for."
    )

    @model_validator(mode="after")
    def _of_an_object(self) -> Params:
        if self.object is None and (self.where is not None or self.limit is not None):
            raise ValueError("'where' and 'limit' choose records: name their 'object'")
        return self


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """The object and the fields of the condition must exist."""
    if params.object is not None:
        yield from object_problems(context, params.object)
        yield from condition_problems(context, params.object, params.where, "where")


node_type = NodeType(
    name="trigger.schedule",
    title="Schedule",
    description="Starts at set times, in the workflow's time zone: one run, or one for each record of a set.",
    icon="clock",
    group="trigger",
    params=Params,
    trigger="schedule",
    check=check,
    examples=(
        {"cron": "0 9 * * MON-FRI"},
        {"cron": "0 2 * * *", "object": "Deal", "where": "probability < 20", "limit": 5000},
    ),
)
