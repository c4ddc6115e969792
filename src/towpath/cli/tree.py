"""The tree of commands, each loaded when it is called, so that help and completion are there at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as click_command

from towpath.messages import Messages

Function = TypeVar("Function", bound=Callable[..., Any])
HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
# Words that the library below writes into help pages, translated where they stand.
HELP_WORDS = (
    "Usage:", "Options:", "Arguments:", "Commands:", "[OPTIONS]", "COMMAND [ARGS]...", "[required]", "[default: ",
    "[env var: ", "; required]", "Show this message and exit.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One command or group of commands: what it is called, what it does in a line, and the module that has it."""

    name: str
    summary: str
    module: str


class Translated:
    """Help pages in the language of the person."""

    messages: ClassVar[Messages] = Messages()

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        text: str = super().get_help(ctx)  # type: ignore[misc]
        for word in HELP_WORDS:
            text = text.replace(word, self.messages.text(word))
        return text


class Command(Translated, TyperCommand):
    """A command with a translated help page."""


class Group(Translated, TyperGroup):
    """A group of commands with a translated help page."""


class Tree(Group):
    """The root: knows its commands by name and line, and loads the module of the one that is called."""

    entries: ClassVar[Sequence[Entry]] = ()
    listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The names of all commands, in the order of the list."""
        return [entry.name for entry in self.entries]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of that name: whole when it is called, name and line only while commands are listed."""
        entry = next((entry for entry in self.entries if entry.name == cmd_name), None)
        if entry is None:
            return None
        if self.listing:
            return TyperCommand(entry.name, help=self.messages.text(entry.summary))
        if cmd_name not in self.commands:
            self.commands[cmd_name] = load(entry, self.messages)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command called; names near a wrong one are found among all."""
        if args and args[0] not in self.list_commands(ctx):
            stubs = {entry.name: TyperCommand(entry.name) for entry in self.entries}
            self.commands.update({name: stub for name, stub in stubs.items() if name not in self.commands})
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands in the help page."""
        self.listing = True
        super().format_commands(ctx, formatter)
        self.listing = False

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """What the beginning of a name may become."""
        self.listing = True
        found = super().shell_complete(ctx, incomplete)
        self.listing = False
        return found


def load(entry: Entry, messages: Messages) -> Any:
    """The command of an entry from its module's ``app``, with its help translated."""
    app: typer.Typer = import_module(entry.module).app
    command: Any = click_command(app)
    command.name = entry.name
    command.help = command.help or entry.summary
    translate(command, messages)
    return command


def translate(command: Any, messages: Messages) -> None:
    """Translate the help of a command, its options and the commands below it, in place."""
    for each in (command, *command.params):
        if getattr(each, "help", None):
            each.help = messages.text(paragraphs(each.help))
    for below in getattr(command, "commands", {}).values():
        translate(below, messages)


def paragraphs(text: str) -> str:
    """A docstring with one line for each paragraph: how it is found among the texts of a language."""
    return _LINE_END.sub(" ", text).strip()


class App(typer.Typer):
    """A Typer whose commands have translated help pages."""

    def command(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        """Register a function as a command."""
        return super().command(name, cls=Command, context_settings=HELP_OPTIONS, **options)


def new_app(summary: str | None = None) -> App:
    """An app for one command (one function), or for a group of them, which has a summary."""
    return App(
        cls=Group,
        help=summary,
        add_completion=False,
        rich_markup_mode=None,
        no_args_is_help=summary is not None,
        context_settings=HELP_OPTIONS,
    )
