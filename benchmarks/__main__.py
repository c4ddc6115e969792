"""``python -m benchmarks``: a table of all figures, or JSON with ``--json``; exit code 1 where a bar is missed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.big_job import big_job
from benchmarks.figures import Figure, machine
from benchmarks.record_runs import record_runs


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="JSON on stdout")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = [*record_runs(Path(folder, "runs")), *big_job(Path(folder, "job"))]
    if arguments.json:
        print(json.dumps({"machine": machine(), "figures": [figure.as_json() for figure in figures]}, indent=2))
    else:
        print("\n".join(_line(figure) for figure in figures))
    return 0 if all(figure.good is not False for figure in figures) else 1


def _line(figure: Figure) -> str:
    limit = "" if figure.limit is None else f"{figure.limit:>12,.0f} {figure.ratio:>6.0%}"
    verdict = "" if figure.good is None else (" reached: " if figure.good else " MISSED: ") + (figure.bar or "")
    return f"{figure.name:<44}{figure.value:>12,.0f} {figure.unit:<10}{limit:<20}{verdict} {figure.note}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
