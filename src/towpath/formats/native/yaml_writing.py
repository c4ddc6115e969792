"""A definition as YAML that people like to read: only what is not the default, in one order, edges one to a line."""

from __future__ import annotations

import re
from typing import Any

import yaml

from towpath.formats.native.scalars import BOOLEAN, FLOAT, INTEGER, NOT_A_JSON_NUMBER, NULL
from towpath.model.duration import format_duration, parse_duration
from towpath.model.workflow import WorkflowDefinition

_WIDTH = 110
_TOP = ("format", "id", "name", "description", "settings", "lanes", "nodes", "edges")


class _Inline(dict[str, Any]):
    """An object that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Quotes whatever our reader, or an older one, would take for something else than text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - as above
        return super().increase_indent(flow, False)


def to_yaml(definition: WorkflowDefinition) -> str:
    """The definition as YAML text; reading it back gives an equal definition."""
    document = definition.as_json()
    ordered = {key: document[key] for key in _TOP if key in document}
    for node in ordered.get("nodes", {}).values():
        _friendly_node(node)
    if "settings" in ordered:
        _friendly_settings(ordered["settings"])
    if "edges" in ordered:
        ordered["edges"] = {edge_id: _Inline(edge) for edge_id, edge in ordered["edges"].items()}
    return yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _friendly_node(node: dict[str, Any]) -> None:
    _durations(node, "time_limit")
    if "position" in node:
        node["position"] = _Inline({axis: _short(value) for axis, value in node["position"].items()})
    if "retry" in node:
        _durations(node["retry"], "delay", "max_delay")
        node["retry"] = _Inline(node["retry"])


def _friendly_settings(settings: dict[str, Any]) -> None:
    _durations(settings, "time_limit")
    if "limits" in settings:
        _durations(settings["limits"], "wall_time")


def _durations(values: dict[str, Any], *names: str) -> None:
    for name in names:
        seconds = values.get(name)
        if isinstance(seconds, int | float):
            text = format_duration(seconds)
            values[name] = text if parse_duration(text) == seconds else seconds


def _short(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    lines = text.split("\n")
    style = None
    if not all(line.isprintable() for line in lines):
        style = '"'  # with escapes, because line breaks of other kinds would be folded
    elif len(lines) > 1:
        style = "|" if all(line == line.rstrip() for line in lines) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_inline(dumper: yaml.SafeDumper, value: _Inline) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(_Inline, _represent_inline)
for _pattern in (NULL, BOOLEAN, INTEGER, FLOAT, NOT_A_JSON_NUMBER):
    _Dumper.add_implicit_resolver("!not-text", re.compile(rf"(?:{_pattern.pattern})\Z"), None)
