"""The shared store that the environment names, if it names one. Its driver is loaded only then: it is an extra."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from towpath.errors import InputError

if TYPE_CHECKING:
    from towpath.ports.store import Store

URL_VARIABLE = "TOWPATH_DATABASE_URL"
IDLE_VARIABLE = "TOWPATH_DATABASE_IDLE_TIMEOUT"
PATIENCE_VARIABLE = "TOWPATH_DATABASE_PATIENCE"


def database_url(environment: Mapping[str, str]) -> str | None:
    """The database that everything is kept in, instead of a file in the data folder."""
    return environment.get(URL_VARIABLE) or None


def open_shared(environment: Mapping[str, str]) -> Store | None:
    """The store of that database; None where none is named."""
    url = database_url(environment)
    if url is None:
        return None
    if not url.startswith(("postgresql://", "postgres://")):
        raise InputError(
            f"{URL_VARIABLE} names no Postgres database",
            code="config.database_url",
            hint="It looks like postgresql://user:password@host:5432/database; without it a file is used.",
        )
    postgres = extra("towpath.storage.postgres", "postgres")
    settings = postgres.PostgresSettings(
        url,
        idle_timeout=_seconds(environment, IDLE_VARIABLE, 30.0),
        patience=_seconds(environment, PATIENCE_VARIABLE, 10.0),
    )
    store: Store = postgres.PostgresStore(settings)
    return store


def extra(module: str, name: str) -> Any:
    """A module of ours that needs an extra; InputError that says which where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise InputError(
            f"the settings ask for what is not installed: {error.name}",
            code="config.extra_missing",
            hint=f"pip install 'towpath[{name}]'",
        ) from error


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 86_400:
        raise InputError(f"{name} is a number of seconds, more than 0", code="config.seconds")
    return seconds
