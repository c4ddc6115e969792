"""A fresh CRM for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.crm.world import World, new_world


@pytest.fixture
def world() -> Iterator[World]:
    world = new_world()
    yield world
    world.store.close()
