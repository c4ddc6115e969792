"""Who did a step that waited, from when to when: of a step that takes several people, the part of each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from towpath.engine.batch import Visit
from towpath.engine.plan import PlanNode

Times = tuple[int, int, str]  # started, ended, actor


def work_of(node: PlanNode, visit: Visit, started: int, ended: int) -> tuple[Times, list[Times]]:
    """The times and actor of the step, and the parts that other people had in it, in order.

    A person is at work from claiming to answering, and who answers last ends the step, unless time ended it. A call
    to an outside system is at work from its first moment; a wait only when it is over, so that waiting never counts as
    service.
    """
    first = (visit.token.started_at or started) if node.type.touches == "external" else started
    step = (first, ended, "engine")
    if node.type.touches != "people":
        return step, []
    answers = [answer for answer in visit.answers.values() if isinstance(answer, dict)]
    closing = [answer["actor"] for answer in answers if answer.get("actor")]  # who gave the last answer about each item
    claims = sorted(claims_in(answers, step), key=lambda claim: (claim[1], claim[2] in closing))
    if closing and len(closing) == sum(map(len, visit.token.inputs)) - len(visit.token.skip):
        step = claims.pop()
    return step, claims


def claims_in(answers: Iterable[Any], step: Times = (0, 0, "")) -> Iterator[Times]:
    """What people did for these answers, with the times of the step where theirs are not known."""
    for answer in answers:
        for claim in (answer.get("claims") or [answer]) if isinstance(answer, dict) else ():
            if claim.get("actor"):
                yield int(claim.get("started_at") or step[0]), int(claim.get("ended_at") or step[1]), claim["actor"]
