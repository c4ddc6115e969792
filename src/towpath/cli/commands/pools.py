"""``towpath pools``: the people who share records, their load, and what waits for them."""

from __future__ import annotations

from dataclasses import asdict

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text
from towpath.cli.tree import new_app
from towpath.service.pools import PoolView, list_pools

app = new_app()


@app.command()
def pools(context: typer.Context) -> None:
    """Show the pools that records are given to: who has what, who is there, and how much waits.

    A pool is a definition of the kind 'assignment'.
    """
    session = Session.of(context)
    with session.platform() as platform:
        found, now = list_pools(platform), platform.clock.now()
    if session.json:
        emit([asdict(pool) for pool in found])
        return
    if not found:
        line(session, session.say("There are no pools yet."))
        next_step(session, "towpath definitions apply pool.yaml")
    for pool in found:
        _show(session, pool, now)


def _show(session: Session, pool: PoolView, now: int) -> None:
    waiting = ", ".join(f"{count} {reason}" for reason, count in sorted(pool.queued.items()))
    line(session, f"{pool.name}: {pool.object}, {pool.strategy}")
    rows = [
        (m.name, m.load, m.capacity, m.assigned, m.away and f"{m.away} {moment_text(session, m.back, now)}".strip())
        for m in pool.members
    ]
    table(session, ("name", "load", "capacity", "given", "away"), rows, numbers=("load", "capacity", "given"))
    line(session, session.say("In the queue: {waiting}", waiting=waiting or "0"))
