"""An office for tests of semantics: people with roles, teams and managers, and what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.acceptance.flows import World, workflow
from towpath.service import approvals, records, tasks

Json = dict[str, Any]


class Office(World):
    """A world with people in it; ``ids`` has their ids by first name."""

    def __init__(self, **people: Json) -> None:
        super().__init__()
        self.ids: dict[str, str] = {}
        for name, values in people.items():
            self.hire(name, **values)

    def hire(self, name: str, **values: Any) -> str:
        """One more person; ``manager`` and ``delegate`` are first names."""
        for field in ("manager", "delegate"):
            if field in values:
                values[f"{field}Id"] = self.ids[values.pop(field)]
        self.ids[name] = self.create("User", name=name, email=f"{name.lower()}@example.com", **values)
        return self.ids[name]

    def ask(self, *steps: Json, locks: Sequence[str] = (), submitter: str | None = "Sam", **deal: Any) -> Json:
        """A deal that asks for an approval in these steps: the pending approval."""
        refused = "{{ $json.approval?.outcome || 'expired' }}"
        nodes = {
            "new": ("trigger.record", {"object": "Deal", "on": ["created"]}),
            "ask": ("people.approve", {"subject": "{{ $json.name }}", "steps": list(steps), "submitter": submitter}),
            "yes": ("crm.update", {"object": "Deal", "fields": {"nextStep": "approved"}}),
            "no": ("crm.update", {"object": "Deal", "fields": {"nextStep": refused}}),
        }
        edges = ("new > ask", "ask:approved > yes", "ask:rejected > no", "ask:timeout > no", "ask:recalled > no")
        self.publish(workflow(nodes, *edges, name="Ask"))
        self.deal = self.create("Deal", **{"name": "Quote", "amount": 100, "discount": 20, **deal})
        self.go()
        found: list[Json] = self.records("Approval")
        return found[-1] if found else {}

    @property
    def approval(self) -> Json:
        """The latest approval as it is now."""
        return self.records("Approval")[-1]

    def asked(self) -> list[str]:
        """First names of those who are to decide, in order."""
        names = {key: name for name, key in self.ids.items()}
        return [names[task["ownerId"]] for task in self.tasks() if task["approvalId"]]

    def vote(self, name: str, outcome: str = "approved", of: str | None = None) -> Json:
        """A person gives the answer asked of him (or ``of`` another)."""
        owner = self.ids[of or name]
        open_tasks = [task for task in self.tasks() if task["ownerId"] == owner and task["approvalId"]]
        done = tasks.complete_task(self.platform, open_tasks[0]["id"], who=name, outcome=outcome)
        self.go()
        return done

    def recall(self, who: str | None = None) -> None:
        """Take the latest request back."""
        approvals.recall(self.platform, self.approval["id"], who=who)
        self.go()

    def leave(self, name: str) -> None:
        """A person is not active any more."""
        records.update(self.platform, "User", self.ids[name], {"active": False})
        self.go()

    @property
    def outcome(self) -> str | None:
        """What the workflow wrote when the decision came."""
        step: str | None = self.record("Deal", self.deal)["nextStep"]
        return step


def step(*approvers: Mapping[str, Any] | str, **more: Any) -> Json:
    """A step; a text is a user."""
    listed = [{"user": who} if isinstance(who, str) else dict(who) for who in approvers]
    return {"name": "decision", "approvers": listed, **more}
