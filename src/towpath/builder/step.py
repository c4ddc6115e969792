"""Steps and how they are joined: ``a >> b`` goes on, ``then``, ``otherwise`` and ``case`` branch, ``on_error`` catches.

Only drawn edges exist. After ``>>`` a step with branches goes on from the ends of the branches that were given;
a branch given without steps goes straight on; a branch not given ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self, TypeAlias, Unpack

from towpath.builder.drawing import Drawing
from towpath.builder.options import NodeOptions
from towpath.errors import InputError, did_you_mean

End: TypeAlias = tuple[str, str]  # node id, output port
NEGATIVE = ("false", "rejected", "none", "other")


class Part:
    """A piece of a workflow with a beginning and with ends at which it can go on."""

    def __init__(self, drawing: Drawing, entries: Sequence[str], ends: Sequence[End]) -> None:
        self._drawing = drawing
        self._entries = tuple(entries)
        self._fixed_ends = tuple(ends)

    @property
    def ends(self) -> tuple[End, ...]:
        """Where it goes on: (node id, output port)."""
        return self._fixed_ends

    @property
    def entries(self) -> tuple[str, ...]:
        """The ids of the nodes that it begins with."""
        return self._entries

    def __rshift__(self, following: Part | Iterable[Part]) -> Part:
        """Go on with a part, or with several at once: the items take all of them."""
        after = side_by_side([following] if isinstance(following, Part) else following)
        for node_id, port in self.ends:
            for entry in after.entries:
                self._drawing.connect(node_id, port, entry)
        return Part(self._drawing, self.entries, after.ends)

    def __rrshift__(self, before: Iterable[Part]) -> Part:
        """``[a, b] >> c``: both go on with c."""
        return side_by_side(before) >> self


class Step(Part):
    """One node, with what follows on each of its ways out."""

    def __init__(self, drawing: Drawing, node_id: str) -> None:
        super().__init__(drawing, (node_id,), ())
        self.id = node_id
        self._branches: dict[str, tuple[End, ...]] = {}

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends of the branches given; the main output where none was."""
        if self._branches:
            return tuple(end for ends in self._branches.values() for end in ends)
        return tuple((self.id, port) for port in self._drawing.outputs(self.id)[:1])

    def then(self, *steps: Part) -> Self:
        """What follows on the main way out, one step after the other: for a condition, when it holds."""
        return self.case(self._outputs()[0], *steps)

    def otherwise(self, *steps: Part) -> Self:
        """What follows when the condition does not hold, no case matches, or an approver says no."""
        ports = self._outputs()
        return self.case(next((port for port in ports if port in NEGATIVE), ports[-1]), *steps)

    def case(self, port: str, *steps: Part) -> Self:
        """What follows on the named way out."""
        ports = self._outputs()
        if port not in ports:
            message = f"the node {self.id!r} has no way out {port!r}"
            raise InputError(message, code="builder.unknown_port", hint=did_you_mean(port, ports))
        self._branches[port] = self._draw(port, steps)
        return self

    def on_error(self, *steps: Part) -> Self:
        """What follows when the node fails on an item. It does not come back to what follows the step."""
        self._drawing.nodes[self.id]["on_error"] = "branch"
        self._draw("error", steps)
        return self

    def options(self, **options: Unpack[NodeOptions]) -> Self:
        """Set what every node has: lane, time limit, retry, cost, notes, ..."""
        self._drawing.nodes[self.id].update(options)
        return self

    def _outputs(self) -> tuple[str, ...]:
        ports = self._drawing.outputs(self.id)
        if not ports:
            raise InputError(f"nothing goes out of the node {self.id!r}", code="builder.no_output")
        return ports

    def _draw(self, port: str, steps: Sequence[Part]) -> tuple[End, ...]:
        ends: tuple[End, ...] = ((self.id, port),)
        for step in steps:
            side_by_side([step])  # refuses what is no step
            for node_id, way_out in ends:
                for entry in step.entries:
                    self._drawing.connect(node_id, way_out, entry)
            ends = step.ends
        return ends

    def __repr__(self) -> str:
        node = self._drawing.nodes[self.id]
        return f"<Step {self.id!r} {node['type']}>"


def side_by_side(parts: Iterable[Part]) -> Part:
    """Several parts as one: all begin, and all go on."""
    gathered = [*parts] if isinstance(parts, Iterable) else [parts]
    for part in gathered:
        if not isinstance(part, Part):
            hint = "Give a step of this workflow, such as wf.crm.update(...), or a list of steps."
            raise InputError(f"{part!r} is no step", code="builder.not_a_step", hint=hint)
    if not gathered:
        raise InputError("there is nothing to go on with", code="builder.empty", hint="Give at least one step.")
    entries = [entry for part in gathered for entry in part.entries]
    ends = [end for part in gathered for end in part.ends]
    return Part(gathered[0]._drawing, entries, ends)
