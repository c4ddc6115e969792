"""The engine's own tables, as data. Few rows, narrow rows: see engine.md, "Where the time goes"."""

from __future__ import annotations

from towpath.model.condition import Comparison, Field
from towpath.model.table import Column, Index, Table

_DUE = Comparison(Field("due"), "is_not_empty")


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _numbers(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "integer") for name in names)


WORKFLOW = Table(
    "workflow",
    (*_text("id", "name", "status"), *_numbers("active", "created_at", "updated_at"), *_text("paused")),
)
VERSION = Table(
    "workflow_version",
    (
        Column("number", "integer"),
        *_text("workflow", "name"),
        *_numbers("version"),
        *_text("hash"),
        Column("definition", "json"),
        *_numbers("published_at"),
        *_text("published_by"),
    ),
    key=("number",),
    indexes=(Index(("workflow", "version"), unique=True),),
)
DRAFT = Table(
    "workflow_draft",
    (
        *_text("workflow"),
        *_numbers("revision"),
        Column("definition", "json"),
        *_numbers("updated_at"),
        *_text("updated_by"),
    ),
    key=("workflow",),
)
EVENT = Table(
    "event",
    # The rank is the workflow's priority, negated: the lowest goes first, so that an index can give the order.
    # What bulk jobs have started ranks behind everything else (events.BULK_RANK).
    (*_text("id", "kind"), *_numbers("version", "count", "rank", "at"), Column("payload", "bytes")),
    indexes=(Index(("kind", "rank", "id")), Index(("version", "rank", "id"))),
)
RUN = Table(
    "run",
    (
        *_text("id"),
        *_numbers("version"),
        *_text("status", "record"),
        *_numbers("due", "started_at", "ended_at", "epoch"),
        *_text("parent", "error"),
        Column("state", "bytes"),
    ),
    indexes=(
        Index(("due",), where=_DUE),
        Index(("version", "status")),
        Index(("record",), where=Comparison(Field("record"), "is_not_empty")),
    ),
    changing=True,
)
WAIT = Table(
    "wait", (*_text("key", "run"), *_numbers("token")), key=("key", "run", "token"), indexes=(Index(("run",)),)
)
SEGMENT = Table(
    "segment",
    (*_text("id"), *_numbers("version", "started_at", "ended_at", "runs"), Column("data", "bytes")),
    indexes=(Index(("version", "ended_at")), Index(("ended_at",))),
)
STEP_DATA = Table(
    "step_data",
    (*_text("run"), *_numbers("sequence"), *_text("node"), *_numbers("at"), Column("data", "json")),
    key=("run", "sequence"),
    indexes=(Index(("at",)),),
)
OUTBOX = Table(
    "outbox",
    (
        *_text("id", "run", "node"),
        *_numbers("token", "item", "version"),
        *_text("kind"),
        Column("request", "json"),
        *_text("key"),
        Column("keyed", "boolean"),
        *_text("state"),
        *_numbers("attempt", "due", "created_at", "changed_at"),
        *_text("error"),
        Column("answer", "json"),
    ),
    indexes=(
        Index(("due",), where=_DUE),
        Index(("run",)),
        Index(("state",), where=Comparison(Field("state"), "==", "sending")),
        Index(("state",), where=Comparison(Field("state"), "==", "unknown")),
    ),
    changing=True,
)
NOTICE = Table(
    "notice",
    (
        *_text("id"),
        *_numbers("at"),
        *_text("kind", "text"),
        *_numbers("version"),
        *_text("run", "node"),
        Column("data", "json"),
    ),
    indexes=(Index(("run",), where=Comparison(Field("run"), "is_not_empty")), Index(("kind",))),
)
TIMER = Table(
    "timer",
    (
        *_text("id"),
        *_numbers("version"),
        *_text("trigger", "record", "state"),
        *_numbers("due", "anchor", "generation"),
        *_text("reason"),
    ),
    indexes=(Index(("due",), where=_DUE), Index(("version", "trigger", "record"), unique=True)),
    changing=True,
)
FILE = Table(
    "file",
    (*_text("id", "run"), *_numbers("bytes", "parts", "created_at"), *_text("name", "media_type")),
    indexes=(Index(("run",)),),
)
FILE_PART = Table("file_part", (*_text("file"), *_numbers("part"), Column("data", "bytes")), key=("file", "part"))
META = Table("meta", (*_text("key"), Column("value", "json")), key=("key",))

ENGINE_TABLES = (META, WORKFLOW, VERSION, DRAFT, EVENT, RUN, WAIT, SEGMENT, STEP_DATA, OUTBOX, NOTICE, TIMER)
FILE_TABLES = (FILE, FILE_PART)
REPLY = Table(
    "reply",
    (
        *_text("run"),
        *_numbers("status", "at"),
        Column("headers", "json"),
        Column("body", "bytes"),
        Column("file", "json"),
    ),
    key=("run",),
    indexes=(Index(("at",)),),
)
