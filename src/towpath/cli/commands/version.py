"""``towpath version``."""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of

import typer

from towpath.cli.session import Session
from towpath.cli.tree import new_app

app = new_app()


@app.command()
def version(context: typer.Context) -> None:
    """Print the version."""
    session = Session.of(context)
    found = version_of("towpath")
    if session.json:
        print(f'{{"towpath": "{found}", "python": "{platform.python_version()}"}}')
    else:
        print(f"towpath {found} (Python {platform.python_version()})")
