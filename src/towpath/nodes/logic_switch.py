"""Switch: sends each item to the first output, or to every output, whose case it meets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType, Port
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.predicate import Predicate
from towpath.expr.comparing import same


class Case(BaseModel):
    """One output and what leads there."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    label: str = Field(min_length=1, description="Name of the output.")
    when: Predicate | None = Field(None, description="The condition, written as in If.")
    equals: Any = Field(None, description="With 'value': the value, or a list of values, that leads here.")

    def takes(self, value: Any) -> bool:
        """Whether a value leads here."""
        if isinstance(self.equals, list):
            return any(same(value, option) for option in self.equals)
        return same(value, self.equals)


class Params(NodeParams):
    """The cases, in order, and what becomes of items that meet none."""

    cases: tuple[Case, ...] = Field(
        min_length=1, max_length=100, description="The outputs with their conditions or values."
    )
    value: Dynamic[Any] | None = Field(
        None, description="Compare this value with the cases' 'equals', instead of conditions."
    )
    fallback: str | None = Field(
        "other",
        min_length=1,
        description="Output for items that meet no case: a label of its own or of a case; null ends them here.",
    )
    all_matches: bool = Field(False, description="An item goes to every case that it meets, not only to the first.")

    @model_validator(mode="after")
    def _consistent(self) -> Params:
        labels = [case.label for case in self.cases]
        if len(set(labels)) < len(labels):
            raise ValueError("two cases have the same label")
        for case in self.cases:
            if (case.when is None) == (self.value is None) or ("equals" in case.model_fields_set) == (
                self.value is None
            ):
                needed = "'when'" if self.value is None else "'equals', because there is a 'value',"
                raise ValueError(f"case {case.label!r} needs {needed} and nothing else")
        return self

    @property
    def labels(self) -> list[str]:
        """The names of the outputs, in order."""
        labels = [case.label for case in self.cases]
        return labels if self.fallback is None or self.fallback in labels else [*labels, self.fallback]


def run(batch: Batch[Params]) -> None:
    """Items go on as they are."""
    params = batch.params
    values = batch.evaluate(params.value) if params.value is not None else None
    live, met = batch.live(), set[int]()
    for port, case in enumerate(params.cases):
        asked = live if params.all_matches else [position for position in live if position not in met]
        for position, holds in zip(asked, _judge(batch, case, values, asked), strict=True):
            if holds is None:
                met.add(position)  # it has failed, and goes nowhere
            elif holds:
                met.add(position)
                batch.forward(position, port)
    if params.fallback is not None:
        port = params.labels.index(params.fallback)
        for position in live:
            if position not in met:
                batch.forward(position, port)


def _judge(
    batch: Batch[Params], case: Case, values: list[Any] | None, positions: Sequence[int]
) -> Sequence[bool | None]:
    if case.when is None:
        return [case.takes(values[position]) for position in positions] if values is not None else []
    return batch.judge(case.when, positions)


def _outputs(params: Params) -> tuple[Port, ...]:
    return tuple(Port(label, label) for label in params.labels)


node_type = NodeType(
    name="logic.switch",
    title="Switch",
    description="Sends each item to the first output whose condition it meets, or whose value it has.",
    icon="route",
    params=Params,
    run=run,
    outputs=_outputs,
    examples=(
        {
            "cases": [{"label": "hot", "when": "score >= 80"}, {"label": "warm", "when": "score >= 50"}],
            "fallback": "cold",
        },
        {
            "value": "{{ $json.country }}",
            "cases": [{"label": "home", "equals": "DE"}, {"label": "neighbours", "equals": ["FR", "PL", "NL"]}],
            "fallback": None,
        },
    ),
)
