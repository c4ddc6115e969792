"""Turns leads into an account, a contact and, where wanted, a deal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from towpath.crm.plan import ObjectPlan
from towpath.engine.batch import Batch
from towpath.engine.fields import value_problems
from towpath.engine.node import CheckContext, NodeType
from towpath.engine.params import Dynamic, NodeParams
from towpath.engine.search import record_ids
from towpath.errors import TowpathError
from towpath.model.problem import Problem

_Row = tuple[int, str]  # position of the item, id of its lead
_Values = Dynamic[dict[str, Any]]


class Params(NodeParams):
    """Which lead, and what it becomes."""

    id: Dynamic[str] | None = Field(None, description="Id of the lead; the item's own id when nothing is said.")
    deal: Dynamic[bool | dict[str, Any]] = Field(
        Dynamic(False, None, plain=True),
        description="Make a deal too: true, or its fields.",
        json_schema_extra={"default": False},
    )
    account: _Values | None = Field(None, description="Fields of the account, over those taken from the lead.")
    contact: _Values | None = Field(None, description="Fields of the contact, over those taken from the lead.")
    reuse_account: bool = Field(True, description="Take an account of the same name where there is one.")
    status: str = Field("Converted", description="The lead's status afterwards.")


def run(batch: Batch[Params]) -> None:
    """One call for all leads that are converted alike."""
    params = batch.params
    columns = {
        name: batch.evaluate(value) for name in ("deal", "account", "contact") if (value := getattr(params, name))
    }
    fixed = {"reuse_account": params.reuse_account, "status": params.status}
    alike: dict[str, tuple[dict[str, Any], list[_Row]]] = {}
    for row in record_ids(batch, params.id):
        if row[0] not in batch.failed:
            options = fixed | {name: values[row[0]] for name, values in columns.items()}
            alike.setdefault(repr(options), (options, []))[1].append(row)
    for options, rows in alike.values():
        _convert(batch, rows, options)


def _convert(batch: Batch[Params], rows: Sequence[_Row], options: dict[str, Any]) -> None:
    records, positions = batch.context.records, [position for position, _ in rows]
    answers = records.convert_leads([lead for _, lead in rows], options, batch.causes(positions))
    leads = records.get("Lead", [lead for _, lead in rows])
    for (position, lead), answer in zip(rows, answers, strict=True):
        if isinstance(answer, TowpathError):
            batch.fail(position, answer)
            continue
        for name in ("account", "contact", "deal"):
            if answer.get(f"{name}Id"):
                batch.touch(position, name.capitalize(), answer[f"{name}Id"])
        batch.put("Lead", [position], [leads[lead]])


def check(params: Params, context: CheckContext) -> Iterator[Problem]:
    """Fields of what the lead becomes must exist and literal values must fit."""
    for name in ("account", "contact", "deal"):
        values = getattr(params, name)
        if values is not None:
            yield from value_problems(context, name.capitalize(), values, name, ObjectPlan)


node_type = NodeType(
    name="crm.convert",
    title="Convert lead",
    description="Turns a lead into an account, a contact and, where wanted, a deal. The lead goes out with their ids, "
    "which are also $global.accountId, $global.contactId and $global.dealId.",
    icon="git-merge",
    group="crm",
    touches="crm",
    params=Params,
    run=run,
    check=check,
    examples=({}, {"deal": {"name": "{{ $json.company + ' - first order' }}", "amount": 5000}, "reuse_account": False}),
)
