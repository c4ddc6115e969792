"""The reference pages of node types say what the node types say."""

from __future__ import annotations

from scripts.make_node_docs import pages, stale
from towpath.nodes import BUILT_IN


def test_the_pages_are_up_to_date() -> None:
    assert stale() == [], "run scripts/make_node_docs.py"


def test_every_node_type_has_a_page_that_names_its_parameters() -> None:
    found = pages()
    for node_type in BUILT_IN:
        text = found[f"{node_type.name.replace('.', '_')}.md"]
        assert all(f"| `{name}` |" in text for name in node_type.params.model_fields)
        assert f"]({node_type.name.replace('.', '_')}.md)" in found["README.md"]
