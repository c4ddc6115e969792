"""Signing in and out over HTTP. The session's secret is in an httpOnly cookie and nowhere else."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from towpath.api.routing import Routes, TheActor, ThePlatform, TheSession
from towpath.api.shapes.accounts import (
    EnteredAnswer,
    InvitedAnswer,
    JoinBody,
    LinkBody,
    OpenSession,
    PasswordBody,
    SessionAnswer,
    SignInBody,
)
from towpath.ports.time import SECOND
from towpath.service import accounts, sessions, sign_in
from towpath.service.access import ROLES
from towpath.service.sign_in import Caller

routes = Routes("session", "Sign-in")


async def caller_of(request: Request) -> Caller:
    """Where the request comes from."""
    client = request.client
    return Caller(client.host if client else "", request.headers.get("user-agent", ""))


TheCaller = Annotated[Caller, Depends(caller_of)]


@routes.open("POST", "/api/sign-in", response_model=EnteredAnswer)
def sign_in_with_password(
    platform: ThePlatform, request: Request, response: Response, caller: TheCaller, body: SignInBody
) -> Any:
    """Sign in with a password.

    429 after many wrong tries, with the seconds to wait in `params`.
    """
    _set_cookie(request, response, sign_in.sign_in(platform, body.email, body.password, caller))
    return {"entered": True}


@routes.open("POST", "/api/sign-in/link", response_model=EnteredAnswer)
def sign_in_with_link(
    platform: ThePlatform, request: Request, response: Response, caller: TheCaller, body: LinkBody
) -> Any:
    """Sign in with a one-time link.

    An invitation stays unused: it is accepted with a name and a password.
    """
    secret = sign_in.enter_by_link(platform, body.code, caller)
    if secret is not None:
        _set_cookie(request, response, secret)
    return {"entered": secret is not None}


@routes.open("POST", "/api/sign-in/invited", response_model=InvitedAnswer)
def show_invitation(platform: ThePlatform, body: LinkBody) -> Any:
    """Who an invitation is for."""
    return sign_in.invited(platform, body.code)


@routes.open("POST", "/api/sign-in/join", response_model=EnteredAnswer)
def accept_invitation(
    platform: ThePlatform, request: Request, response: Response, caller: TheCaller, body: JoinBody
) -> Any:
    """Accept an invitation, or set a new password."""
    _set_cookie(request, response, sign_in.join(platform, body.code, body.name, body.password, caller))
    return {"entered": True}


@routes.get("/api/session", response_model=SessionAnswer)
def get_session(platform: ThePlatform, actor: TheActor, session: TheSession, request: Request) -> Any:
    """Who is signed in, and what they may do."""
    account = accounts.show_account(platform, actor.id) if actor.person else {}
    return {
        "id": actor.id, "name": account.get("name", actor.id), "email": account.get("email"), "role": actor.role,
        "person": actor.person, "has_password": account.get("has_password", False),
        "permissions": sorted(map(str, ROLES[actor.role])), "csrf": session.csrf if session else None,
        "version": request.app.state.version,
    }  # fmt: skip


@routes.route("DELETE", "/api/session", "delete", status=204)
def sign_out(platform: ThePlatform, actor: TheActor, session: TheSession, request: Request, response: Response) -> None:
    """Sign out."""
    if session is not None:
        sessions.end_session(platform, actor.id, session.hash)
    response.delete_cookie(request.app.state.door.cookie_name(request.scope))


@routes.get("/api/sessions", response_model=list[OpenSession])
def list_sessions(platform: ThePlatform, actor: TheActor, session: TheSession) -> Any:
    """The browsers in which you are signed in."""
    current = session.hash if session else None
    return [{**each, "current": each["hash"] == current} for each in sessions.list_sessions(platform, actor.id)]


@routes.route("DELETE", "/api/sessions/{session_hash}", "delete", status=204)
def end_session(platform: ThePlatform, actor: TheActor, session_hash: str) -> None:
    """Sign out one of your browsers."""
    sessions.end_session(platform, actor.id, session_hash)


@routes.route("PUT", "/api/session/password", "update", status=204)
def set_password(platform: ThePlatform, actor: TheActor, session: TheSession, body: PasswordBody) -> None:
    """Set your password; your other sessions end."""
    keep = session.hash if session else None
    sign_in.set_password(platform, actor, current=body.current, new=body.new, email=body.email, keep=keep)


def _set_cookie(request: Request, response: Response, secret: str) -> None:
    state = request.app.state
    response.set_cookie(
        state.door.cookie_name(request.scope),
        secret,
        max_age=sessions.LONGEST // SECOND,
        path="/",
        secure=state.settings.secure,
        httponly=True,
        samesite="lax",
    )
