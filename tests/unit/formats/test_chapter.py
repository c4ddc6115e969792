"""The program of the chapter loads as it is written there."""

from __future__ import annotations

from towpath.formats import read_workflow
from towpath.formats.chapter import from_chapter

SALESFORCE = {
    "name": "Qualify a new lead",
    "nodes": [
        {
            "id": "1", "name": "Create Lead", "type": "n8n-nodes-base.createObject", "credentials": ["salesforce"],
            "options": {"object": "Lead", "fields": {"FirstName": "John", "company": "Acme"}},
        },
        {
            "id": "2", "name": "Update Lead", "type": "n8n-nodes-base.updateObject", "credentials": ["salesforce"],
            "options": {"object": "Lead", "fields": {"Status": "Qualified"},
                        "search": [{"field": "Id", "value": "{{ $global.leadId }}", "operator": "=="}]},
        },
    ],
    "edges": [{"id": "1", "source": "1", "target": "2", "action": "workflow"}],
}  # fmt: skip


def test_the_original_type_names_work_on_the_embedded_crm() -> None:
    definition = read_workflow(SALESFORCE)
    create, update = definition.nodes["1"], definition.nodes["2"]
    assert (create.type, create.params["fields"]) == ("crm.create", {"firstName": "John", "company": "Acme"})
    assert (update.type, update.params["fields"]) == ("crm.update", {"status": "Qualified"})
    assert update.params["search"] == [{"field": "id", "value": "{{ $global.leadId }}", "operator": "=="}]
    assert definition.edges["1"].source_port == "out"


def test_the_salesforce_connection_stays_named_and_the_embedded_one_needs_no_name() -> None:
    assert read_workflow(SALESFORCE).nodes["1"].connections == ("salesforce",)
    node = {"type": "crm.create", "credentials": ["towpath"], "options": {"object": "Lead"}}
    assert read_workflow({"name": "x", "nodes": {"1": node}}).nodes["1"].connections == ()


def test_a_workflow_in_our_own_spelling_stays_as_it_is() -> None:
    ours = {
        "name": "x",
        "nodes": {"a": {"type": "crm.create", "params": {"fields": {"FirstName": 1}}}},
        "edges": {"1": {"source": "a"}},
    }
    assert from_chapter(ours) == ours


def test_what_is_not_a_workflow_is_left_for_the_reader_to_refuse() -> None:
    for odd in (
        {"nodes": 3},
        {"nodes": [1], "edges": ["x"]},
        {"nodes": {"a": None}},
        {"nodes": [{"options": 3, "type": 5}]},
    ):
        assert from_chapter(odd) is not None
