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
    inputs = {id(batch.runs[first]): [batch.items[position] for position in positions] for first, positions in groups}
    scopes = [batch.scopes[position] for position in asked]
    given = [inputs[id(batch.runs[position])] for position in asked]
    context, sight = code_sight(
        source, scopes, [[item.json for item in items] for items in given], list(map(_files, given))
    )
    for position, outcome in zip(asked, sandbox.run_code(context, language, source, sight), strict=True):
        _take(batch, position, outcome, each=each)


def _files(items: Sequence[Item]) -> list[Any] | None:
    """The references of each item's files, where there are any."""
    carried = [item.binary for item in items]
    return [dict(binary) if binary else None for binary in carried] if any(carried) else None


def _take(batch: Batch[Any], position: int, outcome: CodeOutcome, *, each: bool) -> None:
    run = batch.runs[position]
    for line in outcome.lines:
        batch.context.notices.append(Notice(batch.now, "log", line, None, run.id, batch.node.id, {"level": "info"}))
    if outcome.error is not None:
        batch.fail(position, outcome.error)
        return
    inputs = batch.owners[position].token.inputs[0]
    try:
        made = [_one(outcome.value)] if each and outcome.value is not None else _many(outcome.value)
        files = [_known_files(said, inputs) for _, _, said in made]
    except NodeError as error:
        batch.fail(position, error)
        return
    for place, (json, pair, _) in enumerate(made):
        guessed = batch.index(position) if each else guessed_pair(place, len(made), len(inputs))
        batch.emit(position, Item(json, guessed if each or pair is None else pair, files[place]))


def _known_files(said: Any, inputs: Sequence[Item]) -> dict[str, Any] | None:
    """The files that a new item is to carry: only those that came in can go on, since code cannot make any."""
    if not isinstance(said, dict) or not said:
        return None
    came = {file["id"]: file for item in inputs for file in (item.binary or {}).values()}
    found = {name: came.get(file.get("id")) if isinstance(file, dict) else None for name, file in said.items()}
    if None in found.values():
        raise NodeError(
            "the code returned a file that did not come in with an item",
            code="code.file",
            hint="Return the text in a field, and make a file of it with file.convert after this node.",
        )
    return found


Made = tuple[Json, int | None, Any]  # an item's JSON, the place of the item it comes from, the files it is to carry


def _many(value: Any) -> list[Made]:
    """A list of items or objects, one of them, or nothing."""
    if value is None:
        return []
    return [_one(part) for part in (value if isinstance(value, list) else [value])]


def _one(value: Any) -> Made:
    """An item with its JSON under ``json``, or the object itself."""
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
        return value["json"], place if type(place) is int and place >= 0 else None, value.get("binary")
    return value, None, None
