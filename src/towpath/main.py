"""The console script: puts command line, API and composition root together, each loaded when it is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from towpath.cli.main import main as run_command
from towpath.cli.session import DemoResult, Doors, Stage

if TYPE_CHECKING:
    from towpath.service.drive import Settable
    from towpath.service.platform import Platform

FOLDER_VARIABLE = "TOWPATH_FOLDER"
DEFAULT_FOLDER = ".towpath"


def main() -> None:
    """The command ``towpath``."""
    sys.exit(run_command(sys.argv[1:], DOORS))


def later(module: str, name: str) -> Callable[..., Any]:
    """A function whose module is imported when it is first called: most commands need few of them."""

    def call(*arguments: Any, **options: Any) -> Any:
        return getattr(import_module(module), name)(*arguments, **options)

    return call


def data_folder(folder: Path | None) -> Path:
    """The data folder: the one given, else $TOWPATH_FOLDER, else ``.towpath`` here."""
    return Path(folder or os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def has_data(folder: Path) -> bool:
    """Whether there is something to open: a database that the environment names, or the folder's own."""
    return is_shared() or (folder / "towpath.db").exists()


def is_shared() -> bool:
    """Whether everything is kept in a database that many processes work on."""
    return bool(os.environ.get("TOWPATH_DATABASE_URL"))


def work_lock(folder: Path) -> AbstractContextManager[object]:
    """What is held while runs are advanced: nothing where workers share a database."""
    lock: AbstractContextManager[object] = import_module("towpath.storage.folder_lock").FolderLock(folder)
    return nullcontext() if is_shared() else lock


open_platform = later("towpath.app", "open_platform")


def open_trial(begin: int | None = None) -> tuple[Platform, Settable]:
    """A platform in memory on a clock that can be moved on, from now or this moment, from which nothing leaves."""
    system = import_module("towpath.storage.system")
    pretend = import_module("towpath.connectors.pretend").PretendSender()
    clock = system.VirtualClock(system.SystemClock().now() if begin is None else begin)
    return open_platform(memory=True, clock=clock, senders={"http": pretend, "mail": pretend}), clock


def serve(platform: Platform, host: str | None, port: int | None, announce: Callable[[Any], None], works: bool) -> None:
    """Run the API, and a worker beside it if it is to do the work itself, until they are told to stop."""
    import_module("towpath.cli.logs").set_up_logs(os.environ)
    import_module("towpath.app").trace(platform, os.environ)
    settings = import_module("towpath.api.settings").Settings.from_environment(os.environ, host=host, port=port)
    queues = import_module("towpath.ports.dispatch").QUEUES if works else ()
    dispatcher = import_module("towpath.app").open_dispatcher(os.environ)
    worker = import_module("towpath.worker.loop").Worker(platform, dispatcher, queues)
    import_module("towpath.api.serving").serve(platform, worker, settings, announce, works=works)


def work(platform: Platform, folder: Path, queues: Sequence[str], silence: float, pipe: int | None) -> None:
    """Run a worker until it is told to stop: a process that watches another, which does the work."""
    if pipe is None:
        with work_lock(folder):
            pass  # a folder that another works on is refused at once, and not by one child after the other
    import_module("towpath.cli.logs").set_up_logs(os.environ)
    if pipe is not None:
        with work_lock(folder):
            import_module("towpath.app").trace(platform, os.environ)
            dispatcher = import_module("towpath.app").open_dispatcher(os.environ)
            import_module("towpath.worker.child").work_until_stopped(platform, dispatcher, queues, pipe)
        return
    named = [part for queue in queues for part in ("--queue", queue)]
    command = [sys.executable, "-m", "towpath.main", "--folder", str(folder), "worker", *named, "--pipe"]
    due_queues = import_module("towpath.service.queues").due_queues
    import_module("towpath.worker.supervisor").supervise(
        command, lambda: not due_queues(platform).queues.isdisjoint(queues), silence
    )


def demo(folder: Path, data: Path | None, progress: Stage) -> DemoResult:
    """Play the demo in a folder, on a clock that begins some weeks ago and ends now."""
    service, system = import_module("towpath.service.demo"), import_module("towpath.storage.system")
    pretend = import_module("towpath.connectors.pretend").PretendSender()
    clock = system.VirtualClock(system.SystemClock().now() - service.SPAN)
    platform = open_platform(folder, clock=clock, senders={"http": pretend, "mail": pretend})
    try:
        result: DemoResult = service.run_demo(platform, clock, data=data, progress=progress)
        return result
    finally:
        platform.close()


DOORS = Doors(
    data_folder=data_folder,
    has_data=has_data,
    open_platform=open_platform,
    open_trial=open_trial,
    work_lock=work_lock,
    serve=serve,
    work=work,
    demo=demo,
    list_templates=later("towpath.service.templates", "list_templates"),
    get_template=later("towpath.service.templates", "get_template"),
    use_template=later("towpath.service.templates", "use_template"),
    play_template=later("towpath.service.template_play", "play_template"),
)

if __name__ == "__main__":
    main()
