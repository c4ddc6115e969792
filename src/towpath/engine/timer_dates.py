"""What records ask for by a date field: the trigger with its condition, offset and zone, ready to be put to records."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, Literal, Protocol, TypeAlias, cast

from towpath.engine.conditions import WrittenCondition
from towpath.engine.plan import Plan, PlanNode
from towpath.engine.timers import Policy, Wish
from towpath.errors import InputError
from towpath.expr import RunScope, Scope, compile_condition
from towpath.model.condition import fields_of
from towpath.model.moment import to_datetime
from towpath.model.offset import Offset, local_moment, shift, to_microseconds

Record: TypeAlias = Mapping[str, Any]
Asks: TypeAlias = Callable[[Record | None], Wish]


class DateParams(Protocol):
    """The parameters of a date trigger."""

    @property
    def object(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def offset(self) -> Offset: ...
    @property
    def condition(self) -> WrittenCondition | None: ...
    @property
    def if_past(self) -> Literal["run", "skip"]: ...
    @property
    def late(self) -> Literal["run", "skip"]: ...
    @property
    def rearm(self) -> Literal["anchor_moved", "never"]: ...


class DateTrigger:
    """One date trigger of one version."""

    __slots__ = ("fields", "node", "object", "params", "plan", "policy", "timeless", "zone")

    def __init__(self, plan: Plan, node: PlanNode) -> None:
        params = cast("DateParams", node.params)
        self.plan = plan
        self.node = node.id
        self.zone = node.zone
        self.params = params
        self.object = params.object
        self.policy = Policy(params.if_past, params.late, params.rearm)
        written = params.condition
        read = fields_of(written.condition) if written is not None else ()
        self.fields = frozenset({params.field, *(name.partition(".")[0] for name in read)})
        self.timeless = written is None or not written.inside()  # the condition has no expression such as {{ $now }}

    def cares(self, fields: tuple[str, ...]) -> bool:
        """Whether a change of these fields can change what the record asks for."""
        return not self.timeless or not self.fields.isdisjoint(fields)

    def asks(self, now: int) -> Asks:
        """The question to put to records at ``now``; None is a record that is deleted."""
        field, holds = self.params.field, self._condition(now)
        wishes: dict[str, Wish] = {}  # many records have the same day

        def ask(record: Record | None) -> Wish:
            if record is None:
                return Wish(reason="deleted")
            text = record.get(field)
            if text is None:
                return Wish(reason="no_date")
            if not holds(record):
                return Wish(reason="no_match")
            wish = wishes.get(text)
            if wish is None:
                wish = wishes[text] = self._at(text)
            return wish

        return ask

    def _at(self, text: str) -> Wish:
        try:
            anchor = local_moment(text, self.zone)
            return Wish(to_microseconds(anchor), to_microseconds(shift(anchor, self.params.offset, self.zone)))
        except (InputError, OverflowError, ValueError):  # no date, or one beyond the calendar's end
            return Wish(reason="no_date")

    def _condition(self, now: int) -> Callable[[Record], bool]:
        written = self.params.condition
        if written is None:
            return lambda record: True
        (condition,) = written.bound([Scope({}, self._scope(now))])
        holds = compile_condition(condition)
        return lambda record: holds(record, None)

    def _scope(self, now: int) -> RunScope:
        definition = self.plan.definition
        about = {"id": self.plan.workflow, "name": definition.name}
        return RunScope(now=to_datetime(now), vars=definition.settings.variables, workflow=about)


def date_triggers(plan: Plan, objects: Container[str] | None = None) -> list[DateTrigger]:
    """The date triggers of a version, for some objects or for all."""
    return [
        DateTrigger(plan, node)
        for position in plan.entries
        if (node := plan.nodes[position]).type.trigger == "date_field"
        and (objects is None or cast("DateParams", node.params).object in objects)
    ]
