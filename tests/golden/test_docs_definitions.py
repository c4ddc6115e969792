"""Every definition and workflow that the guides show can be put in force as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import towpath
from tests.acceptance.flows import World
from towpath.formats.native.decode import read_value
from towpath.service.definitions import apply_definition

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "how-to").glob("*.md"))
_BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


def documents(guide: Path) -> list[dict[str, Any]]:
    """The YAML of a guide, definitions before workflows, calendars first of all."""
    found = [read_value(text, "yaml") for text in _BLOCK.findall(guide.read_text(encoding="utf-8"))]
    return sorted(
        (d for d in found if isinstance(d, dict)),
        key=lambda d: (d.get("kind") != "calendar", d.get("kind", "~"), d.get("name", "")),
    )


@pytest.mark.parametrize("guide", [guide for guide in GUIDES if "kind: assignment" in guide.read_text("utf-8")],
                         ids=lambda guide: guide.stem)  # fmt: skip
def test_what_a_guide_shows_can_be_put_in_force(guide: Path) -> None:
    world = World()
    for name in ("ann", "bob"):
        world.create("User", name=name.title(), email=f"{name}@example.com")
    shown = documents(guide)
    assert shown
    for document in shown:
        if "kind" in document:
            apply_definition(world.platform, document)
        else:
            world.publish(towpath.load(document).definition)
