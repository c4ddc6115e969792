"""Writes docs/reference/nodes from the node types; ``--check`` only says whether the pages are up to date."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from towpath.engine.node import NodeType, Port
from towpath.engine.params import NodeParams
from towpath.nodes import BUILT_IN

FOLDER = Path(__file__).parents[1] / "docs" / "reference" / "nodes"
TOUCHES = {
    "pure": "nothing outside the run",
    "crm": "records, in the same transaction as the run",
    "external": "an outside system, through the outbox",
    "wait": "nothing; the run waits",
    "people": "people: the run waits for them",
}
Schema = dict[str, Any]


def pages() -> dict[str, str]:
    """All pages by file name."""
    found = {f"{file_name(node_type)}.md": page(node_type) for node_type in BUILT_IN}
    return {"README.md": index(), **found}


def file_name(node_type: NodeType[Any]) -> str:
    """The name that the node type's file, its contract cases and its page share."""
    return node_type.name.replace(".", "_")


def index() -> str:
    """The list of all node types."""
    lines = [
        "# Node types",
        "",
        "What the nodes of a workflow can do. Made from the node types by `scripts/make_node_docs.py`.",
        "",
    ]
    group = ""
    for node_type in BUILT_IN:
        first = node_type.name.split(".", maxsplit=1)[0]
        if first != group:
            group = first
            lines += ["", f"## {group}", "", "| type | title | what it does |", "|---|---|---|"]
        link = f"[`{node_type.name}`]({file_name(node_type)}.md)"
        lines.append(f"| {link} | {node_type.title} | {_cell(node_type.description)} |")
    return _text(lines)


def page(node_type: NodeType[Any]) -> str:
    """The page of one node type."""
    schema = node_type.params.model_json_schema()
    lines = [
        f"# {node_type.title}",
        "",
        f"`{node_type.name}`, version {node_type.version}",
        "",
        node_type.description,
        "",
    ]
    lines += _facts(node_type)
    lines += ["", "## Parameters", "", *_table(schema, schema)]
    for name, part in schema.get("$defs", {}).items():
        if "properties" in part:
            lines += ["", f"### {name}", "", _sentence(part.get("description", "")), "", *_table(part, schema)]
    for number, example in enumerate(node_type.examples, 1):
        lines += ["", "## Examples", ""] if number == 1 else [""]
        node = {"type": node_type.name, **({"params": example} if example else {})}
        lines += ["```yaml", yaml.safe_dump(node, sort_keys=False, allow_unicode=True, width=110).rstrip(), "```"]
    return _text(lines)


def _facts(node_type: NodeType[Any]) -> Iterator[str]:
    first = _first_params(node_type)
    inputs, outputs = node_type.input_ports(first), node_type.output_ports(first)
    yield "| | |"
    yield "|---|---|"
    yield f"| inputs | {_ports(inputs) or 'none: it starts runs'}{_varies(node_type.inputs)} |"
    yield f"| outputs | {_ports(outputs) or 'none: the run ends here'}{_varies(node_type.outputs)} |"
    yield f"| touches | {TOUCHES[node_type.touches]} |"
    if node_type.joins:
        yield "| joins | waits for all connected inputs that can still come |"
    if node_type.loops:
        yield "| loops | a cycle through it is bounded |"
    if node_type.retry is not None:
        yield f"| retry | {node_type.retry.attempts} attempts for passing failures, unless the node says otherwise |"


def _first_params(node_type: NodeType[Any]) -> NodeParams:
    """Parameters to show ports with: those of the first example."""
    params: NodeParams = node_type.params.model_validate(node_type.examples[0] if node_type.examples else {})
    return params


def _ports(ports: tuple[Port, ...]) -> str:
    return ", ".join(
        f"`{port.name}`" + (f" ({port.label})" if port.label not in ("", port.name) else "") for port in ports
    )


def _varies(ports: object) -> str:
    return " in the first example; they depend on the parameters" if callable(ports) else ""


def _table(schema: Schema, root: Schema) -> Iterator[str]:
    properties: dict[str, Schema] = schema.get("properties", {})
    if not properties:
        yield "It has no parameters."
        return
    required = schema.get("required", ())
    yield "| name | value | default | meaning |"
    yield "|---|---|---|---|"
    for name, part in properties.items():
        default = (
            "**required**" if name in required else f"`{_cell(json.dumps(part.get('default'), ensure_ascii=False))}`"
        )
        yield f"| `{name}` | {_cell(kind(part, root))} | {default} | {_cell(part.get('description', ''))} |"


def kind(part: Schema, root: Schema) -> str:
    """What a value may be, in words."""
    words = _kind(part, root)
    if "x-condition" in part or any("x-condition" in option for option in part.get("anyOf", ())):
        words = "a condition" + (" or nothing" if "nothing" in words else "")
    dynamic = "x-expression" in part or any("x-expression" in option for option in part.get("anyOf", ()))
    return f"{words}, or an expression" if dynamic else words


def _kind(part: Schema, root: Schema) -> str:
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        inner = root["$defs"][name]
        return name if "properties" in inner else _kind(inner, root)
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in part:
            return " or ".join(dict.fromkeys(_kind(option, root) for option in part[key]))
    return _plain(part, root)


def _plain(part: Schema, root: Schema) -> str:
    match part.get("type"):
        case "array":
            inner = part.get("items") or (part.get("prefixItems") or [{}])[0]
            return f"list of {_kind(inner, root)}"
        case "object":
            values = part.get("additionalProperties")
            return f"object of {_kind(values, root)}" if isinstance(values, dict) and values else "object"
        case "null":
            return "nothing"
        case "boolean":
            return "true or false"
        case "integer":
            return "whole number"
        case "string":
            return "text"
        case "number":
            return "number"
        case _:
            return "any value"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _sentence(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def stale() -> list[str]:
    """The names of pages that are missing, out of date, or of no node type."""
    wanted = pages()
    found = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def write() -> None:
    """Write all pages and remove those of node types that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")


def main() -> int:
    """Write, or with ``--check`` compare; 1 when pages are not up to date."""
    if "--check" not in sys.argv[1:]:
        write()
        return 0
    names = stale()
    if names:
        sys.stderr.write(f"run scripts/make_node_docs.py; not up to date: {', '.join(names)}\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
