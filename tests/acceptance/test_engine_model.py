"""Laws of the engine: batches, crashes and freezing change when something happens, and never what happens."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.acceptance.engine_plans import scores, workflows
from tests.acceptance.engine_world import Moment, accepted, play

moments: st.SearchStrategy[list[Moment]] = st.lists(st.sampled_from(["no", "no", "before", "after"]), max_size=30)


@settings(max_examples=60)
@given(workflows, scores, st.integers(2, 7))
def test_a_run_goes_the_same_way_alone_and_in_a_batch(document: Any, given_scores: list[int], size: int) -> None:
    definition = accepted(document)
    assume(definition is not None)
    assert definition is not None
    alone = play(definition, given_scores, 1)
    assert play(definition, given_scores, 1_000) == alone
    assert play(definition, given_scores, size) == alone


@settings(max_examples=60)
@given(workflows, scores, st.sampled_from([1, 3, 1_000]), moments)
def test_a_crash_at_any_commit_changes_nothing(
    document: Any, given_scores: list[int], size: int, crashes: list[Moment]
) -> None:
    definition = accepted(document)
    assume(definition is not None)
    assert definition is not None
    assert play(definition, given_scores, size, crashes) == play(definition, given_scores, size)
