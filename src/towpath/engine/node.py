"""The one contract of node types: a value that says what a node can do and how a batch of it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from towpath.engine.params import NodeParams
from towpath.model.problem import Problem
from towpath.model.schema import ObjectSchema
from towpath.model.workflow import Retry

if TYPE_CHECKING:
    from towpath.engine.batch import Batch

P = TypeVar("P", bound=NodeParams)
Touch = Literal["pure", "crm", "external", "wait", "people"]
TriggerKind = Literal["record", "schedule", "webhook", "form", "manual", "date_field", "workflow", "error"]


@dataclass(frozen=True, slots=True)
class Port:
    """A named input or output."""

    name: str
    label: str = ""


IN = (Port("in"),)
OUT = (Port("out"),)
ERROR = Port("error", "On error")  # every node with on_error = branch has it beside its own outputs


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check may look at; ``node`` is the one whose parameters are checked, None for the workflow's own."""

    node: str | None
    schema: Callable[[str], ObjectSchema | None]
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeType(Generic[P]):
    """What a node can do.

    ``run`` gets the items of many runs at once and calls ``batch.emit``, ``batch.fail``, ``batch.park`` or
    ``batch.effect`` for each. ``resume`` gets visits whose parking has ended, with ``batch.results``.
    ``inputs`` and ``outputs`` may depend on the parameters. ``joins`` waits for all connected inputs.
    ``loops`` bounds a cycle that runs through the node. ``apart`` makes each item a visit of its own, so that it does
    not wait for the others of its run.
    """

    name: str
    title: str
    description: str
    params: type[P]
    run: Callable[[Batch[P]], None] | None = None
    resume: Callable[[Batch[P]], None] | None = None
    version: int = 1
    icon: str = "circle"
    group: str = "logic"
    touches: Touch = "pure"
    inputs: tuple[Port, ...] | Callable[[P], tuple[Port, ...]] = IN
    outputs: tuple[Port, ...] | Callable[[P], tuple[Port, ...]] = OUT
    trigger: TriggerKind | None = None
    joins: bool = False
    loops: bool = False
    apart: bool = False
    retry: Retry | None = None  # how effects that fail for a passing reason are tried again unless the node says
    check: Callable[[P, CheckContext], Iterable[Problem]] | None = None
    code: Callable[[P], str] | None = None  # a program among the parameters, which may name other nodes
    examples: tuple[dict[str, Any], ...] = ()

    def input_ports(self, params: P) -> tuple[Port, ...]:
        """The inputs that this use has; triggers have none."""
        if self.trigger:
            return ()
        return self.inputs(params) if callable(self.inputs) else self.inputs

    def output_ports(self, params: P) -> tuple[Port, ...]:
        """The outputs that this use has, without the error port."""
        return self.outputs(params) if callable(self.outputs) else self.outputs


Registry = dict[str, NodeType[Any]]
