"""``towpath work``: do what is due once, for schedulers such as cron."""

from __future__ import annotations

from dataclasses import asdict

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line
from towpath.cli.times import iso, moment_text
from towpath.cli.tree import new_app
from towpath.cli.working import work_now
from towpath.service.drive import upcoming

app = new_app()


@app.command()
def work(context: typer.Context) -> None:
    """Do everything that is due now, then end.

    Advances runs, fires timers, sends calls and mail. A running towpath serve does this all the time by itself.
    """
    session = Session.of(context)
    with session.platform() as platform:
        driven = work_now(session, platform)
        due, now = upcoming(platform), platform.clock.now()
    if session.json:
        done = None if driven is None else {key: value for key, value in asdict(driven).items() if key != "changed"}
        emit({"done": done, "next_due": iso(due)})
    elif driven is not None:
        text = "Runs advanced: {runs}, ended: {ended}; calls sent: {effects}."
        line(session, session.say(text, runs=driven.runs, ended=driven.ended, effects=driven.effects))
        line(session, session.say("Due next: {when}", when=moment_text(session, due, now) or session.say("nothing")))
