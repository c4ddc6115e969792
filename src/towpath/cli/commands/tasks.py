"""``towpath tasks``: list, show, claim and complete the work of people."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from towpath.cli.reading import pairs_given
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.model.moment import from_text
from towpath.service import tasks as service
from towpath.service.platform import Platform
from towpath.service.records import find

app = new_app("List, claim and complete the work of people.")
TaskId = Annotated[str, typer.Argument(metavar="TASK", help="Id of the task.")]
Who = Annotated[str, typer.Option("--who", help="Who does it, by name, e-mail or id.")]


@app.command("list")
def list_tasks(
    context: typer.Context,
    owner: Annotated[str | None, typer.Option(help="Only tasks of this person, by name, e-mail or id.")] = None,
    status: Annotated[
        Literal["open", "claimed", "completed", "cancelled"] | None,
        typer.Option(case_sensitive=False, help="Only tasks in this state; by default those not ended."),
    ] = None,
    run: Annotated[str | None, typer.Option(help="Only tasks of this run.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
) -> None:
    """List open tasks, the most urgent first."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.list_tasks(platform, owner=owner, status=status and status.capitalize(), run=run, limit=limit)
        names, now = _names(platform), platform.clock.now()
    if session.json:
        emit(found)
    elif found:
        rows = [_row(session, task, names, now) for task in found]
        table(session, ("id", "task", "kind", "status", "who", "due", "workflow", "run"), rows)
        next_step(
            session, f"towpath tasks claim {found[0]['id']} --who NAME", f"towpath tasks complete {found[0]['id']}"
        )
    else:
        line(session, session.say("No tasks found."))
        next_step(session, "towpath runs list --status waiting", "towpath tasks list --status completed")


@app.command("claim")
def claim_task(context: typer.Context, task: TaskId, who: Who) -> None:
    """Take a task up: labour counts from now."""
    session = Session.of(context)
    with session.platform() as platform:
        claimed = service.claim_task(platform, task, who)
    if session.json:
        emit(claimed)
        return
    line(session, session.say("{who} has claimed the task {subject}.", who=who, subject=claimed["subject"]))
    next_step(session, f"towpath tasks complete {task}")


@app.command("complete")
def complete_task(
    context: typer.Context,
    task: TaskId,
    outcome: Annotated[str | None, typer.Option(help="What came of it; approved or rejected for an approval.")] = None,
    answers: Annotated[
        list[str] | None, typer.Option("--set", "-s", metavar="FIELD=VALUE", help="One answer of the form.")
    ] = None,
    who: Annotated[str | None, typer.Option(help="Who did it, by name, e-mail or id; by default its owner.")] = None,
) -> None:
    """Finish a task; the run that waits for it goes on."""
    session = Session.of(context)
    response = pairs_given(answers or ())
    with session.platform() as platform:
        done = service.complete_task(platform, task, who=who, outcome=outcome, response=response)
        driven = work_now(session, platform)
    if session.json:
        emit(done)
        return
    line(session, session.say("The task {subject} is completed.", subject=done["subject"]))
    tell(session, driven)
    if done.get("runId"):
        next_step(session, f"towpath runs show {done['runId']}")


def _names(platform: Platform) -> dict[str, str]:
    return {user["id"]: user.get("name") or user["id"] for user in find(platform, "User", limit=None)}


def _row(session: Session, task: dict[str, Any], names: dict[str, str], now: int) -> tuple[object, ...]:
    due = moment_text(session, from_text(task.get("dueAt")), now)
    who = names.get(task.get("ownerId") or "", task.get("ownerId"))
    return (
        task["id"],
        task["subject"],
        task["kind"],
        task["status"],
        who,
        due,
        task.get("workflow"),
        task.get("runId"),
    )
