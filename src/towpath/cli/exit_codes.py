"""What the exit code of a command means."""

from __future__ import annotations

from enum import IntEnum

from towpath.errors import (
    ConflictError,
    FormatError,
    InputError,
    NotFoundError,
    StorageError,
    TowpathError,
    WorkflowError,
)


class ExitCode(IntEnum):
    """Stable: scripts may rely on these numbers."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    CONFLICT = 4
    STORAGE = 5
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "done",
    ExitCode.FAILED: "a run failed, a file has problems, or rows were left out",
    ExitCode.USAGE: "the command or a value given to it is wrong",
    ExitCode.NOT_FOUND: "what was named does not exist",
    ExitCode.CONFLICT: "something else is in the way: another process, another state",
    ExitCode.STORAGE: "the data folder cannot be used",
    ExitCode.INTERRUPTED: "interrupted from the keyboard",
}

# The first class that fits decides.
_BY_CLASS: tuple[tuple[type[TowpathError], ExitCode], ...] = (
    (NotFoundError, ExitCode.NOT_FOUND),
    (ConflictError, ExitCode.CONFLICT),
    (StorageError, ExitCode.STORAGE),
    (WorkflowError, ExitCode.FAILED),
    (FormatError, ExitCode.FAILED),
    (InputError, ExitCode.USAGE),
    (TowpathError, ExitCode.FAILED),
)


def exit_code_of(error: TowpathError) -> ExitCode:
    """The exit code of a command that ends with this error."""
    return next(code for kind, code in _BY_CLASS if isinstance(error, kind))
