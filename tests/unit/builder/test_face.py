"""The public face: its names are frozen, and importing it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import towpath

NAMES = [
    "FormatError",
    "NodeError",
    "Problem",
    "Result",
    "TowpathError",
    "VirtualClock",
    "Workflow",
    "WorkflowDefinition",
    "WorkflowError",
    "check",
    "load",
    "run",
]


def test_the_exported_names_are_these() -> None:
    assert towpath.__all__ == NAMES
    assert set(NAMES) <= set(dir(towpath))


@pytest.mark.parametrize("name", NAMES)
def test_every_exported_name_is_there_and_documented(name: str) -> None:
    assert getattr(towpath, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Workflw'"):
        _ = towpath.Workflw


def test_importing_the_package_loads_none_of_its_parts() -> None:
    program = "import sys, towpath; print([name for name in sys.modules if name.startswith('towpath.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
