"""What a command is given: the global options, the texts of the language, and the doors to the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from towpath.errors import NotFoundError, Where
from towpath.messages import Messages

if TYPE_CHECKING:
    from towpath.service.drive import Settable
    from towpath.service.platform import Platform


@dataclass(frozen=True, slots=True)
class Doors:
    """What the composition root opens for commands; commands themselves know no adapter.

    ``open_trial`` gives a platform in memory on a clock that can be moved, from which nothing leaves. ``work_lock``
    is held while runs of a folder are advanced. ``serve`` runs API and worker until it is stopped. ``demo`` plays the
    demo in a folder.
    """

    data_folder: Callable[[Path | None], Path]
    database: str
    open_platform: Callable[[Path], Platform]
    open_trial: Callable[[], tuple[Platform, Settable]]
    work_lock: Callable[[Path], AbstractContextManager[object]]
    serve: Callable[..., Any]
    demo: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Session:
    """One call of ``towpath``: its global options and what they opened."""

    doors: Doors
    messages: Messages
    folder: Path
    json: bool = False
    color: bool = True
    quiet: bool = False

    @classmethod
    def of(cls, context: typer.Context) -> Session:
        """The session that a command runs in."""
        session = context.find_root().obj
        if not isinstance(session, cls):
            raise TypeError("a command runs inside a session")
        return session

    def say(self, english: str, **values: object) -> str:
        """A text in the language of the person."""
        return self.messages.text(english, **values)

    @contextmanager
    def platform(self, *, make: bool = False) -> Iterator[Platform]:
        """The platform on the data folder; NotFoundError where there is none yet, unless it is to be made."""
        if not make and not (self.folder / self.doors.database).exists():
            raise NotFoundError(
                f"there is no data in the folder {str(self.folder)!r}",
                code="folder.empty",
                hint="towpath demo shows an example; load, publish and run begin a folder; --folder names another.",
                where=Where(file=str(self.folder)),
                params={"folder": str(self.folder)},
            )
        platform = self.doors.open_platform(self.folder)
        try:
            yield platform
        finally:
            platform.close()
