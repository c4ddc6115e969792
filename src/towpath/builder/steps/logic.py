"""The steps logic.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class LogicSteps(Group):
    """The steps logic.*, typed."""

    __slots__ = ()

    def filter(
        self, condition: str | bool | Mapping[str, Any] | Sequence[Mapping[str, Any]], *, name: str | None = None
    ) -> Step:
        """Filter: Lets only items that meet a condition go on.

        condition: What an item must meet: text such as score > 50, its JSON form, or an expression.
        """
        return self._step("logic.filter", name, {"condition": condition})

    def if_(
        self, condition: str | bool | Mapping[str, Any] | Sequence[Mapping[str, Any]], *, name: str | None = None
    ) -> Step:
        """If: Sends items that meet a condition one way and all others the other way.

        condition: What an item must meet: text such as score > 50, its JSON form, or an expression.
        """
        return self._step("logic.if", name, {"condition": condition})

    def loop(
        self, size: int | str = 1, *, done: Literal["returned", "original"] = "returned", name: str | None = None
    ) -> Step:
        """Loop over items: Sends the items through the branch 'loop' batch by batch; lead that branch back here. When
        all are through, they leave by 'done'.

        size: Items of one batch; an expression sees the first item.
        done: What leaves when all batches are through: the items that came back, or those that came first.
        """
        return self._step("logic.loop", name, {"size": size, "done": done})

    def merge(
        self,
        mode: Literal["append", "position", "key", "all", "choose"] = "append",
        *,
        inputs: int = 2,
        keys: Sequence[str | Sequence[str]] = (),
        join: Literal["inner", "left", "right", "outer", "unmatched"] = "inner",
        give: Literal["both", "first", "last"] = "both",
        loose: bool = False,
        complete: bool = False,
        matches: Literal["all", "first"] = "all",
        unpaired: bool = True,
        clash: Literal["last", "first", "suffix"] = "last",
        choose: int | None = None,
        name: str | None = None,
    ) -> Step:
        """Merge: Waits until every connected branch has come or can no longer come, and makes one stream of them.

        mode: append: one after the other; position: the first with the first, and so on; key: where keys are equal;
            all: each with each; choose: those of one input.
        inputs: How many inputs: in1, in2, and so on.
        keys: With key: the fields that must be equal; a list of one name for each input where they differ.
        join: With key: which items without a partner go on: none, those of in1, of in2, all, or only they. With
            position: left and right let only those of in1 or in2 go on alone.
        give: With key: what goes on of a match: both items as one, that of in1, or that of the last input; with
            join: unmatched, whose items go on.
        loose: With key: missing, null and empty are the same, and so are 3 and '3'.
        complete: Nothing goes on unless every input brought items.
        matches: With key: an item with several partners meets all or the first.
        unpaired: With position: items without a partner go on alone.
        clash: Fields with different values: the last or first input wins, or the names get _1, _2.
        choose: With choose: the input; the first that brings items when nothing is said.
        """
        return self._step(
            "logic.merge",
            name,
            {
                "mode": mode,
                "inputs": inputs,
                "keys": keys,
                "join": join,
                "give": give,
                "loose": loose,
                "complete": complete,
                "matches": matches,
                "unpaired": unpaired,
                "clash": clash,
                "choose": choose,
            },
        )

    def noop(self, *, name: str | None = None) -> Step:
        """Do nothing: Lets all items go on unchanged: a milestone to measure at, or a place where branches come
        together.
        """
        return self._step("logic.noop", name, {})

    def random_split(
        self,
        branches: Sequence[Mapping[str, Any]],
        *,
        by: Literal["key", "chance"] = "key",
        key: str | None = None,
        salt: str | None = None,
        name: str | None = None,
    ) -> Step:
        """Random split: Sends shares of the records down different branches, for tests of one way against another.

        branches: The branches with their shares.
        by: key: fixed, so that a record goes the same way every time; chance: a new draw for each item.
        key: What goes the same way; the item's id, else the run's record, else the run, when nothing is said.
        salt: Splits with the same salt scatter alike; the node's id when nothing is said.
        """
        return self._step("logic.random_split", name, {"branches": branches, "by": by, "key": key, "salt": salt})

    def split(self, branches: Sequence[str] | None = None, *, name: str | None = None) -> Step:
        """Split into branches: Sends all items down every branch. Bring the branches together again with Merge.

        branches: Names of the branches.
        """
        return self._step("logic.split", name, {"branches": branches})

    def stop(
        self,
        outcome: Literal["fail", "complete"] = "fail",
        *,
        message: str = "stopped by the workflow",
        hint: str | None = None,
        name: str | None = None,
    ) -> Step:
        """Stop: Ends the run: as failed with a message, or as completed. Other branches of the run end, too.

        outcome: Whether the run ends as failed or as completed.
        message: With fail: what went wrong, for the people who read it.
        hint: With fail: what to do about it.
        """
        return self._step("logic.stop", name, {"outcome": outcome, "message": message, "hint": hint})

    def switch(
        self,
        cases: Sequence[Mapping[str, Any]],
        *,
        value: Any = None,
        fallback: str | None = "other",
        all_matches: bool = False,
        name: str | None = None,
    ) -> Step:
        """Switch: Sends each item to the first output whose condition it meets, or whose value it has.

        cases: The outputs with their conditions or values.
        value: Compare this value with the cases' 'equals', instead of conditions.
        fallback: Output for items that meet no case: a label of its own or of a case; null ends them here.
        all_matches: An item goes to every case that it meets, not only to the first.
        """
        return self._step(
            "logic.switch", name, {"cases": cases, "value": value, "fallback": fallback, "all_matches": all_matches}
        )
