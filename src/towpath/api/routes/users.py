"""People who may sign in, over HTTP: list, invite, change role, switch off."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.accounts import AccountBody, AccountRow, InviteBody, LinkAnswer
from towpath.service import accounts

routes = Routes("user", "People")
ONE = "/api/users/{user}"


@routes.get("/api/users", response_model=list[AccountRow])
def list_users(platform: ThePlatform) -> Any:
    """Everybody who may sign in."""
    return accounts.list_accounts(platform)


@routes.post("/api/users", "create", status=201, response_model=LinkAnswer)
def invite_user(platform: ThePlatform, actor: TheActor, request: Request, body: InviteBody) -> Any:
    """Invite somebody.

    The link is shown this once; it is good for a week and for one use.
    """
    account, code = accounts.invite(platform, actor, email=body.email, role=body.role, name=body.name)
    return {"account": account, "link": link_to(request, code)}


@routes.route("PATCH", ONE, "update", response_model=AccountRow)
def change_user(platform: ThePlatform, actor: TheActor, user: str, body: AccountBody) -> Any:
    """Give somebody another role, or switch the account on or off.

    Switched off, all sessions, links and tokens of the account end at once.
    """
    accounts.change_account(platform, actor, user, role=body.role, active=body.active)
    return accounts.show_account(platform, user)


@routes.post(f"{ONE}/link", "update", status=201, response_model=LinkAnswer)
def make_link(platform: ThePlatform, actor: TheActor, request: Request, user: str) -> Any:
    """Make a link with which somebody sets a new password."""
    return {"account": user, "link": link_to(request, accounts.new_link(platform, actor, user))}


def link_to(request: Request, code: str) -> str:
    """The address that a link leads to; what follows the # is sent to no server and stands in no log."""
    base = request.app.state.settings.public_url or str(request.base_url).rstrip("/")
    return f"{base}/app/enter#{code}"
