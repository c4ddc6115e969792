"""The command line: global options anywhere, one command, an exit code that means something."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import completion as shells
from typer.main import get_command as click_command

from towpath.cli.entries import ENTRIES
from towpath.cli.exit_codes import ExitCode, exit_code_of
from towpath.cli.failures import show_error, show_usage
from towpath.cli.session import Doors, Session
from towpath.cli.tree import Translated, Tree, new_app, translate
from towpath.errors import InputError, StorageError, TowpathError, Where
from towpath.messages import LANGUAGES, Language, language_of, messages

COMPLETE_VARIABLE = "_TOWPATH_COMPLETE"
SUMMARY = "Design, run, measure and improve workflows on CRM data."
_FLAGS = frozenset({"--json", "--no-color", "--quiet", "-q"})
_VALUED = frozenset({"--folder", "--lang"})
_VALUES = ("--folder=", "--lang=")


def main(arguments: Sequence[str], doors: Doors, environment: Mapping[str, str] | None = None) -> int:
    """Run one command; its exit code."""
    environment = os.environ if environment is None else environment
    texts = messages(language_given(arguments, environment))
    color = "--no-color" not in arguments and not environment.get("NO_COLOR")
    session = Session(doors, texts, Path(), json="--json" in arguments, color=color)
    painted = color and sys.stderr.isatty()
    try:
        return _run(session, arguments)
    except TowpathError as error:
        show_error(error, texts, as_json=session.json, color=painted)
        return exit_code_of(error)
    except typer.TyperException as error:
        show_usage(error, texts, as_json=session.json, color=painted)
        return ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        print(texts.text("Interrupted."), file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except OSError as error:
        show_error(file_error(error), texts, as_json=session.json, color=painted)
        return ExitCode.STORAGE


def file_error(error: OSError) -> StorageError:
    """A file or folder that cannot be used, as one of our errors."""
    path = str(error.filename or "")
    return StorageError(
        f"the file or folder {path!r} cannot be used: {error.strerror or error}",
        code="file.failed",
        hint="Look whether it exists, is what it should be, and may be written.",
        where=Where(file=path) if path else None,
        params={"path": path},
    )


def _run(session: Session, arguments: Sequence[str]) -> int:
    first, rest = hoist(arguments)
    if COMPLETE_VARIABLE in os.environ:  # a shell asks what may come next
        shells.completion_init()  # type: ignore[attr-defined] # theirs, but not exported
    result = _root(session).main(
        args=[*first, *(rest or ["--help"])], prog_name="towpath", complete_var=COMPLETE_VARIABLE,
        standalone_mode=False, obj=session,
    )  # fmt: skip
    sys.stdout.flush()
    return int(result or ExitCode.OK)


def hoist(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Global options, wherever they stand, apart from the rest; nothing after ``--`` is touched."""
    first: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _FLAGS or argument.startswith(_VALUES):
            first.append(argument)
        elif argument in _VALUED:
            first += [argument, _value_of(argument, waiting)]
        else:
            rest.append(argument)
    return first, rest


def _value_of(option: str, waiting: Iterator[str]) -> str:
    value = next(waiting, None)
    if value is None:
        raise InputError(
            f"the option {option} needs a value", code="usage.value", hint="towpath --help says what it takes.",
            params={"option": option},
        )  # fmt: skip
    return value


def language_given(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language asked for by ``--lang``, else that of the locale; a wrong one is reported by the option itself."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    if "--lang" in words[:-1]:
        return language_of(words[words.index("--lang") + 1])
    named = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), None)
    return language_of(named)


def _root(session: Session) -> Any:
    Translated.messages = session.messages
    Tree.entries = ENTRIES
    app = new_app(SUMMARY)
    app.callback(cls=Tree, help=SUMMARY)(begin)
    root: Any = click_command(app)
    translate(root, session.messages)
    return root


def begin(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Option(help="Data folder; by default $TOWPATH_FOLDER, else .towpath here.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON on stdout, for programs.")] = False,
    lang: Annotated[str, typer.Option(help="Language: en or zh; by default that of the locale.")] = "",
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours; also by NO_COLOR=1.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Neither progress nor hints on stderr.")] = False,
) -> None:
    """Take the global options, which may stand anywhere on the line."""
    if lang and _language_name(lang) not in LANGUAGES:
        raise typer.BadParameter("en, zh", param_hint="--lang")
    session = Session.of(context)
    where = session.doors.data_folder(folder)
    context.obj = replace(
        session,
        folder=where,
        folder_given=folder is not None,
        color=session.color and not no_color,
        quiet=quiet or json,
    )


def _language_name(text: str) -> str:
    return text.replace("_", "-").partition("-")[0].lower()
