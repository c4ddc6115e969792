"""Runs that go together: each stands at the same node with one item and has nothing else to do.

Nearly all runs are like that nearly all the time: a record came in, and its item goes from node to node. A group holds
them as columns, so that a step costs nothing per run but the work of its node type: no token, no visit, no look at the
run. A run that needs more (an error, a wait, a second item, a branch) leaves the group with a token of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from towpath.engine.state import Items, RunState, Token
from towpath.model.item import Item


class Group:
    """Runs in the order of the batch, with the item that each of them carries to the node."""

    __slots__ = ("enabled_at", "items", "most_steps", "runs", "steps")

    def __init__(self, runs: list[RunState], items: Items, enabled_at: int, *, steps: int = 0, most: int = 0) -> None:
        self.runs = runs
        self.items = items
        self.enabled_at = enabled_at
        self.steps = steps  # taken together, and not yet counted by the runs
        self.most_steps = most  # that any of the runs has counted

    def go(self, runs: list[RunState], items: Items, now: int) -> Group:
        """These of the runs, one step further."""
        return Group(runs, items, now, steps=self.steps, most=self.most_steps)

    def count_steps(self) -> None:
        """Have the runs count the steps that they took together."""
        if self.steps:
            for run in self.runs:
                run.steps += self.steps
            self.most_steps += self.steps
            self.steps = 0

    def part(self, node: int) -> list[RunState]:
        """Give every run its own token at the node; the group is no more."""
        self.count_steps()
        for run, item in zip(self.runs, self.items, strict=True):
            run.stack.append(Token(node, [[item]], self.enabled_at))
        return self.runs


Groups: TypeAlias = dict[int, list[Group]]
"""Groups by the node at which they stand, by its position in the plan."""


def gathered(runs: list[RunState]) -> Group | None:
    """The group of these runs, which all stand at one node, if they can go together; it takes their tokens."""
    enabled_at = runs[0].stack[-1].enabled_at
    items: Items = []
    for run in runs:
        token = run.stack[-1]
        if len(run.stack) > 1 or not token.is_plain or token.enabled_at != enabled_at:
            return None
        items.append(token.inputs[0][0])
    for run in runs:
        run.stack.clear()
    return Group(runs, items, enabled_at, most=max(run.steps for run in runs))


def merged(groups: Sequence[Group]) -> Group | None:
    """One group of several that came to the same node; None where they did not come at the same time."""
    first = groups[0]
    if len(groups) == 1:
        return first
    if any(group.enabled_at != first.enabled_at for group in groups):
        return None
    if any(group.steps != first.steps for group in groups):
        for group in groups:
            group.count_steps()
    pairs = [pair for group in groups for pair in zip(group.runs, group.items, strict=True)]
    pairs.sort(key=lambda pair: pair[0].position)
    runs, items = [run for run, _ in pairs], [item for _, item in pairs]
    return Group(runs, items, first.enabled_at, steps=first.steps, most=max(group.most_steps for group in groups))


def by_port(
    runs: Sequence[RunState], sent: Sequence[tuple[int, Item] | None]
) -> dict[int | None, tuple[list[RunState], Items]]:
    """The runs with the items that they sent, by port; under None those that sent nothing, without items."""
    parts: dict[int | None, tuple[list[RunState], Items]] = {}
    for run, left in zip(runs, sent, strict=True):
        port = None if left is None else left[0]
        part = parts.get(port)
        if part is None:
            part = parts[port] = ([], [])
        part[0].append(run)
        if left is not None:
            part[1].append(left[1])
    return parts
