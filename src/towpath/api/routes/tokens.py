"""A person's own API tokens over HTTP: list, make, delete. They have the role of the person."""

from __future__ import annotations

from typing import Any

from towpath.api.routing import Routes, TheActor, ThePlatform
from towpath.api.shapes.accounts import TokenAnswer, TokenBody, TokenRow
from towpath.service import tokens

routes = Routes("token", "Tokens")


@routes.get("/api/tokens", response_model=list[TokenRow])
def list_tokens(platform: ThePlatform, actor: TheActor) -> Any:
    """Your API tokens."""
    return tokens.list_personal(platform, actor.id)


@routes.post("/api/tokens", "create", status=201, response_model=TokenAnswer)
def make_token(platform: ThePlatform, actor: TheActor, body: TokenBody) -> Any:
    """Make an API token.

    It is shown this once, and may do what your role may.
    """
    made, token = tokens.make_personal(platform, actor.id, body.name, days=body.days)
    return {"id": made, "token": token}


@routes.route("DELETE", "/api/tokens/{token}", "delete", status=204)
def delete_token(platform: ThePlatform, actor: TheActor, token: str) -> None:
    """Delete one of your API tokens."""
    tokens.delete_personal(platform, actor.id, token)
