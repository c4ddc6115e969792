"""Output: tables and lines for people or JSON for programs on stdout, notes on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from towpath.cli.session import Session
from towpath.errors import TowpathError

UNBOUNDED = 10_000  # columns of a page that nobody sees: nothing is cut off that another program may want
STYLES = {
    "completed": "green", "ok": "green", "on": "green", "green": "green", "sent": "green", "Completed": "green",
    "failed": "bold red", "error": "bold red", "red": "bold red", "unknown": "bold red",
    "waiting": "yellow", "paused": "yellow", "warning": "yellow", "amber": "yellow", "Claimed": "yellow",
    "cancelled": "dim", "off": "dim", "skipped": "dim", "Cancelled": "dim",
}  # fmt: skip
# Records may hold anything: what steers a terminal is shown as a dot, so that data cannot.
_HARMLESS = dict.fromkeys((*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "·")
_HARMLESS[ord("\n")] = "⏎"


def emit(value: object) -> None:
    """Write JSON for programs."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def table(
    session: Session,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    numbers: Sequence[str] = (),
) -> None:
    """Write a table; ``columns`` and ``title`` are texts to be translated, ``numbers`` the columns set to the right."""
    page = Table(box=SIMPLE_HEAD, title=title and session.say(title), title_justify="left", pad_edge=False)
    for column in columns:
        page.add_column(
            session.say(column), justify="right" if column in numbers else "left", no_wrap=column in ("id", "run"),
            overflow="fold",
        )  # fmt: skip
    for row in rows:
        page.add_row(*(_cell(session, value) for value in row))
    console(session).print(page)


def line(session: Session, text: str, style: str | None = None) -> None:
    """Write a line for people."""
    console(session).print(Text(harmless(text), style=style or ""), soft_wrap=True)


def note(session: Session, text: str) -> None:
    """Write a line beside the output: progress, a hint; nothing when quiet or for programs."""
    if not session.quiet:
        print(harmless(text), file=sys.stderr)


def next_step(session: Session, *commands: str) -> None:
    """Name the commands that a person is likely to want next."""
    if commands:
        note(session, session.say("Next: {commands}", commands="; ".join(commands)))


def error_line(session: Session, error: TowpathError) -> str:
    """An error in a line."""
    what, _ = session.messages.error(error.code, error.message, {**dict(error.where.named()), **error.params})
    return f"{error.code}: {what}"


def failure_line(session: Session, error: Mapping[str, Any]) -> str:
    """What made a run or a step fail (an error as JSON), in a line: code, what happened, what to do."""
    return (
        f"{error.get('code')}: {failure_text(session, error)} {session.messages.hint(error.get('hint') or '')}".rstrip()
    )


def failure_text(session: Session, error: Mapping[str, Any]) -> str:
    """What happened, of an error as JSON."""
    values = {**(error.get("where") or {}), **(error.get("params") or {})}
    return session.messages.sentence(str(error.get("code")), str(error.get("message", "")), values)


def console(session: Session) -> Console:
    """Where tables go: as wide as the terminal, or unbounded where there is none."""
    width = None if sys.stdout.isatty() else UNBOUNDED
    return Console(
        file=sys.stdout, width=width, no_color=not session.color, color_system="auto" if session.color else None,
        markup=False, highlight=False, emoji=False,
    )  # fmt: skip


def harmless(text: str) -> str:
    """The text without what a terminal would obey."""
    return text.translate(_HARMLESS)


def _cell(session: Session, value: object) -> Text:
    if value is None or value == "":
        return Text("")
    if isinstance(value, bool):
        return Text(session.say("yes" if value else "no"))
    text = value if isinstance(value, str) else _number(value)
    style = STYLES.get(text, "")
    return Text(harmless(session.say(text) if style else text), style=style)


def _number(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if hasattr(value, "as_json"):
        return value.as_json()
    return str(value)
