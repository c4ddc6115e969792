"""The tables of accounts. Whatever opens a door (password, session, link, token) is kept as a hash and nothing else."""

from __future__ import annotations

from towpath.model.condition import Comparison, Field
from towpath.model.table import Column, Index, Table


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _numbers(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "integer") for name in names)


# The id is that of the person's User record, so that tasks, labour and changes are the same person's everywhere.
ACCOUNT = Table(
    "account",
    (*_text("id", "email", "role", "status", "password"), *_numbers("created_at", "updated_at", "signed_in_at")),
    indexes=(Index(("email",), unique=True, where=Comparison(Field("email"), "is_not_empty")),),
)
SESSION = Table(
    "session",
    (*_text("hash", "account", "csrf"), *_numbers("created_at", "seen_at", "expires_at"), *_text("agent", "address")),
    key=("hash",),
    indexes=(Index(("account",)),),
)
LINK = Table(
    "sign_in_link",
    (*_text("hash", "purpose", "account", "created_by"), *_numbers("created_at", "expires_at")),
    key=("hash",),
    indexes=(Index(("account",)),),
)
API_TOKEN = Table(
    "api_token",
    (*_text("id", "hash", "account", "name"), *_numbers("created_at", "expires_at", "used_at")),
    indexes=(Index(("hash",), unique=True), Index(("account",))),
)
ATTEMPT = Table("sign_in_attempt", (*_text("key"), *_numbers("failures", "since", "last")), key=("key",))
AUDIT = Table(
    "audit",
    (
        *_numbers("sequence", "at"),
        *_text("actor", "action", "target"),
        Column("detail", "json"),
        *_text("previous", "hash"),
    ),
    key=("sequence",),
    indexes=(Index(("actor", "sequence")), Index(("action", "sequence"))),
)
AUDIT_HEAD = Table("audit_head", (*_text("key", "hash"), *_numbers("sequence")), key=("key",))

IDENTITY_TABLES = (ACCOUNT, SESSION, LINK, API_TOKEN, ATTEMPT, AUDIT, AUDIT_HEAD)
