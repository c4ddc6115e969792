"""``towpath templates``: ready-made workflows, to look at and to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.session import Session, Template
from towpath.cli.show import emit, line, next_step, note, table
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.formats.native.yaml_writing import to_yaml

app = new_app("List, show and use ready-made workflows.")
Name = Annotated[str, typer.Argument(metavar="TEMPLATE", help="Name of the template.")]


@app.command("list")
def list_templates(context: typer.Context) -> None:
    """List ready-made workflows."""
    session = Session.of(context)
    found = session.doors.list_templates()
    if session.json:
        emit([_as_json(template) for template in found])
        return
    language = session.messages.language
    rows = [(each.name, each.scenario, each.titles[language], each.descriptions[language]) for each in found]
    table(session, ("name", "scenario", "title", "description"), rows)
    next_step(session, f"towpath templates show {found[0].name}", f"towpath templates use {found[0].name}")


@app.command("show")
def show_template(
    context: typer.Context,
    name: Name,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the definition into this file.")] = None,
) -> None:
    """Show a ready-made workflow as YAML."""
    session = Session.of(context)
    template = session.doors.get_template(name)
    if session.json:
        emit(_as_json(template) | {"definition": template.definition.as_json()})
    elif output is not None:
        output.write_text(to_yaml(template.definition), encoding="utf-8")
        line(session, session.say("Written: {file}", file=str(output)))
        next_step(session, f"towpath check {output}", f"towpath publish {output}")
    else:
        print(to_yaml(template.definition), end="")


@app.command("use")
def use_template(context: typer.Context, name: Name) -> None:
    """Publish a ready-made workflow in the data folder."""
    session = Session.of(context)
    session.doors.get_template(name)  # a wrong name makes no folder
    with session.platform(make=True) as platform:
        made = session.doors.use_template(platform, name)
        driven = work_now(session, platform)
    if session.json:
        emit({"workflow": made.workflow, "name": made.name, "version": made.version, "unchanged": made.unchanged})
        return
    text = "{name} ({id}): version {version} is published and on."
    line(session, session.say(text, name=made.name, id=made.workflow, version=made.version))
    for problem in made.warnings:
        note(session, f"  {problem}")
    tell(session, driven)
    next_step(session, f"towpath workflows show {made.workflow}", "towpath load Lead leads.csv")


def _as_json(template: Template) -> dict[str, object]:
    return {
        "name": template.name,
        "scenario": template.scenario,
        "titles": dict(template.titles),
        "descriptions": dict(template.descriptions),
    }
