"""After a command has made work: do it at once, unless another process works on the folder already."""

from __future__ import annotations

from contextlib import ExitStack

from towpath.cli.progress import progress
from towpath.cli.session import Session
from towpath.cli.show import note
from towpath.errors import ConflictError
from towpath.service.drive import Driven, drive
from towpath.service.effects import recover
from towpath.service.platform import Platform


def work_now(session: Session, platform: Platform) -> Driven | None:
    """Advance runs, fire timers and send effects until nothing is due; None where a server does it already."""
    with ExitStack() as stack:
        try:
            stack.enter_context(session.doors.work_lock(session.folder))
        except ConflictError:
            note(session, session.say("Another process works on this folder; it goes on from here."))
            return None
        recover(platform)
        advance = stack.enter_context(progress(session, "Running workflows"))
        return drive(platform, watch=lambda done: advance(done.count))


def tell(session: Session, driven: Driven | None) -> None:
    """Say what working came to, where it came to anything."""
    if driven is not None and driven.runs:
        text = "Runs advanced: {runs}, ended: {ended}; calls sent: {effects}."
        note(session, session.say(text, runs=driven.runs, ended=driven.ended, effects=driven.effects))
