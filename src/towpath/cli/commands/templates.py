"""``towpath templates``: ready-made workflows, to look at and to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.commands.metrics import show_workflow
from towpath.cli.session import Session, Template
from towpath.cli.show import emit, line, next_step, note, table
from towpath.cli.tree import new_app
from towpath.cli.working import tell, work_now
from towpath.formats.native.yaml_writing import to_yaml

app = new_app("List, show, try and use ready-made workflows.")
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
    first = found[0].name
    next_step(session, f"towpath templates try {first}", f"towpath templates use {first}")


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


@app.command("try")
def try_template(context: typer.Context, name: Name) -> None:
    """Play the sample weeks of a ready-made workflow in memory, and measure them; nothing is stored or sent."""
    session = Session.of(context)
    template = session.doors.get_template(name)
    platform, clock = session.doors.open_trial(0)  # the weeks of a sample have their dates
    try:
        found = session.doors.play_template(platform, clock, template)
    finally:
        platform.close()
    if session.json:
        emit(found.as_json())
        return
    line(session, template.descriptions[session.messages.language])
    show_workflow(session, found)
    next_step(session, f"towpath templates show {name}", f"towpath templates use {name}")


def _as_json(template: Template) -> dict[str, object]:
    return {
        "name": template.name,
        "scenario": template.scenario,
        "titles": dict(template.titles),
        "descriptions": dict(template.descriptions),
    }
