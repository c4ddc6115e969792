"""Signatures of webhooks, against the published example of Standard Webhooks and against everything that is not it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from towpath.errors import TowpathError
from towpath.ports.time import SECOND
from towpath.service.signatures import Call, check_trust, secret_variable, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
IDENTITY, STAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
SECRETS = {"TOWPATH_WEBHOOK_SECRET_SHOP": SECRET}


def call(body: bytes = BODY, identity: str = IDENTITY, stamp: object = STAMP, signature: str = SIGNATURE) -> Call:
    headers = {"webhook-id": identity, "webhook-timestamp": str(stamp), "webhook-signature": signature}
    return Call("shop", "POST", {}, body, headers)


def code_of(refused: Call, now: int = STAMP * SECOND) -> str:
    with pytest.raises(TowpathError) as caught:
        check_trust(refused, "shop", SECRETS, now)
    return caught.value.code


def test_the_published_example_is_signed_and_trusted() -> None:
    assert sign(SECRET, IDENTITY, STAMP, BODY) == SIGNATURE
    assert check_trust(call(), "shop", SECRETS, STAMP * SECOND) == IDENTITY


def test_one_good_signature_among_others_is_enough_while_secrets_change() -> None:
    assert check_trust(call(signature=f"v1,AAAA v2,x {SIGNATURE}"), "shop", SECRETS, STAMP * SECOND) == IDENTITY


@given(st.binary(max_size=40), st.text(max_size=20), st.integers(0, 2**40))
def test_nothing_else_passes_under_that_signature(body: bytes, identity: str, stamp: int) -> None:
    assume((body, identity, stamp) != (BODY, IDENTITY, STAMP))
    # 'id.stamp.body' is one text: an id must not be able to take over a part of the others.
    assume(f"{identity}.{stamp}.".encode("utf-8", "surrogatepass") + body != f"{IDENTITY}.{STAMP}.".encode() + BODY)
    assert code_of(call(body, identity, stamp), stamp * SECOND) == "webhook.bad_signature"


@pytest.mark.parametrize("stamp", ["", "now", "-5", "1e9", "9" * 16, "١٢", " "])
def test_a_time_that_is_none_is_a_wrong_signature(stamp: str) -> None:
    assert code_of(call(stamp=stamp)) == "webhook.bad_signature"


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_a_signature_lives_five_minutes(seconds: int, good: bool) -> None:
    now = (STAMP + seconds) * SECOND
    if good:
        assert check_trust(call(), "shop", SECRETS, now) == IDENTITY
    else:
        assert code_of(call(), now) == "webhook.stale_signature"


def test_the_plain_secret_is_compared_as_a_whole() -> None:
    right = Call("shop", "POST", {}, headers={"x-webhook-secret": SECRET})
    assert check_trust(right, "shop", SECRETS, 0) is None
    for wrong in ("", SECRET[:-1], SECRET + "x", SECRET.lower(), "\udcff"):
        assert code_of(Call("shop", "POST", {}, headers={"x-webhook-secret": wrong})) == "webhook.untrusted"


def test_a_trigger_without_a_secret_takes_every_call_and_one_whose_secret_is_unset_or_empty_none() -> None:
    assert check_trust(Call("x", "POST", {}), None, {}, 0) is None
    for secrets in ({}, {"TOWPATH_WEBHOOK_SECRET_SHOP": ""}):
        with pytest.raises(TowpathError) as caught:
            check_trust(Call("x", "POST", {}, headers={"x-webhook-secret": ""}), "shop", secrets, 0)
        assert (caught.value.code, caught.value.status) == ("webhook.secret_not_set", 503)


def test_a_secret_s_name_becomes_a_variable_that_a_shell_can_set() -> None:
    assert secret_variable("shop-1 é") == "TOWPATH_WEBHOOK_SECRET_SHOP_1__"
