"""The lock files fit pyproject.toml, agree with each other, and name nobody's package index. No network is needed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import go

PROJECT: dict[str, Any] = tomllib.loads((go.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = {"runtime": "build", "node": "node", "dev": "dev"}  # lock file: the dependency group that it holds
ALONE = ("node",)  # the groups that are installed beside what is there, without the dependencies


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of a lock file; the same name may stand there twice, under different markers."""

    requirement: Requirement
    is_direct: bool  # asked for by pyproject.toml, not only by another package


def entries(lock: str) -> list[Locked]:
    """The entries of a lock file. Under each stand its hashes, and in comments who asks for it."""
    blocks = re.split(r"\n(?=\S)", go.lock_file(lock).read_text(encoding="utf-8"))
    return [Locked(Requirement(block.split("\\\n")[0]), "towpath (pyproject.toml" in block) for block in blocks]


def group(name: str) -> list[str]:
    """The requirements of a dependency group, with those of the groups that it includes."""
    found: list[str] = []
    for each in PROJECT["dependency-groups"][name]:
        found += [each] if isinstance(each, str) else group(each["include-group"])
    return found


def direct(lock: str) -> dict[str, Requirement]:
    """What pyproject.toml asks for, by name."""
    needed = [] if lock in ALONE else PROJECT["project"]["dependencies"]
    requirements = map(Requirement, [*needed, *group(GROUPS[lock])])
    return {canonicalize_name(each.name): each for each in requirements}


@pytest.mark.parametrize("lock", GROUPS)
def test_the_lock_holds_every_dependency_of_pyproject_in_its_range_and_no_former_one(lock: str) -> None:
    wanted = direct(lock)
    locked = [each.requirement for each in entries(lock) if each.is_direct]
    assert {each.name for each in locked} == set(wanted), "run `just relock`"
    for each in locked:
        (version,) = each.specifier
        assert wanted[each.name].specifier.contains(version.version), f"{each} is not {wanted[each.name]}: just relock"


def test_the_tools_are_locked_beside_the_very_versions_that_ship() -> None:
    shipped, tools = ({str(each.requirement) for each in entries(lock)} for lock in ("runtime", "dev"))
    assert shipped <= tools


@pytest.mark.parametrize("lock", GROUPS)
def test_the_lock_names_no_host(lock: str) -> None:
    assert "://" not in go.lock_file(lock).read_text(encoding="utf-8")


def test_what_builds_towpath_is_in_the_locks() -> None:
    assert PROJECT["dependency-groups"]["build"] == PROJECT["build-system"]["requires"]
