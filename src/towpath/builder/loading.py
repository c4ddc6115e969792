"""``towpath.load``, ``towpath.check`` and ``towpath.run``: for files, texts, dicts and workflows alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from towpath.builder.checking import check_reading
from towpath.builder.running import StoreLike
from towpath.builder.workflow import Workflow
from towpath.errors import FormatError, InputError, Where
from towpath.formats import read_workflow, survey_workflow
from towpath.formats.native.decode import Syntax
from towpath.formats.native.document import Reading
from towpath.formats.native.limits import MAX_BYTES
from towpath.model.problem import Problem
from towpath.model.result import Result
from towpath.model.workflow import WorkflowDefinition
from towpath.ports.time import Clock

Source: TypeAlias = Workflow | WorkflowDefinition | Path | str | bytes | Mapping[str, Any]
_SYNTAX: dict[str, Syntax] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}


def load(source: Source) -> Workflow:
    """The workflow in a file (a path), a text, bytes or a dict.

    A text of one line that does not begin with ``{`` is a path. Raises FormatError with line and column where it cannot
    be read, WorkflowError with every problem where its shape is wrong.
    """
    if isinstance(source, Workflow):
        return source
    if isinstance(source, WorkflowDefinition):
        return Workflow.from_definition(source)
    content, syntax, file = _content(source)
    return Workflow.from_definition(read_workflow(content, syntax=syntax, file=file))


def check(source: Source) -> list[Problem]:
    """Every problem of a workflow at once, errors first; an empty list means that it can run.

    Raises FormatError only where the text itself cannot be read.
    """
    if isinstance(source, Workflow):
        return source.check()
    if isinstance(source, WorkflowDefinition):
        return check_reading(Reading(source))
    content, syntax, file = _content(source)
    return check_reading(survey_workflow(content, syntax=syntax, file=file))


def run(
    workflow: Source,
    items: Sequence[Mapping[str, Any]] | None = None,
    *,
    trigger: str | None = None,
    store: StoreLike = None,
    mocks: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
) -> Result:
    """Run a workflow once: ``load(workflow).run(...)``."""
    return load(workflow).run(items, trigger=trigger, store=store, mocks=mocks, clock=clock)


def _content(
    source: Path | str | bytes | Mapping[str, Any],
) -> tuple[bytes | str | Mapping[str, Any], Syntax | None, str | None]:
    if isinstance(source, str) and "\n" not in source and not source.lstrip().startswith("{"):
        source = Path(source)
    if isinstance(source, str | bytes | Mapping):
        return source, None, None
    if not isinstance(source, Path):
        raise InputError(
            f"{source!r} is no workflow",
            code="builder.source",
            hint="Give a path, the text of a file, a dict or a Workflow.",
        )
    try:
        with source.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
        message = f"the file cannot be read: {getattr(error, 'strerror', None) or error}"
        hint = "Give the path of a .yaml or .json file."
        raise FormatError(message, code="format.file", hint=hint, where=Where(file=str(source))) from None
    return content, _SYNTAX.get(source.suffix.lower()), str(source)
