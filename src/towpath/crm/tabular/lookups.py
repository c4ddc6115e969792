"""Texts that stand for records of other objects, such as the name of an account, resolved set-wise to ids."""

from __future__ import annotations

from collections.abc import Sequence

from towpath.crm.tabular.mapping import ColumnMapping
from towpath.crm.tabular.rows import BadRow, GoodRow, RowError
from towpath.ports.records import Records


def resolve_lookups(
    records: Records, mapping: ColumnMapping, rows: Sequence[GoodRow | BadRow]
) -> list[GoodRow | BadRow]:
    """The rows with ids in place of texts, one search per field. A text that finds nothing, or more than one record,
    makes a bad row; a text that is an id of the referred object is taken as it is."""
    resolved = list(rows)
    for field, lookup in mapping.lookups.items():
        schema = mapping.schema.field(field)
        target = schema.reference if schema else None
        if target:
            _resolve(records, mapping, resolved, field, lookup, target)
    return resolved


def _resolve(
    records: Records, mapping: ColumnMapping, rows: list[GoodRow | BadRow], field: str, lookup: str, target: str
) -> None:
    texts = list(dict.fromkeys(row.values[field] for row in rows if isinstance(row, GoodRow) and field in row.values))
    if not texts:
        return
    found = records.find_by(target, lookup, texts)
    unmatched = [text for text in texts if not found[text]]
    by_id = records.get(target, unmatched) if unmatched else {}
    for i, row in enumerate(rows):
        if isinstance(row, GoodRow) and field in row.values:
            text = row.values[field]
            ids = [record["id"] for record in found[text]] or ([text] if text in by_id else [])
            if len(ids) == 1:
                rows[i] = GoodRow(row.line, {**row.values, field: ids[0]})
            else:
                rows[i] = BadRow(row.line, (_unresolved(row.line, mapping, field, lookup, target, text, len(ids)),))


def _unresolved(
    line: int, mapping: ColumnMapping, field: str, lookup: str, target: str, text: str, matches: int
) -> RowError:
    column = next((column for column, to in mapping.targets.items() if to.field == field), None)
    if matches:
        message = f"There are {matches} records of {target} with {lookup} {text!r}."
        return RowError(line, column, field, text, "load.ambiguous_reference", message, "Give the id instead.")
    message = f"There is no {target} with {lookup} {text!r}."
    return RowError(line, column, field, text, "load.missing_reference", message, f"Load the {target} first.")
