"""Measures: the figures that a workflow is judged by besides time, labour and cost, named by whoever draws it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from towpath.model.duration import Duration
from towpath.model.schema import Noun


class Measure(Noun):
    """One named figure, of one of three kinds.

    - ``reached``: the share of the runs that ended which came to this node, of those that came to ``of``
      (of all of them when nothing is said).
    - ``until``: the time from a run's start to this step, as median and p90; with ``within`` the share of the
      runs that came there in time.
    - ``object``: how many records there are ``where`` a condition holds; with ``of`` their share of the records
      where that one holds; with ``average`` the mean of this field over them.
    """

    name: str = Field(min_length=1, max_length=200)
    reached: str | None = Field(None, description="Id of a node: share of the runs that came to it.")
    of: str | None = Field(
        None, description="What a share is taken of: a node's id, or a condition where records are counted."
    )
    until: str | None = Field(None, description="Id of a node: the time from the run's start to it.")
    at: Literal["enabled", "started", "ended"] = Field(
        "started", description="Which moment of the step: when it was there to be done, was taken up, or was done."
    )
    within: Duration | None = Field(None, description="Share of the runs for which the time is at most this.")
    object: str | None = Field(None, description="The kind of record that is counted, for example Lead.")
    where: str | None = Field(None, description="Only records that meet this condition.")
    average: str | None = Field(None, description="A field whose mean is taken instead of counting.")

    @model_validator(mode="after")
    def _one_kind(self) -> Measure:
        if sum(part is not None for part in (self.reached, self.until, self.object)) != 1:
            raise ValueError("name one of 'reached', 'until' and 'object'")
        if self.until is None and self.within is not None:
            raise ValueError("'within' belongs to 'until'")
        if self.until is not None and self.of is not None:
            raise ValueError("'of' belongs to 'reached' or 'object'")
        if self.object is None and (self.where is not None or self.average is not None):
            raise ValueError("'where' and 'average' choose records: name their 'object'")
        if self.average is not None and self.of is not None:
            raise ValueError("a mean has no 'of'")
        return self

    @property
    def nodes(self) -> dict[str, str]:
        """The nodes that it refers to, by the field that names them."""
        named = {"reached": self.reached, "until": self.until, "of": self.of if self.object is None else None}
        return {field: node for field, node in named.items() if node is not None}
