"""What a command is given: the global options, the texts of the language, and the doors to the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import typer

from towpath.errors import NotFoundError, Where
from towpath.messages import Messages

if TYPE_CHECKING:
    from towpath.model.workflow import WorkflowDefinition
    from towpath.service.drive import Settable
    from towpath.service.metrics import WorkflowMetrics
    from towpath.service.platform import Platform
    from towpath.service.workflows import PublishedVersion


# Called with the name of a stage, how much more of it is done, and how much it is in all, if that is known.
Stage: TypeAlias = Callable[[str, int, int | None], None]


class Template(Protocol):
    """A ready-made workflow; titles and descriptions by language."""

    name: str
    scenario: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    definition: WorkflowDefinition


class DemoWorkflow(Protocol):
    """What came of one workflow of the demo; ``paths`` are its runs by the way they took."""

    metrics: WorkflowMetrics
    paths: Mapping[str, int]


class DemoResult(Protocol):
    """What came of the demo; ``records`` by object, ``next_commands`` without their --folder."""

    records: Mapping[str, int]
    runs: int
    seconds: float
    workflows: Sequence[DemoWorkflow]
    next_commands: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        ...


@dataclass(frozen=True, slots=True)
class Doors:
    """What the composition root opens for commands; commands themselves know no adapter.

    ``open_trial`` gives a platform in memory on a clock that can be moved, from which nothing leaves. ``work_lock``
    is held while runs of a folder are advanced. ``serve`` runs API and worker (if it is to
    work itself) until it is stopped, ``work`` a worker. ``demo`` plays the
    demo in a folder.
    """

    data_folder: Callable[[Path | None], Path]
    has_data: Callable[[Path], bool]
    open_platform: Callable[[Path], Platform]
    open_trial: Callable[..., tuple[Platform, Settable]]
    work_lock: Callable[[Path], AbstractContextManager[object]]
    serve: Callable[[Platform, str | None, int | None, Callable[[Any], None], bool], None]
    work: Callable[[Platform, Path, Sequence[str], float, int | None], None]
    demo: Callable[[Path, Path | None, Stage], DemoResult]
    list_templates: Callable[[], Sequence[Template]]
    get_template: Callable[[str], Template]
    use_template: Callable[[Platform, str], PublishedVersion]
    play_template: Callable[[Platform, Settable, Any], WorkflowMetrics]


@dataclass(frozen=True, slots=True)
class Session:
    """One call of ``towpath``: its global options and what they opened."""

    doors: Doors
    messages: Messages
    folder: Path
    folder_given: bool = False
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
        if not make and not self.doors.has_data(self.folder):
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
