"""Bytes or text of a definition file to one plain JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from towpath.errors import FormatError, TowpathError, Where
from towpath.formats.native.json_text import parse_json
from towpath.formats.native.limits import MAX_BYTES, too_large
from towpath.formats.native.plain import plain
from towpath.formats.native.yaml_text import parse_yaml

Syntax: TypeAlias = Literal["json", "yaml"]
Source: TypeAlias = bytes | str | Mapping[str, Any]


def decode(source: Source, *, syntax: Syntax | None = None, file: str | None = None) -> dict[str, Any]:
    """The object that the source holds. Raises FormatError with line and column.

    Without ``syntax`` a text that begins with ``{`` or ``[`` is JSON, anything else YAML.
    ``file`` is only named in errors.
    """
    value = read_value(source, syntax, file)
    if not isinstance(value, dict):
        raise FormatError(
            "the file holds no workflow: its outermost value is not an object",
            code="format.not_an_object",
            hint="Begin with 'name:' and 'nodes:'.",
            where=Where(file=file),
        )
    return value


def read_value(source: Source, syntax: Syntax | None = None, file: str | None = None) -> Any:
    """The plain value that the source holds, whatever it is. Raises FormatError with line and column."""
    try:
        return plain(source if isinstance(source, Mapping) else _parse(_text(source, file), syntax, file))
    except TowpathError as error:
        raise error.located(file=file) if file else error from None


def _parse(text: str, syntax: Syntax | None, file: str | None) -> Any:
    if syntax is None:
        syntax = "json" if text.lstrip()[:1] in ("{", "[") else "yaml"
    return parse_json(text, file) if syntax == "json" else parse_yaml(text, file)


def _text(source: bytes | str, file: str | None) -> str:
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise too_large(size, file)
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"the file is not UTF-8 text (byte {error.start})",
            code="format.encoding",
            hint="Save it as UTF-8.",
            where=Where(file=file, line=source.count(b"\n", 0, error.start) + 1),
        ) from None
