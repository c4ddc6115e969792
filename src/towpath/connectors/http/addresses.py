"""Which network addresses may be called: public ones, and those that the configuration allows by name or range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


class RefusedError(Exception):
    """The address may not be called; no connection was made."""


@dataclass(frozen=True, slots=True)
class AllowList:
    """What may be called although it is not public: names, ``name:port``, ``*.name``, addresses and ranges."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> AllowList:
        """The list written as texts: ``crm.internal``, ``localhost:8080``, ``*.corp.example``, ``10.2.0.0/16``."""
        names, networks = set[str](), list[IPv4Network | IPv6Network]()
        for entry in entries:
            try:
                networks.append(ip_network(entry.strip().strip("[]"), strict=False))
            except ValueError:
                names.add(entry.strip().lower())
        return cls(frozenset(names), tuple(networks))

    def has(self, host: str, port: int, address: Address) -> bool:
        """Whether the entry for this host, or for the address that it leads to, is on the list."""
        name = host.lower().rstrip(".")
        parts = name.split(".")
        wildcards = {"*." + ".".join(parts[place:]) for place in range(1, len(parts))}
        if self.names and not self.names.isdisjoint({name, f"{name}:{port}", f"{address}:{port}", *wildcards}):
            return True
        return any(address in network for network in self.networks)


def is_public(address: Address) -> bool:
    """Whether the whole internet can reach the address; an IPv4 address inside an IPv6 one is judged, too."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    inner = _inside(address)
    if inner is not None and not is_public(inner):
        return False
    return (inner is not None or address.is_global) and not address.is_multicast and not address.is_site_local


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, translated or tunnelled IPv6 address leads to."""
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    high = int(address) >> 32
    if high == 0 and int(address) > 1:  # ::a.b.c.d, long out of use
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def check_addresses(host: str, port: int, found: Iterable[str], allowed: AllowList) -> list[str]:
    """The addresses of a host, each once. One that may not be called refuses them all: raises RefusedError."""
    addresses = list(dict.fromkeys(found))
    for text in addresses:
        address = ip_address(text.partition("%")[0])
        if not is_public(address) and not allowed.has(host, port, address):
            raise RefusedError(
                f"{host} is at {address}, which is not on the public internet. An administrator can allow it "
                f"in the setting allow_hosts."
            )
    return addresses
