"""Makes src/towpath/builder/steps/: one typed method for every built-in node type, from its parameters' JSON Schema.

Run it after a node type was added or changed: python -m scripts.make_builder
"""

from __future__ import annotations

import keyword
import subprocess
import sys
import textwrap
from itertools import groupby
from pathlib import Path
from typing import Any

from towpath.engine.node import NodeType
from towpath.nodes import BUILT_IN

FOLDER = Path(__file__).parent.parent / "src" / "towpath" / "builder" / "steps"
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEADER = '''"""{title} Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

'''


def main() -> None:
    """Write every file, and remove those of groups that are no more."""
    files = make_files()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.py"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(files)} files in {FOLDER.name}/\n")


def make_files() -> dict[str, str]:
    """The text of each file by name."""
    by_group = groupby(sorted(BUILT_IN, key=lambda t: t.name), key=lambda t: t.name.partition(".")[0])
    groups = {group: list(members) for group, members in by_group}
    files = {f"{group}.py": _formatted(_group_module(group, members)) for group, members in groups.items()}
    return {"__init__.py": _formatted(_package(list(groups))), **files}


def _package(groups: list[str]) -> str:
    imports = "".join(f"from towpath.builder.steps.{group} import {_class(group)}\n" for group in groups)
    lines = [
        f"    @cached_property\n    def {group}(self) -> {_class(group)}:\n"
        f'        """Node types {group}.*"""\n        return {_class(group)}(self._drawing)\n'
        for group in groups
    ]
    head = 'class Steps:\n    """The groups; ``wf.crm.update(...)`` draws a node of the type ``crm.update``."""\n\n'
    return (
        HEADER.format(title="All groups of steps.")
        + "from functools import cached_property\n\nfrom towpath.builder.drawing import Drawing\n"
        + f"{imports}\n\n{head}    _drawing: Drawing\n\n"
        + "\n".join(lines)
    )


def _group_module(group: str, members: list[NodeType[Any]]) -> str:
    body = "\n".join(_method(node_type) for node_type in members)
    names = [name for name in ("Mapping", "Sequence") if f"{name}[" in body]
    imports = f"from collections.abc import {', '.join(names)}\n" if names else ""
    typing = [name for name in ("Any", "Literal") if name in body]
    imports += f"from typing import {', '.join(typing)}\n\n" if typing else "\n"
    imports += "from towpath.builder.group import Group\nfrom towpath.builder.step import Step\n\n\n"
    title = f"The steps {group}.*, typed."
    head = f'class {_class(group)}(Group):\n    """{title}"""\n\n    __slots__ = ()\n\n'
    return HEADER.format(title=title) + imports + head + body


def _method(node_type: NodeType[Any]) -> str:
    schema = node_type.params.model_json_schema()
    required = set(schema.get("required", ()))
    fields = {name: (part, name in required) for name, part in schema.get("properties", {}).items()}
    ordered = sorted(fields.items(), key=lambda entry: not entry[1][1])
    arguments = [_argument(name, part, needed, schema) for name, (part, needed) in ordered]
    lead = arguments[:1]  # the one that everybody gives may go without its name
    rest = [*arguments[len(lead) :], "name: str | None = None"]
    signature = ", ".join(["self", *lead, "*", *rest])
    params = ", ".join(f'"{name}": {_identifier(name)}' for name in fields)
    method = _identifier(node_type.name.partition(".")[2])
    call = f'return self._step("{node_type.name}", name, {{{params}}})'
    return f"    def {method}({signature}) -> Step:\n{_docstring(node_type, fields)}\n        {call}\n"


def _docstring(node_type: NodeType[Any], fields: dict[str, tuple[dict[str, Any], bool]]) -> str:
    lines = textwrap.wrap(f"{node_type.title}: {node_type.description}", 108)
    lines += [""] if fields else []
    for name, (part, _) in fields.items():
        lines += textwrap.wrap(f"{_identifier(name)}: {part.get('description', '')}", 108, subsequent_indent="    ")
    text = "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''")
    end = "\n" if len(lines) > 1 else ""
    return textwrap.indent(f'"""{text}{end}"""', " " * 8)


def _argument(name: str, part: dict[str, Any], needed: bool, schema: dict[str, Any]) -> str:
    kind = " | ".join(_ordered(_types(part, schema)))
    if needed:
        return f"{_identifier(name)}: {kind}"
    default = part.get("default")
    if default == []:
        return f"{_identifier(name)}: {kind} = ()"
    if isinstance(default, list | dict):
        default = None
    if default is None and "None" not in kind and kind != "Any":
        kind += " | None"
    return f"{_identifier(name)}: {kind} = {default!r}"


def _types(part: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """The Python types of a JSON Schema, as a program writes values for it."""
    found = _plain_types(part, schema)
    if part.get("x-expression") and "Any" not in found:
        found.append("str")
    return found


def _plain_types(part: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    if "$ref" in part:
        return _types(schema["$defs"][part["$ref"].rpartition("/")[2]], schema)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in part:
            return [kind for choice in part[key] for kind in _types(choice, schema)]
    if "const" in part:
        return [f"Literal[{part['const']!r}]"]
    if "enum" in part:
        return [f"Literal[{', '.join(map(repr, part['enum']))}]"]
    kind = part.get("type")
    if kind == "array":
        inner = " | ".join(_ordered(_types(part.get("items", {}), schema)))
        return [f"Sequence[{inner}]"]
    if kind == "object":
        return ["Mapping[str, Any]"]
    return [SCALARS[kind]] if isinstance(kind, str) and kind in SCALARS else ["Any"]


def _ordered(kinds: list[str]) -> list[str]:
    unique = list(dict.fromkeys(kinds))
    if "Any" in unique:
        return ["Any"]
    return [kind for kind in unique if kind != "None"] + (["None"] if "None" in unique else [])


def _identifier(name: str) -> str:
    if name in ("name", "self"):
        raise SystemExit(f"a parameter may not be called {name!r}: the builder needs the word")
    return f"{name}_" if keyword.iskeyword(name) else name


def _class(group: str) -> str:
    return f"{group.title()}Steps"


def _formatted(text: str) -> str:
    program = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(FOLDER / "made.py"), "-"]
    return subprocess.run(program, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
