"""Runs that go together as columns, and when they part."""

from __future__ import annotations

from towpath.engine.group import Group, gathered, merged
from towpath.engine.state import RunState, Token
from towpath.expr import RunScope
from towpath.model.item import Item


def run_at(position: int, node: int = 3, enabled_at: int = 10) -> RunState:
    run = RunState(f"run{position}", RunScope(id=f"run{position}"), 0, position=position)
    run.stack.append(Token(node, [[Item({"n": position})]], enabled_at))
    return run


def group_of(*positions: int, enabled_at: int = 10, steps: int = 0) -> Group:
    group = gathered([run_at(position, enabled_at=enabled_at) for position in positions])
    assert group is not None
    group.steps = steps
    return group


def test_runs_with_nothing_but_one_item_go_together() -> None:
    group = group_of(0, 1, 2)
    assert [item.json["n"] for item in group.items] == [0, 1, 2]
    assert all(not run.stack for run in group.runs)


def test_a_run_that_has_more_to_do_keeps_all_apart_and_their_tokens() -> None:
    runs = [run_at(0), run_at(1)]
    runs[1].stack.insert(0, Token(5, [[Item({})]], 10))
    assert gathered(runs) is None
    assert [len(run.stack) for run in runs] == [1, 2]


def test_a_token_that_waited_or_is_tried_again_is_not_plain() -> None:
    for special in ({"attempt": 2}, {"number": 1}, {"started_at": 5}, {"due": 5}, {"held": {0: []}}):
        assert not Token(3, [[Item({})]], 10, **special).is_plain  # type: ignore[arg-type]
    assert not Token(3, [[Item({}), Item({})]], 10).is_plain
    assert not Token(3, [[Item({})], []], 10).is_plain


def test_groups_that_meet_are_one_in_the_order_of_the_batch() -> None:
    group = merged([group_of(0, 3), group_of(1, 2)])
    assert group is not None
    assert [run.position for run in group.runs] == [0, 1, 2, 3]
    assert [item.json["n"] for item in group.items] == [0, 1, 2, 3]


def test_groups_that_came_at_different_times_stay_apart() -> None:
    assert merged([group_of(0), group_of(1, enabled_at=11)]) is None


def test_groups_that_took_ways_of_different_length_count_their_steps_first() -> None:
    group = merged([group_of(0, steps=4), group_of(1, steps=2)])
    assert group is not None
    assert [run.steps for run in group.runs] == [4, 2]
    assert (group.steps, group.most_steps) == (0, 4)


def test_a_group_that_parts_gives_each_run_a_token_and_its_steps() -> None:
    group = group_of(0, 1, steps=3)
    group.part(7)
    for run in group.runs:
        (token,) = run.stack
        assert (token.node, token.enabled_at, token.inputs[0][0].json) == (7, 10, {"n": run.position})
        assert run.steps == 3
