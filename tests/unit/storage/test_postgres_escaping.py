"""Texts that Postgres cannot store are stored in another form that compares, sorts and contains as they do."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from towpath.storage.postgres.escaping import escaped, escaped_json, plain, plain_json

texts = st.text(alphabet=st.sampled_from("\0\1\2\3\4ab\\u0😀"), max_size=6) | st.text(max_size=6)


@given(texts)
def test_every_text_comes_back_and_has_no_nul(text: str) -> None:
    assert plain(escaped(text)) == text
    assert "\0" not in escaped(text)


@given(texts, texts)
def test_order_parts_and_ends_stay_as_they_are(left: str, right: str) -> None:
    assert (left < right) == (escaped(left) < escaped(right))
    assert (right in left) == (escaped(right) in escaped(left))
    assert left.startswith(right) == escaped(left).startswith(escaped(right))
    assert left.endswith(right) == escaped(left).endswith(escaped(right))


@given(st.recursive(texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)))
def test_json_comes_back_and_its_texts_are_coded_as_others_are(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert json.loads(plain_json(escaped_json(text))) == value
    if isinstance(value, str):
        assert json.loads(escaped_json(text)) == escaped(value)
