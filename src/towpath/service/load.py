"""Loads a CSV file into an object: columns mapped to fields, texts resolved to records, bad rows left out and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from towpath.crm.session import Session
from towpath.crm.tabular.cells import CellForm
from towpath.crm.tabular.lookups import resolve_lookups
from towpath.crm.tabular.mapping import ColumnMapping, explicit_mapping, guess_mapping
from towpath.crm.tabular.rows import PLAIN, BadRow, GoodRow, convert_rows, error_of
from towpath.errors import InputError, TowpathError, did_you_mean
from towpath.formats.csv_text.reading import CsvText, TextRow
from towpath.model.change import Cause
from towpath.ports.store import Transaction
from towpath.service.parts import save_in_parts
from towpath.service.platform import Platform
from towpath.service.unit import Unit, in_unit

BATCH = 1000  # rows of one transaction


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How rows become records.

    ``columns`` says which column goes to which field (``{"E-mail": "email"}``) over what the names suggest, ``ignore``
    which are left out; ``key`` is the field by which records that exist are found and updated.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    ignore: Sequence[str] = ()
    key: str | None = None
    form: CellForm = PLAIN
    actor: str = "system"
    dry_run: bool = False


@dataclass(slots=True)
class LoadReport:
    """What loading came to; ``refused`` has the rows that were left out, with every reason."""

    mapping: ColumnMapping
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[BadRow] = field(default_factory=list)


def map_columns(platform: Platform, object_name: str, header: Sequence[str], options: LoadOptions) -> ColumnMapping:
    """Where each column goes: as said, and else as its name suggests. InputError where nothing goes anywhere."""
    schema = in_unit(platform, lambda unit: unit.records.schema(object_name))
    for column in options.ignore:
        if column not in header:
            hint = did_you_mean(column, header)
            raise InputError(f"The table has no column {column!r}.", code="load.unknown_column", hint=hint)
    said = explicit_mapping(schema, header, options.columns)
    taken = {target.field for target in said.targets.values()}
    guessed = guess_mapping(schema, [c for c in header if c not in said.targets and c not in options.ignore])
    rest = {column: target for column, target in guessed.targets.items() if target.field not in taken}
    mapping = ColumnMapping(schema, tuple(header), {**said.targets, **rest})
    if not mapping.targets:
        raise InputError(
            f"None of the columns is a field of {object_name}: {', '.join(header[:8])}.",
            code="load.no_columns",
            hint="Say which goes where, for example --map 'E-mail=email'.",
        )
    if options.key is not None and options.key not in {target.field for target in mapping.targets.values()}:
        hint = did_you_mean(options.key, [target.field for target in mapping.targets.values()])
        raise InputError(f"No column goes to the key {options.key!r}.", code="load.no_key_column", hint=hint)
    return mapping


def load_csv(
    platform: Platform,
    object_name: str,
    text: CsvText,
    options: LoadOptions = LoadOptions(),
    progress: Callable[[int], None] = lambda more: None,
) -> LoadReport:
    """Load all rows, as a declared bulk job, a thousand in a transaction: what is bad stays out, the rest is kept.

    With ``dry_run`` everything is checked in one transaction that is taken back, so that rows see each other.
    """
    report = LoadReport(map_columns(platform, object_name, text.header, options))
    batches = _batches(text.rows)
    if options.dry_run:
        _try(platform, batches, _Loader(report, options), progress)
        return report
    loader = _Loader(report, options)

    def save(rows: Sequence[TextRow]) -> None:
        unit, refused = in_unit(platform, loader.load(rows))
        report.refused += refused
        _count(report, len(rows), [change.kind for change in unit.changes])

    def refuse(row: TextRow, error: TowpathError) -> None:
        report.refused.append(BadRow(row.line, (error_of(row.line, report.mapping, error),), tuple(row.cells)))
        _count(report, 1, [])

    for rows in batches:
        save_in_parts(rows, save, refuse)
        progress(len(rows))
    return report


class _TakenBackError(Exception):
    """Ends a transaction that was only a trial."""


def _try(
    platform: Platform, batches: Iterator[list[TextRow]], loader: _Loader, progress: Callable[[int], None]
) -> None:
    def work(tx: Transaction) -> None:
        for rows in batches:
            unit, refused = loader.load(rows)(Unit(platform, tx))
            loader.report.refused += refused
            unit.records.flush()
            _count(loader.report, len(rows), [change.kind for change in unit.records.changes()])
            progress(len(rows))
        raise _TakenBackError

    try:
        platform.store.write(work)
    except _TakenBackError:
        return


@dataclass(frozen=True, slots=True)
class _Loader:
    """Saves batches of rows."""

    report: LoadReport
    options: LoadOptions

    def load(self, rows: Sequence[TextRow]) -> Callable[[Unit], tuple[Unit, list[BadRow]]]:
        """The unit of work that saves these rows; gives those that it did not."""

        def work(unit: Unit) -> tuple[Unit, list[BadRow]]:
            return unit, list(self._save(unit, rows))

        return work

    def _save(self, unit: Unit, rows: Sequence[TextRow]) -> Iterator[BadRow]:
        mapping, records = self.report.mapping, unit.records
        plan = unit.platform.catalogue.plan(mapping.schema.name)
        converted = convert_rows(plan, mapping, rows, self.options.form)
        resolved = resolve_lookups(records, mapping, list(converted))
        good = [row for row in resolved if isinstance(row, GoodRow)]
        cells = {row.line: row.cells for row in rows}
        for row in resolved:
            if isinstance(row, BadRow):
                yield BadRow(row.line, row.errors, tuple(cells[row.line]))
        for row, outcome in zip(good, self._write(records, good), strict=True):
            if isinstance(outcome, TowpathError):
                yield BadRow(row.line, (error_of(row.line, mapping, outcome),), tuple(cells[row.line]))

    def _write(self, records: Session, good: Sequence[GoodRow]) -> Sequence[object]:
        cause, name = Cause(self.options.actor, bulk=True), self.report.mapping.schema.name
        values = [row.values for row in good]
        if not values:
            return []
        if self.options.key is None:
            return records.create(name, values, cause)
        return records.upsert(name, self.options.key, values, cause)


def _count(report: LoadReport, rows: int, kinds: Sequence[str]) -> None:
    report.rows += rows
    report.created += kinds.count("created")
    report.updated += kinds.count("updated")
    report.unchanged = report.rows - report.created - report.updated - len(report.refused)


def _batches(rows: Iterable[TextRow]) -> Iterator[list[TextRow]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
