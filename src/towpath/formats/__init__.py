"""Foreign formats and our own to and from workflow definitions: bytes in, model and problems out."""

from __future__ import annotations

from towpath.formats.chapter import from_chapter
from towpath.formats.native.decode import Source, Syntax, decode
from towpath.formats.native.document import Reading, read_document, refusal
from towpath.model.workflow import WorkflowDefinition


def survey_workflow(source: Source, *, syntax: Syntax | None = None, file: str | None = None) -> Reading:
    """Read as much as possible: the definition as far as it can be read, and every problem of its shape.

    Raises FormatError where the text itself cannot be read.
    """
    return read_document(from_chapter(decode(source, syntax=syntax, file=file)))


def read_workflow(source: Source, *, syntax: Syntax | None = None, file: str | None = None) -> WorkflowDefinition:
    """The definition that a source holds: bytes or text (JSON or YAML), or a plain dict.

    Raises FormatError where the text cannot be read, WorkflowError with every problem where its shape is wrong.
    """
    reading = survey_workflow(source, syntax=syntax, file=file)
    if reading.definition is None or reading.problems:
        raise refusal(reading.problems, file)
    return reading.definition
