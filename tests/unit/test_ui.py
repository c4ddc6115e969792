"""The rules that hold ui/ together: both languages, small files, exact versions, free licences."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import hatch_build
from tests.unit.test_licences import accepted

UI = hatch_build.ROOT / "ui"
SOURCES = sorted(path for path in (UI / "src").rglob("*.ts*") if "generated" not in path.parts)
LANGUAGES = ("en", "zh-CN")
TEXTS = sorted(path.name for path in (UI / "src" / "i18n" / "en").glob("*.json"))
# Licences of fonts and data, beside those that Python packages may have: free to use and ship.
ALSO_ACCEPTED = {"python-2.0", "ofl-1.1", "blueoak-1.0.0", "cc-by-4.0"}


def texts(language: str, name: str) -> dict[str, str]:
    """The texts of a file by their whole key."""
    found: dict[str, str] = {}

    def walk(value: Any, key: str) -> None:
        if isinstance(value, dict):
            for part, inner in value.items():
                walk(inner, f"{key}.{part}")
        else:
            found[key] = value

    walk(json.loads((UI / "src" / "i18n" / language / name).read_text(encoding="utf-8")), name.removesuffix(".json"))
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages_with_the_same_places_for_values(name: str) -> None:
    english, chinese = (texts(language, name) for language in LANGUAGES)
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert text.strip(), key
        assert chinese[key].strip(), key
        assert places(text) == places(chinese[key]), key


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\{(\w+)\}\}", text))


def test_every_text_that_a_page_asks_for_is_there() -> None:
    known = {key for name in TEXTS for key in texts("en", name)}
    known |= {re.sub(r"_(one|other)$", "", key) for key in known}
    asked = {
        (path.relative_to(UI).as_posix(), key)
        for path in SOURCES
        for key in re.findall(r"\bt\(\s*\"([a-zA-Z]+\.[\w.]+)\"", path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 150
    assert sorted(each for each in asked if each[1] not in known) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(UI).as_posix())
def test_no_file_is_longer_than_250_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def test_parts_of_the_application_do_not_reach_into_each_other() -> None:
    """Pages and the canvas share components, api and lib; none imports another page."""
    below = ("components", "api", "lib", "i18n", "theme")
    for path in SOURCES:
        part = path.relative_to(UI / "src").parts[0]
        targets = re.findall(r'from "@/(pages|canvas)/', path.read_text(encoding="utf-8"))
        assert not targets or part not in below, path
        assert part != "pages" or "pages" not in targets, path


def test_versions_are_exact_and_the_lock_has_every_platform() -> None:
    """A registry that lags writes a lock without some platforms' binaries, and `npm ci` fails there."""
    package = json.loads((UI / "package.json").read_text(encoding="utf-8"))
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} {version}"
    locked = lock()
    names = {path.rpartition("node_modules/")[2] for path in locked}
    missing = {
        optional
        for entry in locked.values()
        for optional in entry.get("optionalDependencies", {})
        if optional not in names
    }
    assert not missing
    assert not [path for path, entry in locked.items() if "resolved" in entry], "ui/.npmrc keeps hosts out of the lock"


def test_what_ships_in_the_pages_may_be_used_freely() -> None:
    refused = {
        path: entry.get("license")
        for path, entry in lock().items()
        if path and not entry.get("dev") and not free(entry.get("license", ""))
    }
    assert not refused


def free(licence: str) -> bool:
    return accepted(licence.strip("()")) or licence.lower() in ALSO_ACCEPTED


def lock() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((UI / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return found


def test_the_first_page_is_smaller_than_400_kilobytes() -> None:
    """What index.html asks for, compressed, with the largest page, the language and the fonts of the reader."""
    static = hatch_build.static()
    if not (static / "index.html").is_file():
        pytest.skip("the pages are not built")
    index = (static / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:src|href)="/app/(assets/[^"]+)"', index))
    scripts = sorted(((static / "assets").glob("*.js.gz")), key=lambda path: path.stat().st_size)
    first = {static / f"{name}.gz" for name in named} | set(scripts[-6:])
    fonts = sum(path.stat().st_size for path in (static / "assets").glob("inter-latin-wght*.woff2"))
    assert sum(path.stat().st_size for path in first) + fonts < 400_000
