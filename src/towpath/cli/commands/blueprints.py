"""``towpath blueprints``: where records stand, making transitions, versions, and what went past a blueprint."""

from __future__ import annotations

from typing import Annotated

import typer

from towpath.cli.reading import pairs_given
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.service import blueprints as service

app = new_app("Show where records stand, make transitions, list moves and versions.")
Object = Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Deal.")]
RecordId = Annotated[str, typer.Argument(metavar="RECORD", help="Id of the record.")]


@app.command("show")
def show(
    context: typer.Context,
    object_name: Object,
    record: RecordId,
    who: Annotated[str | None, typer.Option(help="For whom, by name, e-mail or id.")] = None,
) -> None:
    """Show where a record stands, and the transitions from there."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.available(platform, object_name, record, who)
    if session.json:
        emit(found)
        return
    where = {name: found[name] for name in ("blueprint", "field", "state", "since")}
    line(session, session.say("{blueprint}: {field} is {state} since {since}.", **where))
    rows = [
        (t["name"], t["to"], t["may"], t["met"], ", ".join(t["asks"].get("required", ()))) for t in found["transitions"]
    ]
    table(session, ("transition", "to", "may", "met", "asks for"), rows)
    if rows:
        next_step(session, f"towpath blueprints move {object_name} {record} {rows[0][0]!r}")


@app.command("move")
def move(
    context: typer.Context,
    object_name: Object,
    record: RecordId,
    transition: Annotated[str, typer.Argument(metavar="TRANSITION", help="Name of the transition.")],
    expected: Annotated[str | None, typer.Option(help="The state that you saw; another one is a conflict.")] = None,
    who: Annotated[str | None, typer.Option(help="Who makes it; by default an administrator.")] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", "-s", metavar="FIELD=VALUE", help="One field that it asks for.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="The note that goes with it.")] = None,
    tick: Annotated[list[str] | None, typer.Option(help="One point of its checklist.")] = None,
) -> None:
    """Make a transition."""
    session = Session.of(context)
    given = pairs_given(values or ())
    with session.platform() as platform:
        done = service.transition(
            platform, object_name, record, transition, expected_state=expected, who=who, values=given, note=note,
            checklist=tick or (),
        )  # fmt: skip
        driven = work_now(session, platform)
    if session.json:
        emit(done)
        return
    line(session, session.say("The transition {name} is made.", name=transition))
    tell(session, driven)


@app.command("moves")
def moves(
    context: typer.Context,
    record: Annotated[str | None, typer.Option(help="Only of the record of this id.")] = None,
    blueprint: Annotated[str | None, typer.Option(help="Only of this blueprint.")] = None,
    deviations: Annotated[bool, typer.Option("--deviations", help="Only what the blueprint does not know.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
) -> None:
    """List how records came where they are, the newest first."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.moves(platform, record=record, blueprint=blueprint, deviations=deviations, limit=limit)
        now = platform.clock.now()
    if session.json:
        emit(found)
    elif found:
        rows = [
            (moment_text(session, m["at"], now), m["record"], m["source"], m["target"], m["via"], m["transition"],
             m["deviation"], m["actor"])
            for m in found
        ]  # fmt: skip
        table(session, ("when", "record", "from", "to", "via", "transition", "deviation", "by"), rows)
    else:
        line(session, session.say("No moves found."))


@app.command("versions")
def versions(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the blueprint.")]
) -> None:
    """List the versions of a blueprint, the newest first."""
    session = Session.of(context)
    with session.platform() as platform:
        found, now = service.versions(platform, name), platform.clock.now()
    if session.json:
        emit(found)
        return
    rows = [(v["version"], moment_text(session, v["at"], now), v["actor"]) for v in found]
    table(session, ("version", "published", "by"), rows)
    next_step(session, f"towpath definitions show blueprint {name!r}")
