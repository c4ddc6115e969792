"""The composition root: the only file that knows adapters, connectors and node types together.

Reads like a list: what is put where when a folder (or memory) is opened.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from towpath.connectors.http import HttpSender
from towpath.connectors.outbox_file import OutboxFolder
from towpath.connectors.smtp import SmtpSender
from towpath.engine.node import Registry
from towpath.nodes import BUILT_IN
from towpath.ports.effects import Sender
from towpath.ports.store import Store
from towpath.ports.time import Clock
from towpath.service.platform import Platform
from towpath.service.published import Published
from towpath.storage.migrations import migrate
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.system import SystemChance, SystemClock, Uuid7Ids

FOLDER_VARIABLE = "TOWPATH_FOLDER"
DEFAULT_FOLDER = ".towpath"
DATABASE = "towpath.db"


def data_folder(folder: str | Path | None = None) -> Path:
    """The data folder: the one given, else $TOWPATH_FOLDER, else ``.towpath`` here."""
    return Path(folder or os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def registry() -> Registry:
    """All node types by name."""
    return {node_type.name: node_type for node_type in BUILT_IN}


def open_store(folder: Path | None) -> Store:
    """The embedded store of a folder, made when there is none; None is a store in memory."""
    if folder is None:
        return SQLiteStore(":memory:")
    folder.mkdir(parents=True, exist_ok=True)
    return SQLiteStore(folder / DATABASE)


def open_platform(
    folder: str | Path | None = None,
    *,
    memory: bool = False,
    store: Store | None = None,
    clock: Clock | None = None,
    mocks: Mapping[str, Any] | None = None,
    senders: Mapping[str, Sender] | None = None,
    **more: Any,
) -> Platform:
    """Open Towpath on a folder, in memory, or on a store that is open already."""
    where = None if memory or store is not None else data_folder(folder)
    opened = store or open_store(where)
    catalogue = migrate(opened)
    node_types = registry()
    return Platform(
        store=opened,
        clock=clock or SystemClock(),
        ids=Uuid7Ids(),
        chance=SystemChance(),
        registry=node_types,
        catalogue=catalogue,
        published=Published(node_types),
        senders=senders if senders is not None else _senders(where),
        folder=where,
        environment=_allowed_environment(),
        mocks=mocks or {},
        **more,
    )


def _senders(folder: Path | None) -> dict[str, Sender]:
    """HTTP as configured; mail by SMTP where a server is named, else into files."""
    mail: Sender
    if os.environ.get("TOWPATH_SMTP_HOST"):
        mail = SmtpSender.from_environment(os.environ)
    else:
        mail = OutboxFolder((folder or Path(DEFAULT_FOLDER)) / "outbox")
    hosts = tuple(filter(None, os.environ.get("TOWPATH_HTTP_ALLOW", "").split(",")))
    return {"http": HttpSender(allow_hosts=hosts), "mail": mail}


def _allowed_environment() -> dict[str, str]:
    """Only variables named in TOWPATH_ENV_ALLOW are visible to expressions as ``$env``."""
    names = filter(None, os.environ.get("TOWPATH_ENV_ALLOW", "").split(","))
    return {name: os.environ[name] for name in names if name in os.environ}
