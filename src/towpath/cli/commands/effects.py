"""``towpath effects``: calls to outside systems; what became of a doubtful one is for a person to say."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text, with_iso_times
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.errors import InputError
from towpath.service.effects import resolve_unknown
from towpath.service.outbox import list_effects as effects_of

app = new_app("List calls to outside systems and settle doubtful ones.")


@app.command("list")
def list_effects(
    context: typer.Context,
    state: Annotated[
        str | None, typer.Option(help="Only those new, sending, sent, failed, unknown or cancelled.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
) -> None:
    """List calls and mails, newest first."""
    session = Session.of(context)
    with session.platform() as platform:
        found, now = effects_of(platform, state=state, limit=limit, offset=offset), platform.clock.now()
    if session.json:
        emit([with_iso_times(each, "due", "created_at", "changed_at") for each in found])
    elif found:
        names = ("id", "kind", "state", "attempt", "run", "node", "error")
        rows = [(*(each[name] for name in names), moment_text(session, each["changed_at"], now)) for each in found]
        table(session, (*names, "changed"), rows)
        doubtful = next((each["id"] for each in found if each["state"] == "unknown"), None)
        if doubtful:
            next_step(
                session, f"towpath effects resolve {doubtful} --happened", f"towpath effects resolve {doubtful} --again"
            )
    else:
        line(session, session.say("No calls found."))
        next_step(session, "towpath runs list")


@app.command("resolve")
def resolve_effect(
    context: typer.Context,
    effect: Annotated[str, typer.Argument(metavar="EFFECT", help="Id of the call.")],
    happened: Annotated[bool, typer.Option("--happened/--again", help="It happened; or it is to be sent again.")],
    response: Annotated[str | None, typer.Option(help="What the other side answered, as a JSON object.")] = None,
) -> None:
    """Say what became of a call that was under way when the process died."""
    session = Session.of(context)
    answer = _response(response)
    with session.platform() as platform:
        resolve_unknown(platform, effect, happened=happened, response=answer)
        driven = work_now(session, platform)
    if session.json:
        emit({"id": effect, "state": "sent" if happened else "new"})
        return
    line(session, session.say("Call {id} is settled.", id=effect))
    tell(session, driven)


def _response(text: str | None) -> dict[str, object]:
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError("the response is not a JSON object", code="input.items", hint="""Write '{"status": 200}'.""")
    return value
