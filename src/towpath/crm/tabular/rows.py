"""Rows of text to rows of values: every error of a row with line, column, value and code; bad rows stay out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from towpath.crm.plan import ObjectPlan, Values
from towpath.crm.problems import shown
from towpath.crm.tabular.cells import CellForm, Clean, cleaner
from towpath.crm.tabular.mapping import ColumnMapping
from towpath.crm.values.bad import BadValue, Check
from towpath.errors import TowpathError
from towpath.formats.csv_text.reading import TextRow

PLAIN = CellForm()


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing that keeps a row out: where it stands in the file, what is wrong, and what to do."""

    line: int
    column: str | None
    field: str | None
    value: str | None
    code: str
    message: str
    hint: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The error as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class GoodRow:
    """Values ready to be saved, and the line that they came from."""

    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not saved, with every reason and the cells as they were."""

    line: int
    errors: tuple[RowError, ...]
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cell:
    position: int
    column: str
    field: str
    check: Check
    clean: Clean | None


def convert_rows(
    plan: ObjectPlan, mapping: ColumnMapping, rows: Iterable[TextRow], form: CellForm = PLAIN
) -> Iterator[GoodRow | BadRow]:
    """Convert row by row. Empty cells are left out, so that they neither clear a field nor hide its default."""
    convert = _converter(plan, mapping, form)
    for row in rows:
        errors: list[RowError] = []
        if row.surplus:
            errors.append(_surplus(row))
        values = convert(row, errors)
        if errors:
            yield BadRow(row.line, tuple(errors), tuple(row.cells))
        else:
            yield GoodRow(row.line, values)


def dict_rows(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> Iterator[TextRow]:
    """Rows given as dicts, as if they were lines of a table; the first is line 1."""
    for line, row in enumerate(rows, 1):
        yield TextRow(line, ["" if (value := row.get(column)) is None else str(value) for column in columns])


def error_of(line: int, mapping: ColumnMapping, error: TowpathError) -> RowError:
    """The error that saving gave for a row, told in terms of the file."""
    name = error.where.field
    column = next((column for column, target in mapping.targets.items() if target.field == name), None)
    return RowError(line, column, name, error.params.get("value"), error.code, error.message, error.hint)


def _converter(plan: ObjectPlan, mapping: ColumnMapping, form: CellForm) -> Callable[[TextRow, list[RowError]], Values]:
    cells = list(_cells(plan, mapping, form))
    blanks = form.blanks

    def convert(row: TextRow, errors: list[RowError]) -> Values:
        values: Values = {}
        texts = row.cells
        for cell in cells:
            text = texts[cell.position]
            if text in blanks:
                continue
            try:
                value = cell.check(cell.clean(text) if cell.clean else text)
            except BadValue as bad:
                errors.append(_bad_cell(row.line, cell, text, bad))
            else:
                if value is not None:
                    values[cell.field] = value
        return values

    return convert


def _cells(plan: ObjectPlan, mapping: ColumnMapping, form: CellForm) -> Iterator[_Cell]:
    for position, column in enumerate(mapping.columns):
        target = mapping.targets.get(column)
        field = plan.schema.field(target.field) if target else None
        if target and field:
            yield _Cell(position, column, target.field, plan.forms[target.field], cleaner(field, form))


def _bad_cell(line: int, cell: _Cell, text: str, bad: BadValue) -> RowError:
    message = f"{cell.column}: {shown(text)} is {bad.reason}."
    return RowError(line, cell.column, cell.field, shown(text), bad.code, message, bad.hint)


def _surplus(row: TextRow) -> RowError:
    message = f"The row has {row.surplus} cells more than there are columns."
    hint = "Put texts that have the delimiter in them into quotes."
    return RowError(row.line, None, None, None, "load.too_many_cells", message, hint)
