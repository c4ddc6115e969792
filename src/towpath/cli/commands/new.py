"""``towpath new node``: the first lines of a node type of your own, its test data, and the line that adds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from towpath.cli.session import Session
from towpath.cli.show import emit, line
from towpath.cli.tree import new_app
from towpath.errors import ConflictError, InputError, Where

app = new_app("Write the first lines of a node type of your own.")
NAME = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9_]*")

NODE = '''"""{title}: say in a sentence what it does."""

from __future__ import annotations

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.node import NodeType
from towpath.engine.params import Dynamic, NodeParams, Text


class Params(NodeParams):
    """What people fill in: the form, the checks and the reference page are made from it."""

    text: Dynamic[Text] = Field(description="The text that is put into the field.")
    into: str = Field("text", description="Name of the field that gets the text.")


def run(batch: Batch[Params]) -> None:
    """One batch holds the items of many runs: answer for each item once, by ``derive`` or ``fail``."""
    into = batch.params.into
    for position, text in batch.resolve(batch.params.text):
        batch.derive(position, {{**batch.items[position].json, into: text}})


node_type = NodeType(
    name="{name}",
    title="{title}",
    description="Say in a sentence what it does.",
    group="{group}",
    params=Params,
    run=run,
    examples=({{"text": "{{{{ $json.name }}}}"}},),
)
'''

CASES = """- name: each item gets the text
  params: {{text: "Hello {{{{ $json.name }}}}", into: greeting}}
  runs:
    - items: [{{name: Ann}}, {{name: Bob}}]
      gives: {{out: [{{name: Ann, greeting: Hello Ann}}, {{name: Bob, greeting: Hello Bob}}]}}
"""


@app.callback()
def new() -> None:
    """Write the first lines of a node type of your own."""


@app.command("node")
def new_node(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name: a group and a verb, such as acme.greet.")],
    folder: Annotated[Path, typer.Option("--into", help="Folder that gets the files.")] = Path(),
) -> None:
    """Write a node type, its test data, and say which line adds it."""
    session = Session.of(context)
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be the name of a node type", code="input.node_name",
            hint="Write a group, a dot and a verb in small letters: acme.greet.", params={"name": name},
        )  # fmt: skip
    module = name.replace(".", "_")
    group, _, verb = name.partition(".")
    words = {"name": name, "group": group, "title": verb.replace("_", " ").capitalize()}
    written = {folder / f"{module}.py": NODE.format(**words), folder / f"{module}.cases.yaml": CASES.format(**words)}
    _write(written)
    entry = f'[project.entry-points."towpath.nodes"]\n"{name}" = "{module}:node_type"'
    if session.json:
        emit({"files": [str(path) for path in written], "entry_point": entry})
        return
    for path in written:
        line(session, session.say("Written: {file}", file=str(path)))
    line(session, session.say("Add these lines to the pyproject.toml of your package:"))
    print(f"\n{entry}\n")


def _write(files: dict[Path, str]) -> None:
    for path in files:
        if path.exists():
            raise ConflictError(
                f"there is a file {str(path)!r} already", code="file.exists", hint="Choose another name or --into.",
                where=Where(file=str(path)), params={"path": str(path)},
            )  # fmt: skip
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
