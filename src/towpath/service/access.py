"""The one door of authorisation: who acts, in which role, and what that role may do. Everything else is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from towpath.errors import AccessError

Resource = Literal[
    "workflow", "run", "record", "schema", "task", "metric", "template", "notice", "effect", "event", "definition",
    "blueprint",
]  # fmt: skip
Verb = Literal["read", "create", "update", "delete", "execute", "publish"]
Role = Literal["owner"]


@dataclass(frozen=True, slots=True)
class Permission:
    """What is done (verb) to what (resource)."""

    resource: Resource
    verb: Verb

    def __str__(self) -> str:
        return f"{self.resource}:{self.verb}"


EVERYTHING = frozenset(Permission(resource, verb) for resource in get_args(Resource) for verb in get_args(Verb))
ROLES: Mapping[Role, frozenset[Permission]] = {"owner": EVERYTHING}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a stable id for the history of changes, and a role."""

    id: str
    role: Role


class SignInError(AccessError):
    """Nobody known is asking."""

    code = "auth.required"
    status = 401


def require(actor: Actor | None, permission: Permission) -> Actor:
    """The actor, when its role allows it. SignInError for nobody, AccessError for somebody who may not."""
    if actor is None:
        raise SignInError(
            "this needs an API token",
            hint="Send the header 'Authorization: Bearer <token>'; towpath serve shows the token when it first starts.",
        )
    if permission not in ROLES.get(actor.role, frozenset()):
        raise AccessError(
            f"the role {actor.role!r} may not {permission.verb} a {permission.resource}",
            code="permission.denied",
            hint="Ask an owner for a role that may.",
            params={"role": actor.role, "resource": permission.resource, "verb": permission.verb},
        )
    return actor
