"""What runs say to the web calls that started them: by a node, or by how they end where the trigger wants that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from towpath.engine.events import Reply
from towpath.engine.plan import Plan
from towpath.engine.state import RunState
from towpath.engine.tables import REPLY
from towpath.model.condition import Comparison, Field
from towpath.model.item import Item
from towpath.model.table import Order
from towpath.ports.store import Transaction
from towpath.ports.time import SECOND

KEPT = 3600 * SECOND  # longer than anybody waits for an answer
_COLUMNS = ("run", "status", "at", "headers", "body", "file")
JSON = {"content-type": "application/json"}


class Answering(Protocol):
    """The part of a trigger's parameters that says how its callers are answered."""

    answer: str
    answer_give: str
    answer_status: int


def write_replies(tx: Transaction, replies: Sequence[Reply], now: int) -> None:
    """Keep what was said; a run speaks once. At least as many that nobody has fetched are forgotten."""
    if not replies:
        return
    old = tx.select(
        REPLY, ("run",), Comparison(Field("at"), "<=", now - KEPT), order=(Order("at"),), limit=2 * len(replies)
    )
    tx.delete(REPLY, [run for (run,) in old])
    rows = {r.run: (r.run, r.status, now, dict(r.headers), r.body, r.file) for r in reversed(replies)}
    tx.insert(REPLY, _COLUMNS, rows.values(), ignore_conflicts=True)


def closing_reply(plan: Plan, run: RunState) -> Reply | None:
    """What a run that has ended says, if its workflow has callers who wait for that."""
    node = plan.answers
    if node is None or run.parent is not None:
        return None
    params: Any = node.params
    if run.status == "failed":
        said = {"message": "The workflow failed.", "run": run.id, "code": (run.error or {}).get("code")}
        return Reply(run.id, 500, JSON, msgspec.json.encode(said))
    if params.answer == "node":
        return Reply(run.id, 200, JSON, msgspec.json.encode({"runs": [run.id], "repeated": False}))
    return reply_of(run.id, params.answer_give, run.result, params.answer_status)


def reply_of(run: str, give: str, items: Sequence[Item], status: int) -> Reply:
    """The first item, all items, a file of the first one, or nothing."""
    if give == "nothing":
        return Reply(run, 204 if status == 200 else status)
    if give == "file":
        files = (items[0].binary or {}) if items else {}
        return Reply(run, status, file=next(iter(files.values()), None))
    value = [item.json for item in items] if give == "all" else items[0].json if items else {}
    return Reply(run, status, JSON, msgspec.json.encode(value))
