"""``python -m benchmarks``: a table of all figures, or JSON with ``--json``; exit code 1 where a bar is missed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.catalogue import BENCHMARKS
from benchmarks.figures import Figure, machine
from benchmarks.results import SLOWER, last_release, regressions, save


def main() -> int:
    """Measure, print, judge."""
    arguments = _arguments()
    figures = []
    for name in arguments.only or BENCHMARKS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            found = BENCHMARKS[name](Path(folder), arguments.quick)
        figures += found
        if not arguments.json:
            print("\n".join(_line(figure) for figure in found), flush=True)
    if arguments.json:
        print(json.dumps({"machine": machine(), "figures": [figure.as_json() for figure in figures]}, indent=2))
    if arguments.save:
        print(f"written to {save(figures, partial=bool(arguments.only))}", file=sys.stderr)
        return 0
    return _judge(figures)


def _judge(figures: Sequence[Figure]) -> int:
    """Say on stderr which bars are missed and what became slower since the last release; the exit code."""
    missed = [figure for figure in figures if figure.good is False]
    for figure in missed:
        print(f"MISSED: {figure.name}: {figure.bar}, measured {figure.value:,.6g} {figure.unit}", file=sys.stderr)
    for text in regressions(figures, last_release()):
        print(f"SLOWER by more than {SLOWER:.0%} than at the last release: {text}", file=sys.stderr)
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(BENCHMARKS), metavar="NAME", help=_names())
    parser.add_argument("--quick", action="store_true", help="smaller sizes, without the bars of the large ones")
    parser.add_argument("--json", action="store_true", help="JSON on stdout")
    parser.add_argument("--save", action="store_true", help="keep the figures as those of this release")
    return parser.parse_args()


def _names() -> str:
    return "one of " + ", ".join(BENCHMARKS) + "; may stand several times; all when nothing is said"


def _line(figure: Figure) -> str:
    limit = "" if figure.limit is None else f"{_number(figure.limit):>12} {figure.ratio:>6.0%}"
    verdict = "" if figure.good is None else (" reached: " if figure.good else " MISSED: ") + (figure.bar or "")
    return f"{figure.name:<50}{_number(figure.value):>12} {figure.unit:<10}{limit:<20}{verdict} {figure.note}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"


if __name__ == "__main__":
    sys.exit(main())
