"""``towpath tasks``: inbox, list, show, claim, complete and reassign the work of people."""

from __future__ import annotations

from collections.abc import Sequence
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
from towpath.service.staff import names_of

app = new_app("List, claim, complete and reassign the work of people.")
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
    team: Annotated[str | None, typer.Option(help="Only tasks of this team, by name or id.")] = None,
    queue: Annotated[str | None, typer.Option(help="Only tasks in this queue, by name or id.")] = None,
    role: Annotated[str | None, typer.Option(help="Only tasks that wait for this role.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose time has passed.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
) -> None:
    """List open tasks, the most urgent first."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.list_tasks(
            platform, owner=owner, status=status and status.capitalize(), run=run, team=team, queue=queue, role=role,
            overdue=overdue, limit=limit,
        )  # fmt: skip
        names, now = _whom(platform, found), platform.clock.now()
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


@app.command("inbox")
def show_inbox(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="PERSON", help="Name, e-mail or id.")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most of each kind.")] = 50,
) -> None:
    """Show what a person can do now: his own tasks, and those that wait for his team, queues or role."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.inbox(platform, who, limit=limit)
        waiting = [(place, task) for place, listed in found.items() for task in listed]
        names, now = _whom(platform, [task for _, task in waiting]), platform.clock.now()
    if session.json:
        emit(found)
        return
    rows = [(place, *_row(session, task, names, now)) for place, task in waiting]
    if not rows:
        line(session, session.say("Nothing waits for {who}.", who=who))
        return
    table(session, ("where", "id", "task", "kind", "status", "who", "due", "workflow", "run"), rows)
    next_step(session, f"towpath tasks show {rows[0][1]}", f"towpath tasks claim {rows[0][1]} --who {who!r}")


@app.command("show")
def show_task(context: typer.Context, task: TaskId) -> None:
    """Show a task with its form."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.get_task(platform, task)
        names = names_of(platform, [found], "ownerId", "actsForId")
    if session.json:
        emit(found)
        return
    shown = ("subject", "description", "kind", "status", "priority", "dueAt", "role", "outcome", "workflow", "runId")
    rows: list[tuple[object, ...]] = [(name, found[name]) for name in shown if found[name] is not None]
    rows += [(name, names[found[name]]) for name in ("ownerId", "actsForId") if found[name]]
    table(session, ("field", "value"), rows)
    form = found["form"] or {}
    needed = form.get("required", ())
    fields = [(name, _kind(asked), name in needed) for name, asked in form.get("properties", {}).items()]
    if fields:
        table(session, ("answer", "type", "required"), fields, title=session.say("Form"))
    given = " ".join(f"--set {name}=VALUE" for name in needed)
    next_step(session, f"towpath tasks complete {task} {given}".rstrip())


@app.command("reassign")
def reassign_task(
    context: typer.Context,
    task: TaskId,
    to: Annotated[str | None, typer.Option(help="The person, by name, e-mail or id.")] = None,
    team: Annotated[str | None, typer.Option(help="Back to this team.")] = None,
    queue: Annotated[str | None, typer.Option(help="Back to this queue.")] = None,
    role: Annotated[str | None, typer.Option(help="To whoever has this role.")] = None,
) -> None:
    """Give a task to somebody else; it is open again."""
    session = Session.of(context)
    with session.platform() as platform:
        given = service.reassign_task(platform, task, to=to, team=team, queue=queue, role=role)
    if session.json:
        emit(given)
        return
    whom = to or team or queue or role
    line(session, session.say("The task {subject} now waits for {who}.", subject=given["subject"], who=whom))


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


def _kind(asked: object) -> str:
    kind = asked.get("type") if isinstance(asked, dict) else None
    return str(kind or "any")


def _whom(platform: Platform, tasks: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The names of the people, queues and teams that tasks wait for, by id."""
    kinds = {"User": "ownerId", "Queue": "queueId", "Team": "teamId"}
    return {
        key: name for kind, field in kinds.items() for key, name in names_of(platform, tasks, field, kind=kind).items()
    }


def _row(session: Session, task: dict[str, Any], names: dict[str, str], now: int) -> tuple[object, ...]:
    due = moment_text(session, from_text(task.get("dueAt")), now)
    waits_for = next((task[field] for field in ("ownerId", "queueId", "teamId") if task[field]), None)
    who = names.get(waits_for) if waits_for else task["role"]
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
