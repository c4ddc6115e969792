"""XML to JSON and back, by the rules of xml2js, which n8n has: attributes beside children, lists only where needed.

Documents with a DOCTYPE are refused, so there are no entities to expand and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from towpath.errors import FormatError, Where

MAX_CHARACTERS = 10_000_000
MAX_DEPTH = 200
_NAME = re.compile(r"[A-Za-z_:][\w.:-]*")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class XmlOptions:
    """How XML becomes JSON. ``attributes`` is None where attributes stand beside the children."""

    attributes: str | None = None
    text: str = "_"
    root: bool = True
    lists: bool = False
    ignore_attributes: bool = False
    lower_case: bool = False
    trim: bool = False
    collapse: bool = False


@dataclass(slots=True)
class _Element:
    name: str
    value: dict[str, Any]
    texts: list[str]


class _Reader:
    def __init__(self, options: XmlOptions) -> None:
        self.options = options
        self.open: list[_Element] = []
        self.root: tuple[str, Any] | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise _bad("the XML has a DOCTYPE", self.parser.CurrentLineNumber, "Remove it: entities are not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        options = self.options
        if len(self.open) >= MAX_DEPTH:
            raise _bad(f"elements are nested deeper than {MAX_DEPTH} levels", self.parser.CurrentLineNumber)
        element = _Element(name.lower() if options.lower_case else name, {}, [])
        if attributes and not options.ignore_attributes:
            if options.attributes is None:
                for key, value in attributes.items():
                    element.value[key] = [value] if options.lists else value
            else:
                element.value[options.attributes] = dict(attributes)
        self.open.append(element)

    def _text(self, text: str) -> None:
        self.open[-1].texts.append(text)

    def _end(self, _: str) -> None:
        element = self.open.pop()
        value = self._value(element)
        if not self.open:
            self.root = (element.name, value)
            return
        into = self.open[-1].value
        if element.name in into:
            present = into[element.name]
            into[element.name] = [*present, value] if isinstance(present, list) else [present, value]
        else:
            into[element.name] = [value] if self.options.lists else value

    def _value(self, element: _Element) -> Any:
        text = "".join(element.texts)
        text = text if text.strip() else ""
        if self.options.collapse:
            text = re.sub(r"\s{2,}", " ", text).strip()
        text = text.strip() if self.options.trim else text
        if not element.value:
            return text
        return {self.options.text: text, **element.value} if text else element.value


def xml_to_json(text: str | bytes, options: XmlOptions | None = None) -> Any:
    """The document as JSON. Raises FormatError ``format.xml`` with the line."""
    options = options or XmlOptions()
    if len(text) > MAX_CHARACTERS:
        raise _bad(f"the XML is longer than {MAX_CHARACTERS:,} characters", 1)
    reader = _Reader(options)
    try:
        reader.parser.Parse(text.strip() if isinstance(text, str) else text, True)
    except expat.ExpatError as error:
        raise _bad(f"this is no XML: {expat.errors.messages[error.code]}", error.lineno) from None
    except (LookupError, ValueError) as error:  # an encoding that it does not know
        raise _bad(f"this is no XML: {error}", 1) from None
    if reader.root is None:
        raise _bad("this is no XML: there is no element", 1)
    name, value = reader.root
    return {name: value} if options.root else value


def json_to_xml(value: Any, *, root: str = "root", attributes: str = "$", text: str = "_", header: bool = True) -> str:
    """An object as a document; one with a single field is the root itself where no other name is given."""
    name, content = root, value
    if root == "root" and isinstance(value, dict) and len(value) == 1:
        ((name, content),) = value.items()
        if isinstance(content, list):
            name, content = root, value
    lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'] if header else []
    return "\n".join([*lines, *_lines(name, content, attributes, text, 0)])


def _lines(name: str, value: Any, attributes: str, text: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise _bad(f"objects are nested deeper than {MAX_DEPTH} levels", 1)
    if not _NAME.fullmatch(name):
        raise _bad(f"{name[:80]!r} cannot be the name of an element", 1, "Rename the field first.")
    pad = "  " * depth
    if isinstance(value, list):
        for part in value:
            yield from _lines(name, part, attributes, text, depth)
        return
    if not isinstance(value, dict):
        shown = _shown(value)
        yield f"{pad}<{name}>{shown}</{name}>" if shown else f"{pad}<{name}/>"
        return
    given = value.get(attributes)
    opening = "".join(_attribute(key, each) for key, each in given.items()) if isinstance(given, dict) else ""
    own = _shown(value.get(text)) if text in value else ""
    apart = {text, attributes} if isinstance(given, dict) else {text}
    parts = ((str(key), part) for key, part in value.items() if key not in apart)
    children = [line for key, part in parts for line in _lines(key, part, attributes, text, depth + 1)]
    if not children:
        yield f"{pad}<{name}{opening}>{own}</{name}>" if own else f"{pad}<{name}{opening}/>"
        return
    yield f"{pad}<{name}{opening}>{own}"
    yield from children
    yield f"{pad}</{name}>"


def _attribute(name: str, value: Any) -> str:
    if not _NAME.fullmatch(name):
        raise _bad(f"{name[:80]!r} cannot be the name of an attribute", 1, "Rename the field first.")
    return f" {name}={quoteattr(_plain(value))}"


def _shown(value: Any) -> str:
    return escape(_plain(value))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NOT_XML.sub("", str(value))


def _bad(message: str, line: int, hint: str | None = None) -> FormatError:
    return FormatError(message, code="format.xml", hint=hint, where=Where(line=line))
