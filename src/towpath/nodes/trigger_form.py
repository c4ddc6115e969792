"""Starts a run when somebody fills in a form on a web page."""

from __future__ import annotations

from pydantic import Field

from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.web_forms import FormField


class Params(NodeParams):
    """The page: its address, what is asked, and what is said at the end."""

    path: str = Field(
        pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$",
        max_length=200,
        description="The end of the address, for example ask-for-a-demo.",
    )
    title: str = Field("Form", min_length=1, max_length=300, description="The heading.")
    description: str | None = Field(None, description="A text under the heading.")
    fields: tuple[FormField, ...] = Field((), max_length=100, description="What is asked.")
    button: str | None = Field(None, min_length=1, max_length=60, description="The text on the button.")
    done: str | None = Field(None, description="What is shown at the end.")
    redirect: str | None = Field(
        None, pattern=r"^https?://", description="An address that people are sent on to at the end instead."
    )


node_type = NodeType(
    name="trigger.form",
    title="Form",
    description="Starts a run for each form that is filled in on its web page. The item has what was filled in.",
    icon="file-text",
    group="trigger",
    params=Params,
    trigger="form",
    examples=(
        {
            "path": "ask-for-a-demo",
            "title": "Ask for a demo",
            "fields": [
                {"label": "Name", "required": True},
                {"label": "E-mail", "name": "email", "kind": "email", "required": True},
                {"label": "Team", "kind": "select", "options": ["Sales", "Service"]},
            ],
        },
    ),
)
