"""``towpath approvals``: list, show and recall requests for a decision."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.model.moment import from_text
from towpath.service import approvals as service
from towpath.service.staff import names_of

app = new_app("List, show and recall requests for a decision.")
ApprovalId = Annotated[str, typer.Argument(metavar="APPROVAL", help="Id of the approval.")]


@app.command("list")
def list_approvals(
    context: typer.Context,
    status: Annotated[
        Literal["draft", "pending", "approved", "rejected", "recalled", "expired"],
        typer.Option(case_sensitive=False, help="Only approvals in this state."),
    ] = "pending",
    record: Annotated[str | None, typer.Option(help="Only about the record of this id.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
) -> None:
    """List requests, the newest first."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.list_approvals(platform, status=status.capitalize(), record=record, limit=limit)
        names, now = names_of(platform, found, "submitterId"), platform.clock.now()
    if session.json:
        emit(found)
    elif found:
        rows = [
            (
                a["id"], a["subject"], a["status"], a["stepName"], names.get(a["submitterId"]),
                moment_text(session, from_text(a["submittedAt"]), now),
            )
            for a in found
        ]  # fmt: skip
        table(session, ("id", "request", "status", "step", "who", "since"), rows)
        next_step(session, f"towpath approvals show {found[0]['id']}")
    else:
        line(session, session.say("No approvals found."))


@app.command("show")
def show_approval(context: typer.Context, approval: ApprovalId) -> None:
    """Show a request, and who was asked in each round."""
    session = Session.of(context)
    with session.platform() as platform:
        found = service.show(platform, approval)
        names = names_of(platform, found["tasks"], "ownerId", "actsForId")
    if session.json:
        emit(found)
        return
    shown = ("subject", "status", "stepName", "relatedObject", "relatedId", "submittedAt", "decidedAt", "runId")
    table(session, ("field", "value"), [(name, found[name]) for name in shown if found[name] is not None])
    rows = [_asked(task, names) for task in found["tasks"]]
    table(session, ("round", "who", "for", "status", "outcome", "task"), rows, title=session.say("Asked"))
    if found["status"] == "Pending":
        next_step(session, f"towpath approvals recall {approval}", "towpath tasks complete TASK --outcome approved")


@app.command("recall")
def recall_approval(
    context: typer.Context,
    approval: ApprovalId,
    who: Annotated[
        str | None, typer.Option(help="Who takes it back: its submitter; by default an administrator.")
    ] = None,
) -> None:
    """Take a request back; locked fields are free again."""
    session = Session.of(context)
    with session.platform() as platform:
        done = service.recall(platform, approval, who=who)
        driven = work_now(session, platform)
    if session.json:
        emit(done)
        return
    line(session, session.say("The request {subject} is taken back.", subject=done["subject"]))
    tell(session, driven)


def _asked(task: dict[str, Any], names: dict[str, str]) -> tuple[object, ...]:
    who, acts_for = names.get(task["ownerId"]), names.get(task["actsForId"])
    return task["approvalRound"], who, acts_for, task["status"], task["outcome"], task["id"]
