"""The workflow of five nodes that is measured, and the leads that set it off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from towpath.app import open_platform
from towpath.model.workflow import WorkflowDefinition
from towpath.service.platform import Platform
from towpath.service.workflows import publish

FIVE_NODES = WorkflowDefinition.model_validate(
    {
        "name": "Score a new lead",
        "nodes": {
            "created": {
                "type": "trigger.record",
                "params": {"object": "Lead", "on": ["created"], "condition": "score > 10"},
            },
            "set": {
                "type": "data.set",
                "params": {
                    "fields": {
                        "fullName": "{{ $json.firstName + ' ' + $json.lastName }}",
                        "points": "{{ $json.score * 2 + 1 }}",
                        "hot": "{{ $json.score > 50 }}",
                    }
                },
            },
            "if": {"type": "logic.if", "params": {"condition": "points > 101"}},
            "update": {
                "type": "crm.update",
                "params": {"object": "Lead", "fields": {"status": "Qualified", "score": "{{ $json.points }}"}},
            },
            "log": {"type": "notify.log", "params": {"text": "{{ 'Scored ' + $json.score }}"}},
        },
        "edges": {
            "1": {"source": "created", "target": "set"},
            "2": {"source": "set", "target": "if"},
            "3": {"source": "if", "source_port": "true", "target": "update"},
            "4": {"source": "if", "source_port": "false", "target": "update"},
            "5": {"source": "update", "target": "log"},
        },
        "settings": {"start_brake": 1_000_000_000},
    }
)


def prepared(folder: Path) -> Path:
    """A database in which the workflow is published; nobody has it open."""
    platform = open_platform(folder)
    publish(platform, FIVE_NODES)
    platform.close()
    return folder / "towpath.db"


def opened(database: Path, batch: int) -> Platform:
    """The database open, with batches of at most so many runs."""
    return open_platform(database.parent, batch_size=batch, next_size=batch)


def leads(count: int, start: int = 0) -> list[dict[str, Any]]:
    """Leads that all start the workflow; half of them take each branch."""
    return [
        {
            "firstName": "Ada",
            "lastName": f"Lovelace {number}",
            "company": f"Company {number % 997}",
            "email": f"ada{number}@example.com",
            "score": 11 + number % 80,
        }
        for number in range(start, start + count)
    ]
