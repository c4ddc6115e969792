"""Calls of web addresses: the one door through which HTTP leaves."""

from towpath.connectors.http.sender import HttpSender
from towpath.connectors.http.settings import HttpSettings

__all__ = ["HttpSender", "HttpSettings"]
