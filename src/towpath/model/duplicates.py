"""Rules for finding duplicates, as data: what makes two records one, and what is done about it (semantics.md §1.10)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field, model_validator

from towpath.model.schema import Noun

Form: TypeAlias = Literal["mail", "phone", "company", "text"]
Survivor: TypeAlias = Literal["oldest", "newest", "longest", "largest", "smallest"]


class MatchField(Noun):
    """One field that is compared, in its normal form. An empty value matches nothing."""

    field: str
    form: Form = Field("text", alias="as", description="mail: lower case, trimmed; phone: E.164; company: without its "
                       "legal form; text: lower case, trimmed.")  # fmt: skip
    weight: float = Field(1.0, gt=0, le=1000, description="What it adds to the score when it matches.")
    similar: float | None = Field(
        None, gt=0, lt=1, description="How alike two values must be, 0 to 1, where they need not be equal."
    )


class DuplicateRule(Noun):
    """When two records of an object stand for the same thing, and what a save does then."""

    name: str = Field(min_length=1, max_length=100)
    object: str
    match: tuple[MatchField, ...] = Field(min_length=1, max_length=20)
    limit: float = Field(gt=0, description="The score from which on two records are duplicates.")
    exact: tuple[str, ...] = Field((), description="Compared fields of which no two records may have one value.")
    block: tuple[str, ...] = Field(
        (),
        description="Compared fields one of which duplicates surely share: only such records are compared. The mail, "
        "phone and company fields when nothing is said.",
    )
    action: Literal["block", "warn", "merge_into", "link", "report"] = Field(
        "report",
        description="block: refuse; warn: refuse until confirmed; merge_into: fill in the record that is there; "
        "link: save and tie them together; report: save and list them.",
    )
    region: str = Field("US", pattern="^[A-Z]{2}$", description="Country of phone numbers that name none.")
    survivors: dict[str, Survivor] = Field({}, description="Which value stays when records are merged, by field.")
    survivor: Survivor = Field("oldest", description="Which value stays of all other fields; never an empty one.")
    order: int = Field(1000, ge=1, le=2000)
    active: bool = True

    @model_validator(mode="after")
    def _known(self) -> DuplicateRule:
        compared = {each.field: each for each in self.match}
        for name in (*self.exact, *self.block):
            if name not in compared:
                raise ValueError(f"{name!r} is not among the fields that are compared")
        for name in self.exact:
            if compared[name].similar is not None:
                raise ValueError(f"{name!r} cannot be an exact key and compared by likeness")
        if not self.blocking:
            raise ValueError("name in 'block' a compared field that duplicates surely share")
        if sum(each.weight for each in self.match) < self.limit:
            raise ValueError("no score can reach the limit: the weights are too small")
        return self

    @property
    def blocking(self) -> tuple[MatchField, ...]:
        """The fields by which candidates are found."""
        if self.block:
            return tuple(each for each in self.match if each.field in self.block)
        return tuple(each for each in self.match if each.form != "text" or each.field in self.exact)
