"""Enrolments of records that become one: the record that stays is where either of them was, and nobody is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.engine.enrolment import ENROLMENT, enrolment_id
from towpath.engine.tables import WORKFLOW
from towpath.ports.store import Transaction
from towpath.service.enrolment import known_enrolments

_STRONGEST = ("inside", "waiting", "held_out")  # then whoever has left, then whoever was refused


def move_enrolments(tx: Transaction, winner: str, gone: Sequence[str]) -> None:
    """Keep one enrolment for each workflow, under the id that stays: who is inside goes before who waits, and so on."""
    workflows = [workflow for (workflow,) in tx.select(WORKFLOW, ("id",))]
    kept = tx.get(ENROLMENT, [enrolment_id(workflow, record) for workflow in workflows for record in gone])
    for workflow in sorted({row[1] for row in kept}):
        _join(tx, workflow, winner, gone)


def _join(tx: Transaction, workflow: str, winner: str, gone: Sequence[str]) -> None:
    known = known_enrolments(tx, workflow, [winner, *gone])
    rows = {row[2]: row for row in tx.get(ENROLMENT, [enrolment_id(workflow, record) for record in known])}
    strongest = min(known, key=lambda record: (_rank(known[record].state, known[record].times), record != winner))
    tx.delete(ENROLMENT, [row[0] for row in rows.values()])
    values: dict[str, Any] = dict(zip(ENROLMENT.names, rows[strongest], strict=True))
    goals = [one.goal_at for one in known.values() if one.goal_at is not None]
    values |= {"id": enrolment_id(workflow, winner), "record": winner, "goal_at": min(goals, default=None)}
    tx.insert(ENROLMENT, ENROLMENT.names, [tuple(values[name] for name in ENROLMENT.names)])


def _rank(state: str, times: int) -> int:
    if state in _STRONGEST:
        return _STRONGEST.index(state)
    return len(_STRONGEST) + (not times)
