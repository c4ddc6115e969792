"""Blueprints made ready: conditions compiled, by object and in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from towpath.crm.validation import read_written
from towpath.expr import compile_condition
from towpath.model.blueprint import Blueprint, State, Transition
from towpath.model.condition import Condition, fields_of

Predicate = Callable[[Mapping[str, Any], Mapping[str, Any] | None], bool]


def _always(_new: Mapping[str, Any], _old: Mapping[str, Any] | None) -> bool:
    return True


def _never(_new: Mapping[str, Any], _old: Mapping[str, Any] | None) -> bool:
    return False


def _compiled(written: Any, otherwise: Predicate) -> Predicate:
    return otherwise if written is None else compile_condition(read_written(written))


@dataclass(frozen=True, slots=True)
class ReadyBlueprint:
    """One blueprint with its conditions as functions of a record."""

    blueprint: Blueprint
    enters: Predicate
    criteria: Mapping[str, Predicate]
    refuses: Mapping[str, Predicate]

    @property
    def field(self) -> str:
        """The field whose values are the states."""
        return self.blueprint.field

    def state(self, name: str | None) -> State | None:
        """The state of that name."""
        return self.blueprint.state(name)

    def holds(self, record: Mapping[str, Any]) -> bool:
        """Whether the record may come under it."""
        return self.state(record[self.field]) is not None and self.enters(record, None)

    def leaving(self, state: str | None) -> list[Transition]:
        """The transitions that can be made from a state, in the order written."""
        return [transition for transition in self.blueprint.transitions if transition.leaves(state)]

    def allows(self, source: str | None, target: str | None) -> bool:
        """Whether some transition leads from one state to the other."""
        return any(transition.to == target for transition in self.leaving(source))


def ready(blueprint: Blueprint) -> ReadyBlueprint:
    """Compile a blueprint. Raises ExpressionError for a condition that cannot be read."""
    transitions = blueprint.transitions
    return ReadyBlueprint(
        blueprint,
        _compiled(blueprint.enter, _always),
        {t.name: _compiled(t.criteria, _always) for t in transitions},
        {t.name: _compiled(t.during.refuse, _never) for t in transitions},
    )


def by_object(blueprints: Iterable[Blueprint]) -> dict[str, tuple[ReadyBlueprint, ...]]:
    """The active blueprints of each object, in the order in which they are tried."""
    found: dict[str, list[ReadyBlueprint]] = {}
    for blueprint in sorted(blueprints, key=lambda each: (each.order, each.name)):
        if blueprint.active:
            found.setdefault(blueprint.object, []).append(ready(blueprint))
    return {name: tuple(own) for name, own in found.items()}


def conditions_of(blueprint: Blueprint) -> list[Condition]:
    """Every condition in it. Raises ExpressionError for one that cannot be read."""
    written = [blueprint.enter]
    for transition in blueprint.transitions:
        written += [transition.criteria, transition.during.refuse]
    return [read_written(each) for each in written if each is not None]


def named_fields(blueprint: Blueprint) -> set[str]:
    """Every field of the record that it names."""
    names = {blueprint.field}.union(*map(fields_of, conditions_of(blueprint)))
    for transition in blueprint.transitions:
        names |= {*transition.during.required, *transition.during.optional, *transition.after.set}
    return names
