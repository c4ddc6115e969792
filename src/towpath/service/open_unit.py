"""One unit of work on CRM records while it is under way: its session, and what has to leave with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from towpath.crm.blueprints.standing import Standings, state_rule
from towpath.crm.catalogue import load_catalogue, stored_generation
from towpath.crm.session import Session
from towpath.engine.events import Event, Notice, OutboxRow
from towpath.engine.triggers import RecordTrigger
from towpath.model.change import Change
from towpath.ports.store import Transaction
from towpath.service.platform import Platform
from towpath.service.save_rules import follow_published


class OpenUnit:
    """The CRM session of one transaction and what has to leave with it; whoever follows its changes adds to it."""

    def __init__(self, platform: Platform, tx: Transaction) -> None:
        self.platform = platform
        self.tx = tx
        if stored_generation(tx) != platform.catalogue.generation:
            platform.catalogue = load_catalogue(tx)
        platform.published.refresh(tx)
        follow_published(platform)
        saving, now, ids = platform.saving, platform.clock.now(), platform.ids
        self.standings = Standings(tx, saving.blueprints, now, ids)
        guards = dict.fromkeys(saving.blueprints, partial(state_rule, self.standings))
        mark = None if tx.mark is None else (tx.mark, platform.catalogue.generation)
        self.records = Session(
            tx, platform.catalogue, now, ids, saving.rules, saving.checks,
            locked=platform.published.locked, guards=guards, duplicates=saving.duplicates,
            merged=platform.published.merged, warm=platform.warm.enter(mark),
            calendars=platform.published.calendars, pools=platform.published.definitions.of("assignment"),
        )  # fmt: skip
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self.outbox: list[OutboxRow] = []
        self.merged: dict[str, str] = {}  # records that were merged into others here
        self.changes: Sequence[Change] = ()
        self.also: list[RecordTrigger] = []  # triggers of a version on trial, beside the active ones
