"""YAML text to plain values: the part of YAML that is JSON in a friendlier dress, and nothing beyond it.

Values are built from the parser's events, so that anchors, aliases, tags, depth and duplicate keys are refused
where they stand, before anything is unfolded.
"""

from __future__ import annotations

from typing import Any

import yaml

from towpath.errors import FormatError, Where
from towpath.formats.native.limits import MAX_DEPTH, duplicate_key, too_deep
from towpath.formats.native.scalars import read_scalar

_loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MISSING = object()


def parse_yaml(text: str, file: str | None = None) -> Any:
    """The value of the only document in the text. Raises FormatError."""
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_loader):
            builder.take(event)
    except yaml.YAMLError as error:
        raise _syntax(error, file) from None
    return builder.value


class _Builder:
    """Builds one value from a stream of events, with a stack of the collections that are still open."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.value: Any = None
        self.documents = 0
        self.open: list[dict[str, Any] | list[Any]] = []
        self.keys: list[Any] = []  # of each open collection: the key that waits for its value

    def take(self, event: yaml.Event) -> None:
        """Go on by one event."""
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self.refuse(event, "there is more than one document", "Keep one workflow in one file.")
        elif isinstance(event, yaml.AliasEvent):
            raise self.refuse(event, f"the alias *{event.anchor} is not allowed", "Write the value out.")
        elif isinstance(event, yaml.NodeEvent):
            self.take_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
            self.keys.pop()

    def take_node(self, event: Any) -> None:
        """A scalar, or the start of a list or map."""
        if event.anchor is not None:
            raise self.refuse(event, f"the anchor &{event.anchor} is not allowed", "Write the value out.")
        if event.tag is not None and event.tag != "!":
            raise self.refuse(
                event, f"the tag {event.tag} is not allowed", "Write plain text, numbers, lists and maps."
            )
        if isinstance(event, yaml.ScalarEvent):
            self.take_scalar(event)
            return
        made: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.add(event, made)
        self.open.append(made)
        self.keys.append(_MISSING)
        if len(self.open) > MAX_DEPTH:
            raise too_deep(self.where(event))

    def take_scalar(self, event: yaml.ScalarEvent) -> None:
        """A key, which is always text, or a value."""
        if self.open and isinstance(self.open[-1], dict) and self.keys[-1] is _MISSING:
            if event.value in self.open[-1]:
                raise duplicate_key(event.value, self.where(event))
            self.keys[-1] = event.value
            return
        try:
            self.add(event, read_scalar(event.value) if event.implicit[0] else event.value)
        except ValueError as error:
            raise self.refuse(event, str(error), "Write a finite number, or quote the text.") from None

    def add(self, event: yaml.Event, value: Any) -> None:
        """Put a value where the stream stands."""
        if not self.open:
            self.value = value
            return
        inside = self.open[-1]
        if isinstance(inside, list):
            inside.append(value)
        elif self.keys[-1] is _MISSING:
            raise self.refuse(event, "a key must be text", "Write 'key: value'; quote a key that starts with { or [.")
        else:
            inside[self.keys[-1]] = value
            self.keys[-1] = _MISSING

    def where(self, event: yaml.Event) -> Where:
        """The place of an event."""
        mark = event.start_mark
        return Where(file=self.file, line=mark.line + 1, column=mark.column + 1) if mark else Where(file=self.file)

    def refuse(self, event: yaml.Event, message: str, hint: str) -> FormatError:
        """The error for YAML that goes beyond JSON."""
        return FormatError(message, code="format.yaml", hint=hint, where=self.where(event))


def _syntax(error: yaml.YAMLError, file: str | None) -> FormatError:
    mark = getattr(error, "problem_mark", None)
    where = Where(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Where(file=file)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    hint = "Indent with spaces, and quote texts that hold ': ', '#', '{{' or start with a sign."
    return FormatError(f"this is not YAML: {said}", code="format.yaml", hint=hint, where=where)
