"""Python of n8n, whose items are objects of JavaScript, for items that are dicts."""

from __future__ import annotations

import pytest

from towpath.formats.n8n.python_code import with_dicts


@pytest.mark.parametrize(("code", "ours"), [
    ("item.json.name", "item['json']['name']"),
    ("item.json.a.b = 1", "item['json']['a']['b'] = 1"),
    ("_json.tags[0].text", "_json['tags'][0]['text']"),
    ("_input.first().json.name.strip()", "_input.first()['json']['name'].strip()"),
    ("item.json.items()", "item['json'].items()"),
    ("item.json.to_py()", "item['json']"),
    ("_('Find me').item.json.id", "_('Find me').item['json']['id']"),
    ("(item).json.é", "(item)['json']['é']"),
    ("f'é {item.json.a} {item.json.b}'", """f'é {item["json"]["a"]} {item["json"]["b"]}'"""),
    ('f"{item.json.a}"', """f"{item['json']['a']}\""""),
    ("item.pairedItem = 0", "item['pairedItem'] = 0"),
    ("for i in x:\n  i.json.n += 1  # i.json.n", "for i in x:\n  i['json']['n'] += 1  # i.json.n"),
])  # fmt: skip
def test_fields_of_items_are_read_as_those_of_dicts(code: str, ours: str) -> None:
    assert with_dicts(code) == ours


@pytest.mark.parametrize("code", [
    "item['json']['name']", "response.json()", "json.loads(text)", "'item.json.name'", "a.b.c", "def (", "(" * 9_000,
    "\0", "x = " + "-" * 100_000 + "1",
])  # fmt: skip
def test_everything_else_stays_as_it_is(code: str) -> None:
    assert with_dicts(code) == code
