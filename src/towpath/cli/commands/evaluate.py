"""``towpath eval``: what an expression gives for an item, and which evaluator gave it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from towpath.cli.exit_codes import ExitCode
from towpath.cli.reading import items_given
from towpath.cli.session import Session
from towpath.cli.show import emit, line, note
from towpath.cli.tree import new_app
from towpath.service.expressions import try_expression

app = new_app()


@app.command()
def evaluate(
    context: typer.Context,
    expression: Annotated[str, typer.Argument(help="For example '{{ $json.name.toUpperCase() }}'.")],
    item: Annotated[
        str | None, typer.Option("--input", "-i", metavar="JSON", help="The item: JSON, or a file.")
    ] = None,
    zone: Annotated[str, typer.Option("--timezone", "-z", metavar="ZONE", help="Of $now and $today.")] = "UTC",
) -> int:
    """Try an expression on an item.

    Says the value, its type, which evaluator gave it and how long that took.
    """
    session = Session.of(context)
    items = items_given(item) or [{}]
    platform, _ = session.doors.open_trial()
    try:
        tried = try_expression(platform, expression, items[0], zone=zone, surroundings={"input": items})
    finally:
        platform.close()
    if session.json:
        emit(tried.as_json())
    else:
        line(session, json.dumps(tried.value, ensure_ascii=False))
        note(session, f"{tried.kind}, {tried.evaluator}, {tried.microseconds:.0f} µs")
        for error in tried.errors:
            note(session, error)
    return ExitCode.FAILED if tried.errors else ExitCode.OK
