"""``towpath why``: why a workflow starts on a record, or why not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_given, moment_text
from towpath.cli.tree import new_app
from towpath.service.why import Answer, TriggerAnswer
from towpath.service.why import why as ask

app = new_app()


@app.command()
def why(
    context: typer.Context,
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="Name or id of the workflow.")],
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Id of the record.")],
    last: Annotated[bool, typer.Option("--last", help="Ask about the record's last change.")] = False,
    at: Annotated[
        str | None, typer.Option(help="Ask about the last change until this time, or until so long ago.")
    ] = None,
) -> None:
    """Say why a workflow starts on a record or not, condition by condition.

    Without an option: as if the record were created now as it is.
    """
    session = Session.of(context)
    with session.platform() as platform:
        now = platform.clock.now()
        answer = ask(platform, workflow, record, at=now if last else moment_given(at, now))
    if session.json:
        emit(asdict(answer) | {"starts": answer.starts})
        return
    _tell(session, answer, now)
    runs = [f"towpath runs show {answer.runs[-1]}"] if answer.runs else []
    next_step(session, *runs, f"towpath explain {answer.object}")


def _tell(session: Session, answer: Answer, now: int) -> None:
    text = "{name} starts on this {object}." if answer.starts else "{name} does not start on this {object}."
    line(session, session.say(text, name=answer.name, object=answer.object))
    if answer.state != "on":
        line(session, session.say("The workflow is {state}.", state=session.say(answer.state)))
    if answer.change is not None:
        when = moment_text(session, answer.change.at, now)
        text = "Asked about the change of {when}: {fields}"
        line(session, session.say(text, when=when, fields=", ".join(answer.change.fields)))
    for trigger in answer.triggers:
        _tell_trigger(session, trigger)
    if answer.runs:
        line(session, session.say("Runs on this record: {count}", count=len(answer.runs)))


def _tell_trigger(session: Session, trigger: TriggerAnswer) -> None:
    line(session, session.say("Trigger {node}: {reason}", node=trigger.node, reason=trigger.about))
    rows = [(clause.text, clause.holds, clause.value, clause.held) for clause in trigger.clauses]
    if rows:
        table(session, ("condition", "holds", "value", "held before"), rows)
