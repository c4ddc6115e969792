"""One unit of work on CRM records: what it writes, the runs that its changes start, the waits they end.

Everything happens in one transaction: a change that commits has started its workflows, and one that does not
leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from towpath.crm.duplicates.tables import REDIRECT
from towpath.engine.journal import write_events, write_notices, write_outbox
from towpath.engine.tables import WORKFLOW
from towpath.engine.triggers import match
from towpath.errors import StorageError
from towpath.ports.store import Transaction
from towpath.service.after_save import run_after_save
from towpath.service.assignment import follow_pools
from towpath.service.collecting import collecting_later
from towpath.service.departures import follow_departures
from towpath.service.enrolment import admit_changes, follow_goals
from towpath.service.milestones import follow_milestones
from towpath.service.open_unit import OpenUnit
from towpath.service.platform import Platform
from towpath.service.published import bump, note_locked
from towpath.service.scoring import follow_scores
from towpath.service.signals import change_answers, signal, watched_objects, with_claims
from towpath.service.task_mail import task_mails
from towpath.service.timers import follow_changes

T = TypeVar("T")


class Unit(OpenUnit):
    """A unit that can end: everybody who follows changes has a look, and all of it is written."""

    def finish(self) -> None:
        """Write everything: records, feed, timers, the runs to start and the runs to wake."""
        platform, tx, now = self.platform, self.tx, self.platform.clock.now()
        if platform.saving.after:
            run_after_save(self, platform.saving.after)
        if platform.saving.scores:
            follow_scores(self)
        if platform.saving.milestones:
            follow_milestones(self)
        self.notices += follow_departures(self.records, now)
        note_locked(tx, self.records.guards.locks.new_objects)
        if any(self.records.wrote(name) for name in platform.saving.blueprints):
            self.standings.follow(self.records.changes(), self.records)
        self.changes = self.records.finish()
        self.events += follow_pools(self, self.changes)
        if self.changes:
            matched = match(self.changes, [*platform.published.triggers, *self.also], platform.ids, platform.brake, now)
            admitted, said = admit_changes(platform, tx, matched.events, self.changes)
            self.events += admitted
            self.notices += said
            follow_goals(platform, tx, self.changes)
            self.notices += matched.notices
            self._pause(matched.paused)
            follow_changes(self, self.changes)
            self.outbox += task_mails(self, self.changes)
            answers = change_answers(self.changes, watched_objects(tx, self.changes), self.merged)
            answers = with_claims(answers, self.records)
            answers |= self._of_merged(answers)
            self.events += signal(tx, answers, platform.ids)
        priorities = {number: plan.definition.settings.priority for number, plan in platform.published.plans.items()}
        write_events(tx, self.events, priorities, now)
        write_notices(tx, self.notices, platform.ids)
        write_outbox(tx, self.outbox)
        self.records.close()

    def _of_merged(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Whoever watches a record that was merged into another is told of that one."""
        merged = self.platform.published.merged
        ids = [change.id for change in self.changes if change.object in merged]
        rows = self.tx.get(REDIRECT, ids, ("object", "record", "target"), by="target") if ids else ()
        told = {f"change:{name}:{record}": answers.get(f"change:{name}:{target}") for name, record, target in rows}
        return {key: answer for key, answer in told.items() if answer is not None}

    def _pause(self, workflows: Sequence[str]) -> None:
        if workflows:
            self.tx.update(WORKFLOW, ("paused",), [("start brake", workflow) for workflow in workflows])
            bump(self.tx)


def in_unit(platform: Platform, work: Callable[[Unit], T]) -> T:
    """Run work on records in a transaction of its own; returns once it is on disk."""

    def transaction(tx: Transaction) -> T:
        unit = Unit(platform, tx)
        result = work(unit)
        unit.finish()
        return result

    with collecting_later():
        try:
            return platform.store.write(transaction)
        except StorageError as error:
            if error.code != "storage.conflict":
                raise
            # Somebody saved the same key at the same time: a second look sees it, and says so properly.
            return platform.store.write(transaction)
