"""``towpath backtest``: what a draft would have done with past changes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.reading import workflow_of
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_given, with_iso_times
from towpath.cli.tree import new_app
from towpath.service.backtest import Backtest
from towpath.service.backtest import backtest as test_draft

app = new_app()


@app.command()
def backtest(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The draft: a workflow file; - for standard input.")],
    since: Annotated[str, typer.Option(help="Begin of the period: a date, a time, or how long ago.")] = "30 days",
    until: Annotated[str | None, typer.Option(help="End of the period; now if nothing is said.")] = None,
    examples: Annotated[int, typer.Option(min=0, help="How many records that differ are shown.")] = 20,
) -> None:
    """Run a draft over past changes of records, and compare with what the published version did.

    Nothing leaves: no mail, no call, no change of a record.
    """
    session = Session.of(context)
    definition = workflow_of(file)
    with session.platform() as platform:
        now = platform.clock.now()
        begin, end = moment_given(since, now), moment_given(until, now)
        result = test_draft(platform, definition, begin or 0, now + 1 if end is None else end, examples=examples)
    if session.json:
        emit(with_iso_times(asdict(result), "since", "until"))
        return
    _tell(session, result)


def _tell(session: Session, result: Backtest) -> None:
    text = "{changes} changes; the draft would start {starts} runs, {published} were started."
    line(session, session.say(text, changes=result.changes, starts=result.starts, published=result.published_starts))
    if result.cut:
        line(session, session.say("There were too many starts; the first {count} are shown.", count=result.starts))
    rows = [(path.path, path.draft, path.published) for path in result.paths]
    table(session, ("way", "draft", "published"), rows, numbers=("draft", "published"))
    counts = [
        (session.say("same"), result.same),
        (session.say("other way"), result.other_path),
        (session.say("only the draft"), result.only_draft),
        (session.say("only the published one"), result.only_published),
    ]
    table(session, ("records", "count"), counts, numbers=("count",))
    if result.differences:
        differing = [(each.record, each.draft, each.published) for each in result.differences]
        table(session, ("record", "draft", "published"), differing, title="Records that differ")
    caught = result.caught
    text = "Caught, and not done: {mails} mails, {calls} calls, {records} changes of records, {people} tasks."
    line(session, session.say(text, mails=caught.mails, calls=caught.calls, records=caught.records,
                              people=caught.people))  # fmt: skip
    next_step(session, f"towpath why {result.workflow} RECORD --last")
