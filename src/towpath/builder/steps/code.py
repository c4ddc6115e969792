"""The steps code.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from typing import Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class CodeSteps(Group):
    """The steps code.*, typed."""

    __slots__ = ()

    def javascript(self, code: str, *, mode: Literal["all", "each"] = "all", name: str | None = None) -> Step:
        """JavaScript: Makes items with JavaScript in a sandbox. It reaches no network, no files and no modules.

        code: The body of a function; what it returns is what goes on. $json, $input, $('Node') are there.
        mode: Once for all items of a run, or once for each item.
        """
        return self._step("code.javascript", name, {"code": code, "mode": mode})

    def python(self, code: str, *, mode: Literal["all", "each"] = "all", name: str | None = None) -> Step:
        """Python: Makes items with Python in a sandbox. It reaches no network, no files and only a few modules.

        code: The body of a function; what it returns is what goes on. _items, _item and _json are there.
        mode: Once for all items of a run, or once for each item.
        """
        return self._step("code.python", name, {"code": code, "mode": mode})
