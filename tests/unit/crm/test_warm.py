"""Records kept between transactions: what is taken from there is what the store would have given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from towpath.app import open_platform
from towpath.errors import TowpathError
from towpath.model.change import Cause
from towpath.service.platform import Platform
from towpath.service.snapshot import in_snapshot
from towpath.service.unit import Unit, in_unit

ME = Cause("me")
FULL: dict[str, dict[str, Any]] = {
    "Lead": {
        "lastName": "Lovelace", "score": 5, "email": " Ada@Example.com ", "annualRevenue": 10, "totalVisits": 3.0,
        "tags": ["a", "b"], "doNotEmail": True, "lastActivityAt": "2026-03-01T10:00+01:00", "phone": "+1 555 0100",
    },
    "Contact": {"lastName": "Byron", "birthDate": "1815-12-10", "consentAt": "2026-03-01", "description": ""},
    "Case": {"subject": "No light", "breached": False, "satisfaction": 4, "reopened": 2},
    "Task": {"subject": "Call", "form": {"type": "object", "n": 1, "deep": [1.5, None, "x"]}, "dueAt": "2026-03-01"},
}  # fmt: skip


@pytest.fixture
def platform(tmp_path: Path) -> Any:
    opened = open_platform(tmp_path)
    yield opened
    opened.close()


def create(platform: Platform, name: str, values: dict[str, Any]) -> str:
    (made,) = in_unit(platform, lambda unit: unit.records.create(name, [values], ME))
    assert not isinstance(made, TowpathError)
    return str(made["id"])


def update(platform: Platform, name: str, key: str, values: dict[str, Any]) -> None:
    in_unit(platform, lambda unit: unit.records.update(name, [key], [values], ME))


def warm(platform: Platform, name: str, key: str) -> dict[str, Any] | None:
    """The record as the next writing transaction of this process sees it."""
    return in_unit(platform, lambda unit: unit.records.get(name, [key])).get(key)


def stored(platform: Platform, name: str, key: str) -> dict[str, Any] | None:
    """The record as it is read from the store."""
    return in_snapshot(platform, lambda state: state.records.get(name, [key])).get(key)


def is_kept(platform: Platform, name: str, key: str) -> bool:
    return bool(list(platform.warm.take(name, [key])))


@pytest.mark.parametrize("name", sorted(FULL))
def test_a_record_that_was_just_written_is_to_the_last_type_what_the_store_has(platform: Platform, name: str) -> None:
    key = create(platform, name, FULL[name])
    assert is_kept(platform, name, key)
    assert repr(warm(platform, name, key)) == repr(stored(platform, name, key))
    update(platform, name, key, {field: None for field in FULL[name] if field not in ("subject", "lastName")})
    assert repr(warm(platform, name, key)) == repr(stored(platform, name, key))


def test_what_another_process_has_written_since_is_seen(platform: Platform, tmp_path: Path) -> None:
    key = create(platform, "Lead", {"lastName": "Lovelace", "status": "New"})
    other = open_platform(tmp_path)  # a connection of its own, as another process has
    update(other, "Lead", key, {"status": "Open"})
    other.close()
    seen = warm(platform, "Lead", key)
    assert seen is not None
    assert seen["status"] == "Open"


def test_what_a_unit_that_failed_had_written_is_not_seen(platform: Platform) -> None:
    key = create(platform, "Lead", {"lastName": "Lovelace", "status": "New"})

    def fails(unit: Unit) -> None:
        unit.records.update("Lead", [key], [{"status": "Open"}], ME)
        unit.finish()
        assert is_kept(platform, "Lead", key)
        raise RuntimeError("after the records, before the commit")

    with pytest.raises(RuntimeError):
        in_unit(platform, fails)
    seen = warm(platform, "Lead", key)
    assert seen is not None
    assert seen["status"] == "New"


def test_a_deleted_record_is_gone_and_an_undeleted_one_is_back(platform: Platform) -> None:
    key = create(platform, "Lead", {"lastName": "Lovelace"})
    in_unit(platform, lambda unit: unit.records.delete("Lead", [key], ME))
    assert warm(platform, "Lead", key) is None
    in_unit(platform, lambda unit: unit.records.undelete("Lead", [key], ME))
    assert repr(warm(platform, "Lead", key)) == repr(stored(platform, "Lead", key))


def test_no_more_than_the_newest_records_are_kept(platform: Platform) -> None:
    keys = [create(platform, "Lead", {"lastName": "First"})]
    rows = [{"lastName": f"Lead {number}"} for number in range(5_000)]
    made = in_unit(platform, lambda unit: unit.records.create("Lead", rows, ME))
    keys += [str(one["id"]) for one in made if not isinstance(one, TowpathError)]
    kept = [is_kept(platform, "Lead", key) for key in (keys[0], keys[-1])]
    assert kept == [False, True]
