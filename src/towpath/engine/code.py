"""Runs authors' code for a batch, in one crossing to the sandbox, and turns what it returns into items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from towpath.engine.batch import Batch
from towpath.engine.events import Notice
from towpath.errors import NodeError
from towpath.expr.foreign import code_sight
from towpath.model.item import Item, guessed_pair
from towpath.ports.sandbox import CodeOutcome, Language

Json = dict[str, Any]


def run_code(batch: Batch[Any], language: Language, source: str, *, each: bool) -> None:
    """Once for every item, or for every run that has items; what the code prints is written beside the run."""
    sandbox = batch.context.sandbox
    if sandbox is None:
        raise NodeError("There is no sandbox here to run code in.", code="sandbox.missing")
    groups = [(positions[0], positions) for _, positions in batch.by_visit() if positions]
    asked = batch.live() if each else [first for first, _ in groups]
    if not asked:
        return
    inputs = {id(batch.owners[first].run): _jsons(batch, positions) for first, positions in groups}
    scopes = [batch.scopes[position] for position in asked]
    context, sight = code_sight(source, scopes, [inputs[id(batch.owners[position].run)] for position in asked])
    for position, outcome in zip(asked, sandbox.run_code(context, language, source, sight), strict=True):
        _take(batch, position, outcome, each=each)


def _jsons(batch: Batch[Any], positions: Sequence[int]) -> list[Any]:
    return [batch.items[position].json for position in positions]


def _take(batch: Batch[Any], position: int, outcome: CodeOutcome, *, each: bool) -> None:
    run = batch.owners[position].run
    for line in outcome.lines:
        batch.context.notices.append(Notice(batch.now, "log", line, None, run.id, batch.node.id, {"level": "info"}))
    if outcome.error is not None:
        batch.fail(position, outcome.error)
        return
    try:
        made = [_one(outcome.value)] if each and outcome.value is not None else _many(outcome.value)
    except NodeError as error:
        batch.fail(position, error)
        return
    inputs = len(batch.owners[position].token.inputs[0])
    for place, (json, pair) in enumerate(made):
        guessed = batch.index(position) if each else guessed_pair(place, len(made), inputs)
        batch.emit(position, Item(json, guessed if each or pair is None else pair))


def _many(value: Any) -> list[tuple[Json, int | None]]:
    """A list of items or objects, one of them, or nothing."""
    if value is None:
        return []
    return [_one(part) for part in (value if isinstance(value, list) else [value])]


def _one(value: Any) -> tuple[Json, int | None]:
    """An item with its JSON under ``json``, or the object itself; with the place of the item it comes from."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise NodeError(
            f"the code returned {str(value)[:80]!r}, which is no item",
            code="code.result",
            hint="Return an object, or a list of objects such as [{ json: { name: 'Ann' } }].",
        )
    if isinstance(value.get("json"), dict) and set(value) <= {"json", "binary", "pairedItem", "error"}:
        paired = value.get("pairedItem")
        place = paired.get("item") if isinstance(paired, dict) else paired
        return value["json"], place if type(place) is int and place >= 0 else None
    return value, None
