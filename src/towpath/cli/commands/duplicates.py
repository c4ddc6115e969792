"""``towpath duplicates``: list records that may be one, and merge them."""

from __future__ import annotations

from typing import Annotated

import typer

from towpath.cli.reading import pairs_given
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.service import duplicates as service

app = new_app("List records that may be one, and merge them.")


@app.command("list")
def list_pairs(
    context: typer.Context,
    object_name: Annotated[
        str | None, typer.Option("--object", help="Only of this kind of record, such as Lead.")
    ] = None,
    record: Annotated[str | None, typer.Option(help="Only of the record of this id.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
) -> None:
    """List records that may be one, the surest first."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.list_pairs(platform, object_name=object_name, record=record, limit=limit)
    if session.json:
        emit(found)
    elif found:
        rows = [(p["object"], p["record"], p["other"], p["rule"], p["score"], p["linked"]) for p in found]
        table(session, ("object", "record", "other", "rule", "score", "linked"), rows, numbers=("score",))
        first = found[0]
        next_step(session, f"towpath duplicates merge {first['object']} {first['other']} {first['record']}")
    else:
        line(session, session.say("No duplicates found."))
        next_step(session, "towpath definitions apply duplicates.yaml")


@app.command("merge")
def merge(
    context: typer.Context,
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="Kind of record, such as Lead.")],
    records: Annotated[list[str], typer.Argument(metavar="RECORD...", help="Ids of the records; the oldest stays.")],
    values: Annotated[
        list[str] | None, typer.Option("--set", "-s", metavar="FIELD=VALUE", help="A value that is to survive.")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="The rule whose survivors hold.")] = None,
    keep: Annotated[str | None, typer.Option(help="The id that stays, where it is not to be the oldest.")] = None,
) -> None:
    """Make one record of several; the other ids lead to it from then on."""
    session = Session.of(context)
    given = pairs_given(values or ())
    with session.platform() as platform:
        done = service.merge(platform, object_name, records, rule=rule, values=given, keep=keep, actor="cli")
        driven = work_now(session, platform)
    if session.json:
        emit(done)
        return
    stays = done["record"]["id"]
    line(session, session.say("{count} records are now {id}.", count=len(done["merged"]) + 1, id=stays))
    if done["moved"]:
        table(session, ("object", "moved"), sorted(done["moved"].items()), numbers=("moved",))
    tell(session, driven)
