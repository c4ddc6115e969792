"""Base of the generated groups of steps: ``wf.crm``, ``wf.data``, ..."""

from __future__ import annotations

from typing import Any

from towpath.builder.drawing import Drawing
from towpath.builder.step import Step


class Group:
    """Node types with one first word."""

    __slots__ = ("_drawing",)

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def _step(self, kind: str, name: str | None, params: dict[str, Any]) -> Step:
        return Step(self._drawing, self._drawing.add(kind, params, name))
