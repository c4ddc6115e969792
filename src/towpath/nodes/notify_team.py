"""Tells a team or a user something inside Towpath."""

from __future__ import annotations

from pydantic import Field, model_validator

from towpath.engine.batch import Batch
from towpath.engine.events import Notice
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text
from towpath.engine.people import column, find_people, unknown_person


class Params(NodeParams):
    """What is said, and to whom."""

    text: Dynamic[Text] = Field(description="What is said.")
    team: Dynamic[Text | None] | None = Field(None, description="Id or name of the team.")
    user: Dynamic[Text | None] | None = Field(None, description="Id, e-mail or name of the user.")

    @model_validator(mode="after")
    def _to_somebody(self) -> Params:
        if self.team is None and self.user is None:
            raise ValueError("say to whom: give a 'team' or a 'user'")
        return self


def run(batch: Batch[Params]) -> None:
    """One notice for each item; the items go on as they are."""
    params = batch.params
    users, teams = column(batch, params.user), column(batch, params.team)
    known = {"User": find_people(batch, "User", users), "Team": find_people(batch, "Team", teams)}
    for position, text in batch.resolve(params.text):
        data = {"record": batch.runs[position].record}
        for kind, name in (("User", users[position]), ("Team", teams[position])):
            if name in known[kind]:
                data[kind.lower()] = known[kind][name]["id"]
            elif name:
                batch.fail(position, unknown_person(batch, kind, name, kind.lower()))
        if position not in batch.failed:
            run_id = batch.runs[position].id
            batch.context.notices.append(Notice(batch.now, "message", text, None, run_id, batch.node.id, data))
            batch.forward(position)


node_type = NodeType(
    name="notify.team",
    title="Tell a team",
    description="Shows a message to a team or a user inside Towpath. The items go on as they are.",
    icon="users",
    group="notify",
    touches="crm",
    params=Params,
    run=run,
    examples=({"team": "Sales", "text": "{{ 'New hot lead: ' + $json.company }}"},),
)
