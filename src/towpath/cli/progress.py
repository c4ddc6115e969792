"""A progress bar on stderr, for people who look."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from towpath.cli.session import Session, Stage


@contextmanager
def progress(session: Session, label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Gives a function to call with how much more is done; it does nothing where nobody looks."""
    if session.quiet or not sys.stderr.isatty():
        yield lambda more: None
        return
    console = Console(file=sys.stderr, no_color=not session.color)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(session.say(label), total=total)
        yield lambda more: bar.advance(task, more)


@contextmanager
def stages(session: Session) -> Iterator[Stage]:
    """Several bars, one for each stage that is named; nothing where nobody looks."""
    if session.quiet or not sys.stderr.isatty():
        yield lambda stage, more, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr, no_color=not session.color)) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, more: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(session.say(stage), total=total)
            bars.update(tasks[stage], advance=more, total=total)

        yield advance
