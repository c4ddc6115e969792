"""The law of check: whatever the definition, it answers with problems and raises nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.check.catalogue import CRM, REGISTRY
from towpath.engine.check import check_definition
from towpath.errors import TowpathError
from towpath.formats import survey_workflow

word = st.sampled_from(
    [
        "a",
        "b",
        "c",
        "start",
        "in",
        "out",
        "error",
        "loop",
        "yes",
        "{{ $json.a }}",
        "{{ ( }}",
        "{{ $('b').item.json }}",
        "",
    ]
)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | word,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(word, inner, max_size=3),
    max_leaves=8,
)
params = st.dictionaries(
    st.sampled_from(["object", "fields", "count", "rules", "text", "when", "odd"]), json, max_size=5
)
node = st.fixed_dictionaries(
    {"type": st.sampled_from([*REGISTRY, "unknown"])},
    optional={
        "params": params,
        "name": word,
        "on_error": st.sampled_from(["stop", "branch", "?"]),
        "lane": word,
        "disabled": json,
    },
)
edge = st.fixed_dictionaries(
    {"source": word, "target": word}, optional={"source_port": word, "target_port": word, "label": word, "limit": json}
)
document = st.fixed_dictionaries(
    {"name": word},
    optional={
        "nodes": st.dictionaries(word, node, max_size=6) | json,
        "edges": st.dictionaries(word, edge, max_size=8) | st.lists(edge, max_size=5) | json,
        "settings": st.fixed_dictionaries({}, optional={"timezone": word | st.text(max_size=9), "variables": json}),
        "lanes": json,
    },
)


@given(document)
def test_check_answers_for_any_document_that_can_be_read(written: dict[str, Any]) -> None:
    try:
        reading = survey_workflow(written)
    except TowpathError:
        return
    assert reading.definition is not None or reading.problems
    if reading.definition is not None:
        for problem in check_definition(reading.definition, REGISTRY, CRM):
            assert problem.code
            assert problem.message
