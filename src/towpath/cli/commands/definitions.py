"""``towpath definitions``: calendars, validation rules and the like, kept as data beside workflows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from towpath.cli.reading import SUFFIXES, content_of, workflow_files
from towpath.cli.session import Session
from towpath.cli.show import emit, line, next_step, table
from towpath.cli.times import moment_text
from towpath.cli.tree import new_app
from towpath.errors import FormatError, Where
from towpath.formats.native.decode import read_value
from towpath.service.definitions import (
    apply_definition,
    delete_definition,
    get_definition,
    list_definitions,
)

app = new_app("Apply, list, show and remove calendars, validation rules and the like.")
Kind = Annotated[str, typer.Argument(metavar="KIND", help="Kind of definition, such as calendar.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the definition.")]


@app.command("apply")
def apply(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="YAML or JSON files or folders; - for standard input.")
    ],
) -> None:
    """Put the definitions in files in force; each names its kind, or is one of a list.

    All files are read before the first is applied.
    """
    session = Session.of(context)
    found = [(path, document) for path in workflow_files(files) for document in _documents(path)]
    found.sort(key=lambda pair: pair[1].get("kind") != "calendar")  # what others count by comes first
    with session.platform(make=True) as platform:
        made = [apply_definition(platform, each, actor="cli", file=str(path)) for path, each in found]
    if session.json:
        emit([asdict(each) for each in made])
        return
    for each in made:
        line(session, session.say("{kind} {name} is in force.", kind=each.kind, name=each.name))
    next_step(session, "towpath definitions list")


@app.command("list")
def list_all(
    context: typer.Context,
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="Only definitions of this kind.")] = None,
) -> None:
    """List definitions."""
    session = Session.of(context)
    with session.platform() as platform:
        found, now = list_definitions(platform, kind), platform.clock.now()
    if session.json:
        emit([asdict(each) for each in found])
    elif found:
        rows = [(d.kind, d.name, moment_text(session, d.changed_at, now), d.changed_by) for d in found]
        table(session, ("kind", "name", "changed", "by"), rows)
        next_step(session, f"towpath definitions show {found[0].kind} '{found[0].name}'")
    else:
        line(session, session.say("There are no definitions yet."))
        next_step(session, "towpath definitions apply calendar.yaml")


@app.command("show")
def show(context: typer.Context, kind: Kind, name: Name) -> None:
    """Show a definition as it can be applied again."""
    session = Session.of(context)
    with session.platform() as platform:
        found = get_definition(platform, kind, name)
    emit({"kind": found.kind, **found.document, "name": found.name})


@app.command("remove")
def remove(context: typer.Context, kind: Kind, name: Name) -> None:
    """Take a definition out of force."""
    session = Session.of(context)
    with session.platform() as platform:
        delete_definition(platform, kind, name)
    if session.json:
        emit({"kind": kind, "name": name})
        return
    line(session, session.say("{kind} {name} is removed.", kind=kind, name=name))


def _documents(path: Path) -> list[dict[str, Any]]:
    """The definitions of a file: one object, or a list of them."""
    value = read_value(content_of(path), SUFFIXES.get(path.suffix.lower()), str(path))
    documents = value if isinstance(value, list) else [value]
    if not all(isinstance(document, dict) for document in documents):
        raise FormatError("a definition is an object with a kind and a name", code="definition.invalid",
                          hint="Write for example 'kind: calendar' and 'name: default'.",
                          where=Where(file=str(path)))  # fmt: skip
    return documents
