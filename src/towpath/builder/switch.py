"""A switch: each case that is drawn is also added to the node's list of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from towpath.builder.step import Part, Step


class Switch(Step):
    """A node with a way out for each case."""

    def case(
        self,
        port: str,
        *steps: Part,
        equals: Any = None,
        when: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> Self:
        """What follows in one case: the value equals the label (or ``equals``), or the item meets ``when``."""
        params = self._drawing.nodes[self.id]["params"]
        if port not in self._drawing.outputs(self.id):
            test = (
                {"when": when}
                if when is not None or "value" not in params
                else {"equals": port if equals is None else equals}
            )
            params["cases"] = [*params["cases"], {"label": port, **test}]
        return super().case(port, *steps)
