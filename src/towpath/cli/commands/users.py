"""``towpath users``: the people who own records and do tasks."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.tree import new_app
from towpath.service.platform import Platform
from towpath.service.records import create, find
from towpath.service.staff import find_person

app = new_app("List and add the people who own records and do tasks.")


@app.command("list")
def list_users(context: typer.Context) -> None:
    """List people."""
    session = Session.of(context)
    with session.platform() as platform:
        users = find(platform, "User", limit=None)
        teams = {team["id"]: team["name"] for team in find(platform, "Team", limit=None)}
    if session.json:
        emit(users)
    elif users:
        rows = [
            (
                user["id"],
                user["name"],
                user["email"],
                teams.get(user["teamId"]),
                user["role"],
                user["hourlyCost"],
                user["active"],
            )
            for user in users
        ]
        table(session, ("id", "name", "email", "team", "role", "hourly cost", "active"), rows, numbers=("hourly cost",))
    else:
        line(session, session.say("There are no people yet."))
        next_step(session, "towpath users add 'Ann Lee' --email ann@example.com --hourly-cost 40")


@app.command("add")
def add_user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")],
    email: Annotated[str | None, typer.Option(help="The person's e-mail address.")] = None,
    team: Annotated[
        str | None, typer.Option(help="The person's team; it is made when there is none of that name.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="What the person does, such as Finance: lanes and approvals ask for roles.")
    ] = None,
    manager: Annotated[str | None, typer.Option(help="The person's manager, by name, e-mail or id.")] = None,
    hourly_cost: Annotated[float | None, typer.Option(min=0, help="What an hour of the person costs, for C.")] = None,
    timezone: Annotated[str | None, typer.Option(help="The person's time zone, such as Europe/Berlin.")] = None,
) -> None:
    """Add a person."""
    session = Session.of(context)
    given: dict[str, Any] = {"name": name, "email": email, "hourlyCost": hourly_cost, "timezone": timezone}
    given["role"] = role
    with session.platform(make=True) as platform:
        given["teamId"] = _team(platform, team) if team else None
        given["managerId"] = find_person(platform, manager)["id"] if manager else None
        user = create(platform, "User", {key: value for key, value in given.items() if value is not None}, actor="cli")
    if session.json:
        emit(user)
        return
    line(session, session.say("{name} is added: {id}", name=name, id=user["id"]))
    next_step(session, f"towpath tasks list --owner '{name}'", f"towpath metrics --person '{name}'")


def _team(platform: Platform, name: str) -> str:
    teams = {team["name"]: team["id"] for team in find(platform, "Team", limit=None)}
    return str(teams.get(name) or create(platform, "Team", {"name": name}, actor="cli")["id"])
