"""``towpath completion``: the script that lets a shell complete commands and options."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from typer import completion as shells

from towpath.cli.tree import new_app

app = new_app()


@app.command()
def completion(
    shell: Annotated[
        Literal["bash", "zsh", "fish"], typer.Argument(metavar="SHELL", help="The shell: bash, zsh or fish.")
    ],
) -> None:
    """Print the completion script of a shell.

    For bash: towpath completion bash >> ~/.bashrc. For zsh: towpath completion zsh >> ~/.zshrc.
    For fish: towpath completion fish > ~/.config/fish/completions/towpath.fish.
    """
    script: str = shells.get_completion_script(  # type: ignore[attr-defined] # theirs, but not exported
        prog_name="towpath", complete_var="_TOWPATH_COMPLETE", shell=shell
    )
    print(script)
