"""What stands in for a node type when a workflow is tried: a mock, or items that are pinned to the node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.engine.batch import Batch, Visit
from towpath.errors import TowpathError
from towpath.model.item import Item


def use_mock(batch: Batch[Any], mock: Any) -> None:
    """A mock is the JSON of the items that come out, one such list, an error, or a function of the item."""
    for position, item in enumerate(batch.items):
        try:
            made = mock(item.json) if callable(mock) else mock
        except TowpathError as error:
            made = error
        if isinstance(made, TowpathError):
            batch.fail(position, made)
            continue
        for json in made if isinstance(made, list) else [made]:
            batch.derive(position, dict(json))


def use_pinned(visits: list[Visit], pinned: Sequence[dict[str, Any]]) -> None:
    """The pinned items come out, each paired with the one in its place where there are as many."""
    for visit in visits:
        inputs = visit.token.inputs
        paired = len(inputs) == 1 and len(inputs[0]) == len(pinned)
        visit.outputs[0] = [Item(dict(json), place if paired else 0) for place, json in enumerate(pinned)]
