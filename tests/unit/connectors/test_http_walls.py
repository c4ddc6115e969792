"""Calls into the inside of the network are refused, however the address is written or changes while it is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.unit.connectors.web_server import web_server
from towpath.connectors.http import HttpSender, HttpSettings
from towpath.connectors.http.addresses import AllowList, RefusedError, check_addresses, is_public
from towpath.ports.effects import Answer, Effect

INSIDE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
URLS = [
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://localhost.:{port}/", "http://LOCALHOST:{port}/",
    "http://127.1:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/", "http://017700000001:{port}/", "http://0:{port}/", "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/", "http://[::]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/", "http://ⓛocalhost:{port}/",
    "http://127.0.0.1%2f@example.com:{port}/",
    "http://example.com@127.0.0.1:{port}/", "http://user:pass@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@example.com/",
    "http://127.0.0.1:{port}\\@example.com/", "http:\\\\127.0.0.1:{port}/", "http:/127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://127.0.0.1\t:{port}/", " http://127.0.0.1:{port}/", "http://[fe80::1%25lo]:{port}/", "http://127.0.0.1.:{port}/",
    "http://169.254.169.254/latest/meta-data", "http://[fd00:ec2::254]/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/", "unix:///var/run/docker.sock", "http://", "http:///", "", "http://127.0.0.1:99999/", "http://[::1/",
]  # fmt: skip


@pytest.fixture(scope="module")
def sender() -> Iterator[HttpSender]:
    made = HttpSender(HttpSettings(connect_timeout=0.5))
    yield made
    made.close()


def call(sender: HttpSender, url: str) -> Answer:
    (answer,) = sender.send([Effect("e", "http", {"url": url, "timeout": 1.0}, "k")])
    return answer


@pytest.mark.parametrize("text", INSIDE)
def test_an_inside_address_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_outside_address_is_public(text: str) -> None:
    assert is_public(ip_address(text))


def test_no_written_form_of_an_inside_address_reaches_a_server(sender: HttpSender) -> None:
    with web_server() as (url, handler):
        port = url.rpartition(":")[2]
        for form in URLS:
            answer = call(sender, form.replace("{port}", port))
            assert answer.state == "failed", form
        assert not handler.seen


def test_one_inside_address_among_several_refuses_them_all() -> None:
    with pytest.raises(RefusedError):
        check_addresses("mixed.example", 80, ["1.1.1.1", "10.0.0.1"], AllowList())


def test_a_name_that_changes_its_address_is_connected_to_where_it_was_checked() -> None:
    """The name is asked for once; a second answer, were it asked for, would lead inside."""
    answers = iter([["127.0.0.2"], ["127.0.0.1"]])
    with web_server() as (url, handler):
        port = url.rpartition(":")[2]
        settings = HttpSettings(allow_hosts=("127.0.0.2",), connect_timeout=0.5)
        sender = HttpSender(settings, resolve=lambda host, port: next(answers))
        first = call(sender, f"http://rebind.example:{port}/")
        second = call(sender, f"http://rebind.example:{port}/")
        assert not handler.seen
        assert (first.state, first.retryable) == ("failed", True)  # nobody listens at the address that was checked
        assert "127.0.0.1" in str(second.error)
        sender.close()


def test_an_administrator_can_allow_names_ports_and_ranges() -> None:
    inside = ip_address("10.2.3.4")
    assert AllowList.of(["crm.internal"]).has("CRM.internal.", 80, inside)
    assert AllowList.of(["*.internal"]).has("a.b.internal", 80, inside)
    assert AllowList.of(["crm.internal:8080"]).has("crm.internal", 8080, inside)
    assert AllowList.of(["10.2.0.0/16"]).has("anything", 80, inside)
    assert not AllowList.of(["crm.internal:8080", "*.internal", "10.3.0.0/16"]).has("internal", 80, inside)
    assert not AllowList.of(["*.internal"]).has("evilinternal", 80, inside)
