"""The laws of the engine hold on Postgres too: what happens there is what happens in memory."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.acceptance.engine_plans import scores, workflows
from tests.acceptance.engine_world import Moment, accepted, play
from tests.acceptance.test_engine_model import moments
from tests.postgres_server import database
from towpath.storage.postgres import PostgresStore

EXAMPLES = max(6, settings().max_examples // 20)  # each on a schema of its own


@settings(max_examples=EXAMPLES)
@given(workflows, scores, st.sampled_from([1, 3, 1_000]), moments)
def test_a_workflow_goes_on_postgres_as_it_goes_in_memory(
    document: Any, given_scores: list[int], size: int, crashes: list[Moment]
) -> None:
    definition = accepted(document)
    assume(definition is not None)
    assert definition is not None
    with database() as url:
        assert play(definition, given_scores, size, crashes, PostgresStore(url)) == play(definition, given_scores, size)
