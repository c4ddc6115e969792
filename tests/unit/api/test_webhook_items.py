"""What becomes of a webhook request: an item that can be kept, or a clear refusal."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.api.webhook_items import call_of
from towpath.errors import InputError, TowpathError
from towpath.service.signatures import Call


def made(body: bytes = b"", content_type: str = "application/json", query: bytes = b"", **headers: str) -> Call:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return call_of("POST", "shop", query, {"content-type": content_type, **named}, body)


def test_json_forms_and_texts_become_values() -> None:
    assert made(b'{"a": [1, null]}').item["body"] == {"a": [1, None]}
    assert made(b"{}", "application/vnd.api+json; charset=utf-8").item["body"] == {}
    assert made(b"a=1&b=&a=%E4%BD%A0", "application/x-www-form-urlencoded").item["body"] == {"a": ["1", "你"], "b": ""}
    assert made("né".encode("latin-1"), "text/plain; charset=ISO-8859-1").item["body"] == "né"
    assert made(b"<a/>", "text/xml").item["body"] == "<a/>"
    assert made(b"", "").item["body"] is None
    assert made(query=b"x=1&x=2&y=%ff").item["query"] == {"x": ["1", "2"], "y": "\N{REPLACEMENT CHARACTER}"}


def test_a_body_that_is_a_file_is_one() -> None:
    call = made(b"\x89PNG", "image/png")
    assert call.item["body"] is None
    assert (call.files["data"].media_type, call.files["data"].data) == ("image/png", b"\x89PNG")
    assert made(b"{}").files == {}


def test_what_proves_who_calls_is_not_kept() -> None:
    secrets = {"authorization": "Bearer x", "cookie": "s=x", "x_webhook_secret": "x", "webhook_signature": "v1,x"}
    call = made(**secrets, x_event="paid")
    assert call.item["headers"] == {"content-type": "application/json", "x-event": "paid"}
    assert call.headers["x-webhook-secret"] == "x"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{", "application/json", "request.json"),
        (b"NaN", "application/json", "request.json"),
        (b'"\\ud800"', "application/json", "request.json"),
        (b"%d" % 2**64, "application/json", "request.json"),
        (b"[" * 5000 + b"]" * 5000, "application/json", "request.json"),
        (b"x", "application/x-java-object", "webhook.content_type"),
        (b"x", "", "webhook.content_type"),
        (b"\xff", "text/plain", "webhook.encoding"),
        (b"x", "text/plain; charset=utf-7", "webhook.encoding"),
        (b"&".join(b"a=1" for _ in range(1001)), "application/x-www-form-urlencoded", "webhook.too_many_fields"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(body: bytes, kind: str, code: str) -> None:
    with pytest.raises(TowpathError) as caught:
        made(body, kind)
    assert caught.value.code == code


def test_a_key_has_a_length_and_headers_have_a_number() -> None:
    assert made(idempotency_key="k").key == "k"
    for key in ("", "k" * 256):
        with pytest.raises(TowpathError):
            made(idempotency_key=key)
    with pytest.raises(TowpathError):
        made(**{f"x-{n}": "" for n in range(200)})


@given(st.binary(max_size=200), st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/csv"]))
def test_any_bytes_become_an_item_that_can_be_kept_or_a_refusal(body: bytes, kind: str) -> None:
    try:
        call = made(body, kind, query=body)
    except InputError:
        return
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(call.item)) == call.item
