"""Node types whose items go apart: each item of a run is a visit of its own, and waits, fails and leaves by itself.

Those of a run that leave at the same time go on together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from towpath.engine.batch import Visit
from towpath.engine.state import RunState, Token


def taken(run: RunState) -> list[Token]:
    """The run's next token; of those that have waited all that stand there, in order."""
    tokens = [run.stack.pop()]
    while _has_waited(tokens[0]) and run.stack and run.stack[-1].node == tokens[0].node and _has_waited(run.stack[-1]):
        tokens.append(run.stack.pop())
    return tokens


def _has_waited(token: Token) -> bool:
    return token.started_at is not None


def one_by_one(token: Token) -> list[Token]:
    """A token that has just come as one for each of its items."""
    if token.started_at is not None or len(token.inputs) != 1 or len(token.inputs[0]) < 2:
        return [token]
    return [
        Token(
            token.node, [[item]], token.enabled_at, token.attempt, held={} if place else token.held,
            origin=token.origin, places=[token.places[place] if token.places else place],
        )
        for place, item in enumerate(token.inputs[0])
    ]  # fmt: skip


def together(visits: Iterable[Visit]) -> list[Visit]:
    """Of each run the first of the visits that leave, with what all of them send."""
    first: dict[RunState, Visit] = {}
    for visit in visits:
        if visit.park is not None:
            continue
        leading = first.setdefault(visit.run, visit)
        if leading is not visit:
            for port, items in visit.outputs.items():
                leading.outputs.setdefault(port, []).extend(items)
    return list(first.values())


def add_data(kept: dict[str, Any], data: dict[str, Any]) -> None:
    """Put the kept inputs and outputs of one more visit of a run's step to those of the others."""
    kept["in"] = [[*had, *came] for had, came in zip(kept["in"], data["in"], strict=True)]
    for port, items in data["out"].items():
        kept["out"][port] = [*kept["out"].get(port, ()), *items]
    if "error" in data:
        kept["error"] = data["error"]
