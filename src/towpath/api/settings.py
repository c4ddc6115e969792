"""What the API is told from outside: where it listens, whom it answers, how much it takes."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from towpath.errors import InputError
from towpath.service.signatures import VARIABLE_PREFIX

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8130
MEBIBYTE = 1024 * 1024
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the API is set up.

    ``allow_remote`` lets it listen beyond this machine; then ``allowed_hosts`` are the names under which it may be
    asked. ``allowed_origins`` are web pages elsewhere that may call it from a browser. ``token`` is an API token of the
    operator's own, beside the stored one. ``public_url`` is where people find the pages, if that is not the address it
    listens at: with https the session cookie is only sent that way. Sizes are in bytes, ``backlog`` in calls that wait
    for the disk.
    """

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    allow_remote: bool = False
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)
    public_url: str | None = None
    webhook_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    body_limit: int = 16 * MEBIBYTE
    webhook_limit: int = MEBIBYTE
    backlog: int = 5_000

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], *, host: str | None = None, port: int | None = None
    ) -> Settings:
        """The settings of TOWPATH_... variables; ``host`` and ``port`` given by hand come first."""
        return cls(
            host=host or environment.get("TOWPATH_HOST") or DEFAULT_HOST,
            port=port if port is not None else _port(environment.get("TOWPATH_PORT")),
            allow_remote=environment.get("TOWPATH_ALLOW_REMOTE", "").lower() in ("1", "true", "yes"),
            allowed_hosts=_list(environment.get("TOWPATH_ALLOWED_HOSTS")),
            allowed_origins=_list(environment.get("TOWPATH_ALLOWED_ORIGINS")),
            token=environment.get("TOWPATH_API_TOKEN") or None,
            public_url=(environment.get("TOWPATH_PUBLIC_URL") or "").rstrip("/") or None,
            webhook_secrets={name: text for name, text in environment.items() if name.startswith(VARIABLE_PREFIX)},
        )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return is_loopback(self.host)

    @property
    def everywhere(self) -> bool:
        """Whether every address of this machine is meant."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_unspecified
        except ValueError:
            return self.host == ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that may stand in a request's Host header."""
        own = () if self.loopback or self.everywhere else (bracketed(self.host),)
        return tuple(name.lower() for name in (*LOOPBACK_NAMES, *own, *self.allowed_hosts))

    @property
    def secure(self) -> bool:
        """Whether people come over https."""
        return (self.public_url or "").startswith("https://")

    def check(self) -> None:
        """Raise InputError where listening so would not be safe, saying what is missing."""
        if self.loopback:
            return
        if not self.allow_remote:
            raise InputError(
                f"{self.host} can be reached from other machines, and that has not been allowed",
                code="serve.remote_not_allowed",
                hint="Set TOWPATH_ALLOW_REMOTE=1 (every call but webhooks needs the API token), or use 127.0.0.1.",
                params={"host": self.host},
            )
        if self.everywhere and not self.allowed_hosts:
            raise InputError(
                f"{self.host} listens at every address, so the names it answers to have to be given",
                code="serve.hosts_not_named",
                hint="Set TOWPATH_ALLOWED_HOSTS, for example to crm.example.com.",
                params={"host": self.host},
            )


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def bracketed(host: str) -> str:
    """The host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _port(text: str | None) -> int:
    if not text:
        return DEFAULT_PORT
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise InputError(
            f"{text!r} is not a port", code="serve.bad_port", hint="Give a number from 0 (any free one) to 65535."
        )
    return int(text)


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
