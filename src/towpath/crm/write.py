"""Saving records of one object, in phases (semantics.md §1.1).

Values are checked; before-save rules set fields or refuse; what they set is checked again; validation rules and the
search for duplicates may refuse; references and unique fields are judged; the record is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from towpath.crm import problems
from towpath.crm.duplicates.doubles import Doubles, Prepared
from towpath.crm.plan import Values
from towpath.crm.references import References
from towpath.crm.saving import SaveBatch, SaveRule
from towpath.crm.uniqueness import UniqueValues
from towpath.crm.unit import ObjectUnit
from towpath.errors import SchemaError, TowpathError
from towpath.model.change import Cause
from towpath.model.duplicates import DuplicateRule
from towpath.ports.records import Outcome, Record

Draft = Values | TowpathError  # the values that a row will write, or why it will not


class ObjectWriter:
    """The writes to one object in one transaction. Every row fails or succeeds on its own."""

    def __init__(
        self,
        unit: ObjectUnit,
        references: References,
        rules: Sequence[SaveRule],
        checks: Sequence[SaveRule] = (),
        doubles: Doubles | None = None,
    ) -> None:
        self.unit = unit
        self._references = references
        self._phases: tuple[Sequence[SaveRule], ...] = tuple(phase for phase in (rules, checks) if phase)
        self._doubles = doubles
        self._unique = UniqueValues(unit) if unit.plan.unique else None

    def add_rule(self, rule: SaveRule) -> None:
        """One more rule for the saves to come."""
        self._phases = (*self._phases, (rule,))

    def create(self, rows: Sequence[Mapping[str, Any]], ids: Sequence[str], causes: Sequence[Cause]) -> list[Outcome]:
        """New records under the given ids."""
        drafts: list[Draft] = list(self.unit.plan.check_all(rows))
        self._look_up(drafts)
        self._apply_rules([None] * len(drafts), drafts, causes)
        if self._doubles is not None:
            return self._create_judged(self._doubles, ids, drafts, causes)
        return [
            draft if isinstance(draft, TowpathError) else self._create_one(key, draft, cause)
            for key, draft, cause in zip(ids, drafts, causes, strict=True)
        ]

    def update(self, ids: Sequence[str], rows: Sequence[Mapping[str, Any]], causes: Sequence[Cause]) -> list[Outcome]:
        """Change records; one that comes several times is changed several times, in order."""
        drafts: list[Draft] = list(self.unit.plan.check_all(rows))
        self.unit.load(ids)
        self._look_up(drafts)
        if len(set(ids)) == len(ids):
            return self._update_wave(ids, drafts, causes)
        outcomes: dict[int, Outcome] = {}
        for wave in _waves(ids):
            done = self._update_wave([ids[i] for i in wave], [drafts[i] for i in wave], [causes[i] for i in wave])
            outcomes.update(zip(wave, done, strict=True))
        return [outcomes[i] for i in range(len(ids))]

    def delete(self, ids: Sequence[str], causes: Sequence[Cause]) -> list[Outcome]:
        """Mark records as deleted; each comes back as it was."""
        unit, outcomes = self.unit, list[Outcome]()
        unit.load(ids)
        for key, cause in zip(ids, causes, strict=True):
            record = unit.alive(key)
            if record is None:
                outcomes.append(problems.no_record(unit.plan.schema, key))
                continue
            if self._unique:
                self._unique.give_up(record, unit.plan.unique)
            if self._doubles:
                self._doubles.gave_up(record)
            unit.change(record, {"deletedAt": unit.now}, cause)
            outcomes.append(record)
        return outcomes

    def undelete(self, ids: Sequence[str], causes: Sequence[Cause]) -> list[Outcome]:
        """Bring deleted records back: a save like any other, so rules may set fields or refuse.

        What others have taken meanwhile, unique values and the place of a double, they keep.
        """
        unit = self.unit
        unit.load(ids)
        olds = [unit.records.get(key) for key in ids]
        drafts: list[Draft] = [self._deleted(key) or {} for key in ids]
        self._apply_rules(olds, drafts, causes, restoring=True)
        rows = [
            {} if isinstance(d, TowpathError) else {**(old or {}), **d} for old, d in zip(olds, drafts, strict=True)
        ]
        if self._unique:
            self._unique.look_up(rows)
        doubles = self._doubles.prepare(rows) if self._doubles else [None] * len(rows)
        return [
            draft if isinstance(draft, TowpathError) else self._undelete_one(key, draft, keys, cause)
            for key, draft, keys, cause in zip(ids, drafts, doubles, causes, strict=True)
        ]

    # Duplicates

    def _create_judged(
        self, doubles: Doubles, ids: Sequence[str], drafts: Sequence[Draft], causes: Sequence[Cause]
    ) -> list[Outcome]:
        """One after the other, so that rows of one batch meet each other as they meet what is there."""
        rows = [{} if isinstance(d, TowpathError) else {**self.unit.plan.empty, **d} for d in drafts]
        outcomes = list[Outcome]()
        for key, draft, cause, keys in zip(ids, drafts, causes, doubles.prepare(rows), strict=True):
            if isinstance(draft, TowpathError):
                outcomes.append(draft)
                continue
            verdict = doubles.judge(keys, None, bulk=cause.bulk)
            if verdict.error is not None:
                outcomes.append(verdict.error)
            elif verdict.into is not None and verdict.rule is not None:
                outcomes += self._fill_in(doubles, verdict.rule, verdict.into, draft, cause)
            else:
                outcomes.append(self._create_one(key, draft, cause))
                if not isinstance(outcomes[-1], TowpathError):
                    doubles.took(key, keys, verdict.ties)
        return outcomes

    def _fill_in(
        self, doubles: Doubles, rule: DuplicateRule, record_id: str, draft: Values, cause: Cause
    ) -> list[Outcome]:
        """The row becomes a change of the record that is there already."""
        record = self.unit.records[record_id]
        changes = doubles.filled(rule, record, draft)
        return self.update([record_id], [changes], [cause]) if changes else [record]

    def _judge_changes(
        self, doubles: Doubles, olds: Sequence[Record | None], drafts: list[Draft], causes: Sequence[Cause]
    ) -> None:
        """Refuse changes that would make a record another's duplicate; the others have new keys from now on."""
        changed = [
            (i, {**old, **draft})
            for i, (old, draft) in enumerate(zip(olds, drafts, strict=True))
            if old is not None and not isinstance(draft, TowpathError) and not doubles.fields.isdisjoint(draft)
        ]
        if not changed:
            return
        for (i, row), keys in zip(changed, doubles.prepare(row for _, row in changed), strict=True):
            verdict = doubles.judge(keys, row["id"], bulk=causes[i].bulk)
            if verdict.error is not None:
                drafts[i] = verdict.error
            else:
                doubles.gave_up(olds[i] or row)
                doubles.took(row["id"], keys, verdict.ties)

    # One record

    def _create_one(self, key: str, draft: Values, cause: Cause) -> Outcome:
        plan = self.unit.plan
        error = plan.missing(draft, creating=True) or self._conflict(key, draft)
        if error:
            return error
        if self._unique:
            self._unique.take(key, draft)
        return self.unit.add(key, draft, cause)

    def _change_one(self, old: Record, changes: Values, cause: Cause) -> Outcome:
        plan = self.unit.plan
        error = plan.missing(changes) or self._conflict(old["id"], changes)
        if error:
            return error
        if self._unique and not plan.unique.isdisjoint(changes):
            self._unique.take(old["id"], changes, old)
        return self.unit.change(old, changes, cause)

    def _deleted(self, key: str) -> TowpathError | None:
        """Why there is no such deleted record; None where there is."""
        record = self.unit.records.get(key)
        if record is None:
            return problems.no_record(self.unit.plan.schema, key)
        return None if record["deletedAt"] is not None else problems.not_deleted(self.unit.plan.schema, key)

    def _undelete_one(self, key: str, draft: Values, keys: Prepared | None, cause: Cause) -> Outcome:
        unit, old = self.unit, self.unit.records[key]
        record = {**old, **draft}
        error: TowpathError | None = self._deleted(key) or unit.plan.missing(draft) or self._conflict(key, draft)
        if not error and self._unique:
            error = self._unique.clash(key, record)
        if error:
            return error
        if self._doubles and keys is not None:
            verdict = self._doubles.judge(keys, key, bulk=cause.bulk)
            if verdict.error is not None:
                return verdict.error
            self._doubles.took(key, keys, verdict.ties)
        if self._unique:
            self._unique.take(key, record)
        return unit.change(old, {**draft, "deletedAt": None}, cause)

    def _no_record(self, key: str) -> TowpathError:
        return problems.no_record(self.unit.plan.schema, key)

    def _conflict(self, key: str, values: Values) -> SchemaError | None:
        plan = self.unit.plan
        error = None
        if not plan.references.keys().isdisjoint(values):
            error = self._references.broken(self.unit, values)
        if not error and self._unique and not plan.unique.isdisjoint(values):
            error = self._unique.clash(key, values)
        return error

    # A batch

    def _update_wave(self, ids: Sequence[str], drafts: list[Draft], causes: Sequence[Cause]) -> list[Outcome]:
        records, differences, no_record = self.unit.records, self.unit.plan.differences, self._no_record
        olds: list[Record | None] = []
        changes: list[Draft] = []
        for key, draft in zip(ids, drafts, strict=True):
            old = records.get(key)
            olds.append(old)
            if old is None or old["deletedAt"] is not None:
                changes.append(no_record(key))
            else:
                changes.append(draft if isinstance(draft, TowpathError) else differences(old, draft))
        self._apply_rules(olds, changes, causes)
        if self._doubles is not None:
            self._judge_changes(self._doubles, olds, changes, causes)
        return self._change_all(olds, changes, causes)

    def _change_all(
        self, olds: Sequence[Record | None], drafts: Sequence[Draft], causes: Sequence[Cause]
    ) -> list[Outcome]:
        # The hot path: most rows change fields that nothing but their own check judges.
        change, judged = self.unit.change, self.unit.plan.judged
        outcomes: list[Outcome] = []
        for old, draft, cause in zip(olds, drafts, causes, strict=True):
            if isinstance(draft, TowpathError) or old is None:
                outcomes.append(draft)
            elif not draft:
                outcomes.append(old)
            elif judged.isdisjoint(draft):
                outcomes.append(change(old, draft, cause))
            else:
                outcomes.append(self._change_one(old, draft, cause))
        return outcomes

    def _apply_rules(
        self,
        olds: Sequence[Record | None],
        drafts: list[Draft],
        causes: Sequence[Cause],
        *,
        restoring: bool = False,
    ) -> None:
        for phase in self._phases:
            self._apply_phase(phase, olds, drafts, causes, restoring)

    def _apply_phase(
        self,
        rules: Sequence[SaveRule],
        olds: Sequence[Record | None],
        drafts: list[Draft],
        causes: Sequence[Cause],
        restoring: bool,
    ) -> None:
        # A save that changes nothing is no save; a record that comes is one even when all its fields are empty.
        saved = [
            (i, draft)
            for i, draft in enumerate(drafts)
            if not isinstance(draft, TowpathError) and (draft or restoring or olds[i] is None)
        ]
        places = [i for i, _ in saved]
        batch = SaveBatch(
            self.unit.plan,
            [olds[i] for i in places],
            [draft for _, draft in saved],
            [causes[i] for i in places],
            self.unit.now,
            restoring,
        )
        for rule in rules:
            rule(batch)
        for position, i in enumerate(places):
            if position in batch.refusals:
                drafts[i] = problems.rejected(self.unit.plan.schema, batch.refusals[position])
            elif position in batch.changed:
                drafts[i] = self._checked_again(olds[i], batch.values[position])
        if batch.changed:
            self._look_up(drafts)

    def _checked_again(self, old: Record | None, values: Values) -> Draft:
        plan = self.unit.plan
        try:
            checked = plan.check(values)
        except SchemaError as error:
            return error
        return checked if old is None else plan.differences(old, checked)

    def _look_up(self, drafts: Iterable[Draft]) -> None:
        """Learn all that judging these drafts needs of the store, set-wise."""
        plan = self.unit.plan
        rows = [draft for draft in drafts if not isinstance(draft, TowpathError)]
        names = set[str]().union(*rows)
        references = {name: target for name, target in plan.references.items() if name in names}
        if references:
            self._references.look_up(references, rows)
        if self._unique and not plan.unique.isdisjoint(names):
            self._unique.look_up(rows)


def _waves(ids: Sequence[str]) -> list[list[int]]:
    """Positions such that no id comes twice in one wave, in order of occurrence."""
    waves: list[list[int]] = []
    seen: dict[str, int] = {}
    for i, key in enumerate(ids):
        wave = seen[key] = seen.get(key, -1) + 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(i)
    return waves
