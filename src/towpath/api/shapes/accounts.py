"""Signing in, people, tokens and the audit log on the wire."""

from __future__ import annotations

from pydantic import Field

from towpath.api.shapes.base import Answer, Body, Json, Moment, example
from towpath.service.access import Role


class SignInBody(Body):
    """An e-mail address and a password."""

    model_config = {
        **Body.model_config,
        **example({"email": "ada@example.com", "password": "four words that fit"}),
    }

    email: str = Field(min_length=1, max_length=320)
    password: str = Field(min_length=1, max_length=1_000)


class LinkBody(Body):
    """The code of a one-time link."""

    model_config = {**Body.model_config, **example({"code": "the part of the link after #"})}

    code: str = Field(min_length=1, max_length=200)


class JoinBody(LinkBody):
    """The code of an invitation, and the name and password that its owner chooses."""

    model_config = {
        **Body.model_config,
        **example({"code": "the part of the link after #", "name": "Ada", "password": "four words that fit"}),
    }

    name: str = Field("", max_length=255)
    password: str = Field(min_length=1, max_length=1_000)


class EnteredAnswer(Answer):
    """``entered`` when the session cookie is set; else the link first asks for a name and a password."""

    entered: bool


class InvitedAnswer(Answer):
    """Who an invitation is for."""

    email: str | None
    name: str | None


class SessionAnswer(Answer):
    """Who is signed in, what they may do, and the word that pages send with every change as X-CSRF-Token."""

    id: str
    name: str
    email: str | None
    role: Role
    person: bool
    has_password: bool
    permissions: list[str] = Field(examples=[["record:read", "task:execute"]])
    csrf: str | None
    version: str


class OpenSession(Answer):
    """A browser in which somebody is signed in."""

    hash: str
    created_at: Moment
    seen_at: Moment
    expires_at: Moment
    agent: str
    address: str
    current: bool


class PasswordBody(Body):
    """A new password, the current one, and for the first password of an owner an e-mail address to sign in with."""

    model_config = {**Body.model_config, **example({"current": "the old one", "new": "four words that fit"})}

    new: str = Field(min_length=1, max_length=1_000)
    current: str | None = Field(None, max_length=1_000)
    email: str | None = Field(None, max_length=320)


class AccountRow(Answer):
    """Somebody who may sign in. ``status`` is active, invited or disabled."""

    id: str
    name: str
    email: str | None
    role: Role
    status: str
    has_password: bool
    created_at: Moment
    signed_in_at: Moment | None


class InviteBody(Body):
    """Whom to invite, in which role."""

    model_config = {**Body.model_config, **example({"email": "ada@example.com", "role": "agent", "name": "Ada"})}

    email: str = Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")
    role: Role = "viewer"
    name: str | None = Field(None, max_length=255)


class LinkAnswer(Answer):
    """A one-time link; it is shown this once."""

    account: str
    link: str = Field(examples=["http://127.0.0.1:8130/app/enter#code"])


class AccountBody(Body):
    """Another role, or the account switched on or off."""

    model_config = {**Body.model_config, **example({"role": "designer"})}

    role: Role | None = None
    active: bool | None = None


class TokenBody(Body):
    """What the token is for, and how many days it lasts (for ever when left out)."""

    model_config = {**Body.model_config, **example({"name": "nightly export", "days": 90})}

    name: str = Field(min_length=1, max_length=100)
    days: int | None = Field(None, ge=1, le=3650)


class TokenRow(Answer):
    """An API token, without the token itself."""

    id: str
    name: str
    created_at: Moment
    expires_at: Moment | None
    used_at: Moment | None


class TokenAnswer(Answer):
    """A new API token; it is shown this once."""

    id: str
    token: str


class AuditRow(Answer):
    """An entry of the audit log."""

    sequence: int
    at: Moment
    actor: str
    action: str
    target: str
    detail: Json
    hash: str


class ChainAnswer(Answer):
    """Whether the audit log is whole, and if not, the first entry that does not follow from those before it."""

    whole: bool
    first_broken: int | None
