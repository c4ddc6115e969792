"""The composition root: the only file that knows adapters, connectors and node types together.

Reads like a list: what is put where when a folder (or memory) is opened.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from towpath.connectors.http import HttpSender, HttpSettings
from towpath.connectors.imap import ImapInbox, ImapSettings
from towpath.connectors.outbox_file import OutboxFileSender
from towpath.connectors.pretend import PretendSender
from towpath.connectors.smtp import SmtpSender, SmtpSettings
from towpath.dispatch.local import LocalDispatcher
from towpath.engine.node import NodeType, Registry
from towpath.errors import InputError, StorageError, Where, did_you_mean
from towpath.model.duration import parse_duration
from towpath.nodes import registry
from towpath.ports.dispatch import Dispatcher
from towpath.ports.effects import Sender
from towpath.ports.mail import Inbox
from towpath.ports.store import Store
from towpath.ports.time import Clock
from towpath.sandbox.pool import SandboxPool
from towpath.service.platform import Platform
from towpath.service.published import Published
from towpath.storage.migrations import migrate
from towpath.storage.shared import URL_VARIABLE, database_url, extra, open_shared
from towpath.storage.sqlite import SQLiteStore
from towpath.storage.system import SystemChance, SystemClock, Uuid7Ids

FOLDER_VARIABLE = "TOWPATH_FOLDER"
DEFAULT_FOLDER = ".towpath"
DATABASE = "towpath.db"
CALLS_PER_SECOND = 20.0  # to a host, where nothing else is said
DISPATCHER_VARIABLE = "TOWPATH_DISPATCHER"
BROKER_VARIABLE = "TOWPATH_BROKER_URL"
DISPATCHERS = ("local", "procrastinate", "celery")
PLUG_INS = "towpath.nodes"  # the entry point group of packages that bring node types


def data_folder(folder: str | Path | None = None) -> Path:
    """The data folder: the one given, else $TOWPATH_FOLDER, else ``.towpath`` here."""
    return Path(folder or os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def node_types() -> Registry:
    """The built-in node types and those that installed packages bring. Raises InputError for one that is broken."""
    built_in = registry()
    brought = [_plug_in(entry, built_in) for entry in sorted(entry_points(group=PLUG_INS), key=lambda e: e.name)]
    return registry(*brought) if brought else built_in


def _plug_in(entry: EntryPoint, built_in: Registry) -> NodeType[Any]:
    """The node type that a package's entry point stands for."""
    hint = f"Repair or uninstall the package {entry.dist.name!r}." if entry.dist else "Repair its package."
    about = f"the node type {entry.name!r} ({entry.value})"
    try:
        found = entry.load()
    except Exception as error:  # a stranger's module may raise anything
        raise InputError(f"{about} cannot be loaded: {error}", code="plugin.broken", hint=hint) from error
    if not isinstance(found, NodeType):
        message = f"{about} is of the type {type(found).__name__}, not a NodeType"
        raise InputError(message, code="plugin.broken", hint=hint)
    if found.name in built_in:
        message = f"{about} has the name of the built-in {found.name!r}"
        raise InputError(message, code="plugin.name_taken", hint="Give it a name of its own, as in 'acme.score'.")
    return found


def open_store(folder: Path | None) -> Store:
    """The shared store that the environment names, else the embedded one of the folder; None is a store in memory.

    The folder is made when there is none.
    """
    if folder is None:
        return SQLiteStore(":memory:")
    _make(folder)
    return open_shared(os.environ) or SQLiteStore(folder / DATABASE)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the data folder cannot be made: {error.strerror or error}",
            code="storage.folder",
            hint="Name a folder that you may write to, with --folder or TOWPATH_FOLDER.",
            where=Where(file=str(folder)),
        ) from None


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
    known, time = node_types(), clock or SystemClock()
    sandbox = SandboxPool()  # starts no process before the first expression or code that needs one
    return Platform(
        store=opened,
        clock=time,
        ids=Uuid7Ids(),
        chance=SystemChance(),
        registry=known,
        catalogue=catalogue,
        published=Published(known),
        senders=senders if senders is not None else _senders(where, os.environ, time),
        folder=where,
        shared=not isinstance(opened, SQLiteStore),
        sandbox=sandbox,
        on_close=[sandbox.close],
        environment=_allowed_environment(os.environ),
        mocks=mocks or {},
        inboxes=_inboxes(os.environ) if where else (),  # a platform in memory reads nobody's mail
        base_url=_base_url(os.environ),
        keep_runs=_keep_runs(os.environ),
        **more,
    )


def _base_url(environment: Mapping[str, str]) -> str | None:
    """``TOWPATH_BASE_URL``: what addresses in mails and of runs begin with; else ``TOWPATH_PUBLIC_URL``."""
    written = environment.get("TOWPATH_BASE_URL") or environment.get("TOWPATH_PUBLIC_URL") or ""
    return written.rstrip("/") or None


def _keep_runs(environment: Mapping[str, str]) -> float | None:
    """``TOWPATH_KEEP_RUNS``: how long ended runs keep what they carry, as in ``30 days``."""
    written = environment.get("TOWPATH_KEEP_RUNS")
    kept = parse_duration(written) if written else None
    if kept is not None and kept < 3600:
        hint = "Write for example 30 days; an hour is the least."
        raise InputError(f"TOWPATH_KEEP_RUNS is {written!r}", code="settings.keep_runs", hint=hint)
    return kept


def open_dispatcher(environment: Mapping[str, str]) -> Dispatcher:
    """How workers are told of work: ``TOWPATH_DISPATCHER``, else Procrastinate on a database and local on a file."""
    url = database_url(environment)
    name = environment.get(DISPATCHER_VARIABLE) or ("procrastinate" if url else "local")
    if name not in DISPATCHERS:
        raise InputError(
            f"{DISPATCHER_VARIABLE} is {name!r}", code="config.dispatcher", hint=did_you_mean(name, DISPATCHERS)
        )
    if name == "local":
        return LocalDispatcher()
    if url is None:
        raise InputError(
            f"{DISPATCHER_VARIABLE} is {name!r}, and workers can share only a database",
            code="config.dispatcher",
            hint=f"Set {URL_VARIABLE}, or leave {DISPATCHER_VARIABLE} away.",
        )
    made: Dispatcher
    if name == "procrastinate":
        made = extra("towpath.dispatch.procrastinate", "postgres").ProcrastinateDispatcher(url)
    else:
        made = extra("towpath.dispatch.celery", "celery").CeleryDispatcher(_broker(environment))
    return made


def trace(platform: Platform, environment: Mapping[str, str]) -> None:
    """Tell the OpenTelemetry collector that ``OTEL_EXPORTER_OTLP_ENDPOINT`` names what takes how long, if one is named.

    For servers and workers: commands end before it would be worth it.
    """
    endpoint, protocol = _of_traces(environment, "ENDPOINT"), _of_traces(environment, "PROTOCOL")
    is_off = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if not endpoint or is_off or environment.get("OTEL_TRACES_EXPORTER") == "none":
        return
    if protocol not in ("", "http/protobuf") or not endpoint.startswith(("http://", "https://")):
        raise InputError(
            f"traces are sent by HTTP as http/protobuf, not to {endpoint!r} as {protocol or 'http/protobuf'!r}",
            code="config.tracing",
            hint="Name the collector's HTTP port, as in OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318.",
        )
    tracing = extra("towpath.connectors.open_telemetry", "tracing").OpenTelemetry()
    platform.tracing = tracing
    platform.on_close.append(tracing.close)


def _of_traces(environment: Mapping[str, str], name: str) -> str:
    """An OTLP setting: the one for traces alone comes before the one for everything."""
    return environment.get(f"OTEL_EXPORTER_OTLP_TRACES_{name}") or environment.get(f"OTEL_EXPORTER_OTLP_{name}") or ""


def _broker(environment: Mapping[str, str]) -> str:
    url = environment.get(BROKER_VARIABLE)
    if not url:
        raise InputError(
            f"{DISPATCHER_VARIABLE} is celery, and no broker is named",
            code="config.dispatcher",
            hint=f"Set {BROKER_VARIABLE}, as in amqp://user:password@host:5672//.",
        )
    return url


def _senders(folder: Path | None, environment: Mapping[str, str], clock: Clock) -> dict[str, Sender]:
    """HTTP as configured; mail by SMTP where a server is named, else into files; nothing leaves a store in memory."""
    http = HttpSender(_http(environment), now=clock.now)
    if folder is None:
        return {"http": http, "mail": PretendSender()}
    smtp = _smtp(environment)
    mail: Sender = SmtpSender(smtp) if smtp else OutboxFileSender(folder / "outbox")
    return {"http": http, "mail": mail}


def _http(environment: Mapping[str, str]) -> HttpSettings:
    """``TOWPATH_HTTP_ALLOW`` names the non-public hosts that workflows may call, with commas.

    ``TOWPATH_HTTP_PER_HOST`` says how many calls of one host may be under way at a time, ``TOWPATH_HTTP_RATE`` how many
    it is sent within a second: ``api.example.com=10, *=50``, or 20 where nothing is said, as other platforms do.
    """
    written = environment.get("TOWPATH_HTTP_PER_HOST") or str(HttpSettings().per_host)
    if not (written.isascii() and written.isdigit() and 0 < int(written) <= 1_000):
        message = f"TOWPATH_HTTP_PER_HOST is {written!r}, not a number from 1 to 1000"
        raise InputError(message, code="settings.http_per_host")
    allowed = tuple(filter(None, environment.get("TOWPATH_HTTP_ALLOW", "").split(",")))
    return HttpSettings(allow_hosts=allowed, per_host=int(written), per_second=_rates(environment))


def _rates(environment: Mapping[str, str]) -> dict[str, float]:
    found = {"*": CALLS_PER_SECOND}
    for part in filter(None, map(str.strip, environment.get("TOWPATH_HTTP_RATE", "").split(","))):
        host, _, number = (text.strip() for text in part.partition("="))
        try:
            rate = float(number)
        except ValueError:
            rate = 0.0
        if not (host and 0 < rate < 1e6):
            hint = "Write calls a second for each host, as in api.example.com=10, *=50."
            raise InputError(f"TOWPATH_HTTP_RATE has {part!r}", code="settings.http_rate", hint=hint)
        found[host.lower()] = rate
    return found


def _inboxes(environment: Mapping[str, str]) -> tuple[Inbox, ...]:
    """The mailbox of ``TOWPATH_IMAP_HOST``, ``_PORT``, ``_TLS``, ``_USER``, ``_PASSWORD``, ``_FOLDER``."""
    prefix = "TOWPATH_IMAP_"
    named = {key.removeprefix(prefix).lower(): value for key, value in environment.items() if key.startswith(prefix)}
    if "host" not in named:
        return ()
    tls, port = named.get("tls", "tls"), named.get("port", "993")
    if tls not in ("starttls", "tls", "none") or not port.isdecimal() or "user" not in named:
        raise InputError(
            "TOWPATH_IMAP_USER is needed, TOWPATH_IMAP_TLS is tls, starttls or none, and TOWPATH_IMAP_PORT a number",
            code="config.imap",
        )
    settings = ImapSettings(named["host"], named["user"], named.get("password", ""), int(port), tls)  # type: ignore[arg-type]
    return (ImapInbox(replace(settings, folder=named.get("folder", "INBOX"))),)


def _smtp(environment: Mapping[str, str]) -> SmtpSettings | None:
    """The mail server of ``TOWPATH_SMTP_HOST``, ``_PORT``, ``_TLS``, ``_USER``, ``_PASSWORD``, ``_SENDER``."""
    named = {
        key.removeprefix("TOWPATH_SMTP_").lower(): value
        for key, value in environment.items()
        if key.startswith("TOWPATH_SMTP_")
    }
    if "host" not in named:
        return None
    tls = named.get("tls", "starttls")
    if tls not in ("starttls", "tls", "none") or not named.get("port", "587").isdecimal():
        raise InputError(
            "TOWPATH_SMTP_TLS is starttls, tls or none, and TOWPATH_SMTP_PORT a number", code="config.smtp"
        )
    return SmtpSettings(
        named["host"],
        named.get("sender", f"towpath@{named['host']}"),
        int(named.get("port", "587")),
        tls,  # type: ignore[arg-type]
        named.get("user"),
        named.get("password"),
    )


def _allowed_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Only variables named in TOWPATH_ENV_ALLOW are visible to expressions as ``$env``."""
    names = filter(None, environment.get("TOWPATH_ENV_ALLOW", "").split(","))
    return {name: environment[name] for name in names if name in environment}
