"""How calls are limited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from towpath.connectors.http.rate import Rate


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Limits of calls. ``allow_hosts`` are non-public hosts that may be called, set by an administrator.

    ``per_second`` says by host how many calls it is sent within a second at most; ``*`` stands for all others, but not
    for those that are allowed by name: they are the administrator's own.
    """

    allow_hosts: tuple[str, ...] = ()
    per_host: int = 16  # calls under way at a time
    connect_timeout: float = 3.0
    max_bytes: int = 5_000_000
    max_file_bytes: int = 50_000_000  # where the request does not say
    user_agent: str = "Towpath"
    per_second: Mapping[str, float] = field(default_factory=dict)

    def rate_of(self, host: str) -> Rate | None:
        """The rate of a host; None where it has none."""
        others = None if host in self.allow_hosts else self.per_second.get("*")
        per_second = self.per_second.get(host.lower(), others)
        return None if per_second is None else Rate(per_second)
