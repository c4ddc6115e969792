"""Runs one measurement in a process of its own, so that its memory and its start are its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import Any


def alone(module: str, *arguments: object) -> dict[str, Any]:
    """What ``python -m module arguments`` says in its last line, which is JSON."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def peak_memory() -> float:
    """The most memory that this process has held at any time, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * (1024 if sys.platform == "darwin" else 1))


def say(**values: Any) -> None:
    """Answer whoever called this process with ``alone``."""
    print(json.dumps(values), flush=True)
