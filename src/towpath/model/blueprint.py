"""Blueprints as data: the states of one choice field, and the guarded ways between them (semantics.md §1.5)."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from towpath.model.reaction import Reactions, Resolver
from towpath.model.schema import Noun
from towpath.model.span import WrittenSpan

ANY = "*"
Written = str | dict[str, Any] | list[dict[str, Any]]


class During(Noun):
    """What whoever makes a transition must or may give with it."""

    required: tuple[str, ...] = Field((), description="Fields of the record that must have a value.")
    optional: tuple[str, ...] = Field((), description="Fields that may be filled in, even if the person may not "
                                      "edit the rest of the record.")  # fmt: skip
    note: bool = Field(False, description="Whether a note must be written.")
    files: int = Field(0, ge=0, le=100, description="How many files must be attached.")
    checklist: tuple[str, ...] = Field((), description="Points that must be ticked.")
    refuse: Written | None = Field(None, description="The record as it would be must not meet this.")
    message: str | None = Field(None, description="What the person is told then.")


class AfterTask(Noun):
    """A task that a transition gives."""

    subject: str = Field(min_length=1, max_length=500)
    to: Resolver | None = None
    due: WrittenSpan | None = None


class AfterMail(Noun):
    """A mail that a transition sends: to the address in a field of the record, or to a written one."""

    to: str = Field(min_length=1, description="A field that holds an address, or an address.")
    subject: str = Field(min_length=1, max_length=500)
    text: str = ""


class After(Noun):
    """What follows a transition: fields and tasks in its transaction, mails and workflows once it is on disk."""

    set: dict[str, Any] = {}
    tasks: tuple[AfterTask, ...] = ()
    mails: tuple[AfterMail, ...] = ()
    start: tuple[str, ...] = Field((), description="Workflows that start a run of the record.")


class Transition(Noun):
    """One way from states to a state; ``from: "*"`` is a common transition of all of them."""

    name: str = Field(min_length=1, max_length=100)
    source: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str = Field(min_length=1)
    owners: tuple[Resolver, ...] = Field((), description="Who may make it; everybody when nothing is said.")
    criteria: Written | None = Field(None, description="What the record must meet before.")
    reason: str | None = Field(None, description="What the person is told when it does not.")
    during: During = During()
    after: After = After()
    automatic: WrittenSpan | None = Field(None, description="Made by itself after so long in the state.")

    @model_validator(mode="before")
    @classmethod
    def _one_source(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("from"), str):
            return {**value, "from": (value["from"],)}
        return value

    def leaves(self, state: str | None) -> bool:
        """Whether it can be made from this state."""
        return state in self.source or (ANY in self.source and state != self.to)


class State(Noun):
    """One state: how long a record may be in it, in business time, and what happens when it is there longer."""

    name: str = Field(min_length=1, max_length=255)
    limit: WrittenSpan | None = Field(None, description="How long a record may be in it.")
    warn: float = Field(0.8, gt=0, lt=1, description="Share of the limit at which its owner is warned.")
    breach: str | None = Field(None, description="The transition that is made when the limit is over.")
    reactions: Reactions = Field((), description="Whom to tell, and whom to give the record to, while it is there.")


class Blueprint(Noun):
    """A guarded state machine on a choice field. Of several on one object the first whose ``enter`` fits holds."""

    name: str = Field(min_length=1, max_length=100)
    object: str = Field(description="The kind of record, such as Deal.")
    field: str = Field(description="The choice field whose values are the states.")
    enter: Written | None = Field(None, description="Which records it holds; all when nothing is said.")
    leave: bool = Field(False, description="Whether a record that stops meeting 'enter' is let go; else it stays.")
    initial: tuple[str, ...] = Field((), description="States in which a record may begin; any when nothing is said.")
    states: tuple[State, ...] = Field(min_length=1, max_length=200)
    transitions: tuple[Transition, ...] = Field(max_length=1000)
    order: int = Field(1000, ge=1, le=2000, description="Blueprints with lower numbers are tried first.")
    active: bool = True

    @model_validator(mode="after")
    def _joined(self) -> Blueprint:
        states = [state.name for state in self.states]
        names = [transition.name for transition in self.transitions]
        _once(states, "state")
        _once(names, "transition")
        for transition in self.transitions:
            _known((*transition.source, transition.to), {*states, ANY}, f"transition {transition.name!r}", "state")
            if transition.to == ANY:
                raise ValueError(f"transition {transition.name!r} leads to no state")
        _known(self.initial, set(states), "'initial'", "state")
        for state in self.states:
            breach = [state.breach] if state.breach else []
            _known(breach, set(names), f"state {state.name!r}", "transition")
            if breach and (state.limit is None or not self.transition(state.breach or "").leaves(state.name)):
                raise ValueError(f"state {state.name!r}: 'breach' needs a limit, and a transition from this state")
        return self

    def state(self, name: str | None) -> State | None:
        """The state of that name."""
        return next((state for state in self.states if state.name == name), None)

    def transition(self, name: str) -> Transition:
        """The transition of that name; KeyError."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def unreachable(self) -> list[str]:
        """States that no record can get to."""
        if not self.initial:
            return []
        reached, before = set(self.initial), set[str]()
        while reached != before:
            before = set(reached)
            reached |= {t.to for t in self.transitions if any(t.leaves(state) for state in before)}
        return [state.name for state in self.states if state.name not in reached]


def _once(names: list[str], what: str) -> None:
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"there are two {what}s called {double!r}")


def _known(names: Any, known: set[str], where: str, what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{where} names the {what} {name!r}, which the blueprint does not have")
