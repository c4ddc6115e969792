"""The one door of authorisation: who acts, in which role, and what that role may do. Everything else is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from towpath.errors import AccessError

Resource = Literal[
    "workflow", "run", "record", "schema", "task", "metric", "template", "notice", "effect", "event", "definition",
    "blueprint", "view", "session", "token", "user", "audit",
]  # fmt: skip
Verb = Literal["read", "create", "update", "delete", "execute", "publish"]
Role = Literal["owner", "admin", "designer", "agent", "viewer"]


@dataclass(frozen=True, slots=True)
class Permission:
    """What is done (verb) to what (resource)."""

    resource: Resource
    verb: Verb

    def __str__(self) -> str:
        return f"{self.resource}:{self.verb}"


EVERYTHING = frozenset(Permission(resource, verb) for resource in get_args(Resource) for verb in get_args(Verb))


def _may(**verbs: str) -> frozenset[Permission]:
    """Permissions by resource, each with its verbs between spaces."""
    return frozenset(
        permission for permission in EVERYTHING if permission.verb in verbs.get(permission.resource, "").split()
    )


_OWN = _may(
    session="read update delete", view="read create update delete",
    token="read create delete",  # noqa: S106 - verbs, not a secret
)  # fmt: skip
_LOOK = _may(
    workflow="read", run="read", record="read", schema="read", task="read", metric="read", template="read",
    notice="read", definition="read", blueprint="read",
)  # fmt: skip
_WORK = _may(record="create update", task="create execute")
_DESIGN = _may(
    workflow="create update delete execute publish", run="create update execute", template="execute",
    effect="read execute", event="create", schema="create update", definition="create update delete",
)  # fmt: skip
# Nobody gets more than the next line above: an owner may everything; an admin too, but see accounts.py: only owners
# make, change or remove owners.
ROLES: Mapping[Role, frozenset[Permission]] = {
    "owner": EVERYTHING,
    "admin": EVERYTHING,
    "designer": _OWN | _LOOK | _WORK | _DESIGN,
    "agent": _OWN | _LOOK | _WORK,
    "viewer": _OWN | _LOOK,
}
# Objects whose records only those who manage people may change: wages, who leads whom, who decides. Tasks and approvals
# are worked on through their own routes, which check whose they are.
GUARDED = frozenset({"User", "Team", "Queue", "Approval", "Task"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a stable id for the history of changes (a person's is that of the User record), and a role."""

    id: str
    role: Role
    person: bool = False


class SignInError(AccessError):
    """Nobody known is asking."""

    code = "auth.required"
    status = 401


def require(actor: Actor | None, permission: Permission) -> Actor:
    """The actor, when its role allows it. SignInError for nobody, AccessError for somebody who may not."""
    if actor is None:
        raise SignInError(
            "this needs somebody who has signed in, or an API token",
            hint="Sign in, or send the header 'Authorization: Bearer <token>'; towpath serve shows how to begin.",
        )
    if permission not in ROLES.get(actor.role, frozenset()):
        raise AccessError(
            f"the role {actor.role!r} may not {permission.verb} a {permission.resource}",
            code="permission.denied",
            hint="Ask an owner for a role that may.",
            params={"role": actor.role, "resource": permission.resource, "verb": permission.verb},
        )
    return actor


def acting_as(actor: Actor, who: str | None) -> str | None:
    """Whose work is done: a person's own unless another is named, which takes somebody who manages people."""
    if not actor.person:
        return who
    if who is not None and who != actor.id:
        require(actor, Permission("user", "update"))
    return who or actor.id


def require_object(actor: Actor, object_name: str, *, creates: bool = False) -> None:
    """AccessError when the object is guarded and the actor does not manage people; anybody may add a task."""
    if object_name in GUARDED and not (creates and object_name == "Task"):
        require(actor, Permission("user", "update"))
