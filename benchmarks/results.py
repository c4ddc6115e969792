"""The figures of the last release, kept in ``benchmarks/results/``, and what has become slower since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, machine

FOLDER = Path(__file__).parent / "results"
SLOWER = 0.20  # a figure that is worse by more than this is reported
_LESS_IS_BETTER = frozenset({"MB", "B", "B/run", "ms", "s"})
Json = dict[str, Any]


def last_release() -> Mapping[str, Json]:
    """The kept figures by name; empty where none are kept."""
    files = sorted(FOLDER.glob("*.json"), key=lambda file: _order(file.stem))
    if not files:
        return {}
    return {figure["name"]: figure for figure in json.loads(files[-1].read_text("utf-8"))["figures"]}


def save(figures: Sequence[Figure], *, partial: bool) -> Path:
    """Keep the figures as those of the present version; a partial measurement leaves the other figures as they are."""
    file = FOLDER / f"{version('towpath')}.json"
    kept = dict(last_release()) if partial else {}
    kept.update({figure.name: figure.as_json() for figure in figures})
    FOLDER.mkdir(exist_ok=True)
    file.write_text(json.dumps({"machine": machine(), "figures": list(kept.values())}, indent=2) + "\n", "utf-8")
    return file


def regressions(figures: Sequence[Figure], before: Mapping[str, Json]) -> list[str]:
    """What is worse than it was: its share of the limit where it has one, since machines differ, else its value."""
    found = []
    for figure in figures:
        kept = before.get(figure.name)
        if kept is None:
            continue
        was, now = _measure(kept), _measure(figure.as_json())
        worse = now > was * (1 + SLOWER) if _less_is_better(kept) else now < was * (1 - SLOWER)
        if worse:
            found.append(f"{figure.name}: {_text(kept, was)} then, {_text(kept, now)} now")
    return found


def _measure(figure: Json) -> float:
    return float(figure["value"] if figure["ratio"] is None else figure["ratio"])


def _less_is_better(figure: Json) -> bool:
    return figure["unit"] in _LESS_IS_BETTER


def _text(figure: Json, measure: float) -> str:
    return f"{measure:,.4g} {figure['unit']}" if figure["ratio"] is None else f"{measure:.0%} of the limit"


def _order(release: str) -> list[int]:
    return [int(part) for part in release.split(".") if part.isdigit()]
