"""Where the API may listen, and what the environment says about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from towpath.api import settings
from towpath.api.settings import DEFAULT_PORT, Settings
from towpath.errors import InputError
from towpath.service.signatures import VARIABLE_PREFIX


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.9.1"])
def test_this_machine_s_own_addresses_need_no_leave(host: str) -> None:
    Settings(host=host).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.4", "crm.example.com", "127.0.0.1.evil.com", "0"])
def test_other_addresses_need_leave(host: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings(host=host).check()
    assert caught.value.code == "serve.remote_not_allowed"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "[::]", ""])
def test_listening_everywhere_needs_the_names_to_answer_to(host: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings(host=host, allow_remote=True).check()
    assert caught.value.code == "serve.hosts_not_named"
    Settings(host=host, allow_remote=True, allowed_hosts=("crm.example.com",)).check()


def test_a_named_address_is_answered_under_its_own_name() -> None:
    assert "192.168.1.4" in Settings(host="192.168.1.4", allow_remote=True).hosts
    assert "[fd00::1]" in Settings(host="fd00::1", allow_remote=True).hosts


def test_the_environment_is_read_and_what_is_given_by_hand_comes_first() -> None:
    environment = {
        "TOWPATH_HOST": "10.0.0.1", "TOWPATH_PORT": "9000", "TOWPATH_ALLOW_REMOTE": "1",
        "TOWPATH_ALLOWED_HOSTS": "a.example, b.example,", "TOWPATH_WEBHOOK_SECRET_SHOP": "s", "OTHER": "x",
    }  # fmt: skip
    read = Settings.from_environment(environment)
    assert (read.host, read.port, read.allow_remote) == ("10.0.0.1", 9000, True)
    assert read.allowed_hosts == ("a.example", "b.example")
    assert read.webhook_secrets == {"TOWPATH_WEBHOOK_SECRET_SHOP": "s"}
    given = Settings.from_environment(environment, host="127.0.0.1", port=0)
    assert (given.host, given.port) == ("127.0.0.1", 0)
    assert Settings.from_environment({}).port == DEFAULT_PORT


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8 0", "٣"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings.from_environment({"TOWPATH_PORT": port})
    assert caught.value.code == "serve.bad_port"


def test_secrets_are_not_shown_with_the_settings() -> None:
    shown = repr(Settings(token="hush-hush", webhook_secrets={"X": "whisper"}))
    assert "hush" not in shown
    assert "whisper" not in shown


def test_every_variable_that_the_api_reads_is_in_the_reference() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(settings.__file__).parent.rglob("*.py"))
    page = (Path(__file__).parents[3] / "docs" / "reference" / "http-api.md").read_text(encoding="utf-8")
    read = set(re.findall(r'"(TOWPATH_[A-Z_]+)"', source)) | {VARIABLE_PREFIX}
    assert len(read) >= 6
    assert [name for name in sorted(read) if f"`{name}" not in page] == []
