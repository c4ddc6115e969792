"""What all tests share: the real data files, when they are here, and how hard hypothesis tries."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# No law here is about speed, so a slow machine is never an error. CI draws the same examples each time: what turns
# it red is the change under test; nightly runs draw many new ones.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None, print_blob=True)
settings.register_profile("nightly", settings.get_profile("default"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "default"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data: $TOWPATH_SHARED_DATA, or shared/data beside the checkout. Skips when absent."""
    folder = Path(os.environ.get("TOWPATH_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the real data files are not here; TOWPATH_SHARED_DATA names their folder")
    return folder


@pytest.fixture(scope="session")
def data_file(shared_data: Path) -> Callable[[str], Path]:
    """Gives the path of one real data file, as in ``data_file("leads.csv")``; skips when that file is absent."""

    def find(name: str) -> Path:
        path = shared_data / name
        if not path.is_file():
            pytest.skip(f"{name} is not in the folder of real data")
        return path

    return find
