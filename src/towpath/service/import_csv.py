"""A CSV file from a browser: first a look at its columns and rows, then a trial or the loading itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from towpath.crm.tabular.mapping import guess_mapping
from towpath.formats.csv_text.reading import read_csv
from towpath.service.load import LoadOptions, LoadReport, load_csv
from towpath.service.platform import Platform
from towpath.service.snapshot import in_snapshot

SAMPLE = 5  # rows that are shown before anything is loaded
TOLD = 200  # rows left out that are told; the page offers them as a file


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds: its columns, where each would go (None: nowhere), its first rows."""

    header: tuple[str, ...]
    columns: dict[str, str | None]
    sample: list[list[str]]
    encoding: str
    delimiter: str


def preview_csv(platform: Platform, object_name: str, data: bytes) -> Preview:
    """Look at a file without loading it. FormatError when it cannot be read."""
    text = read_csv(data)
    schema = in_snapshot(platform, lambda state: state.records.schema(object_name))
    targets = guess_mapping(schema, text.header).targets
    columns = {column: targets[column].field if column in targets else None for column in text.header}
    sample = [list(row.cells) for row in islice(text.rows, SAMPLE)]
    return Preview(text.header, columns, sample, text.encoding, text.delimiter)


def import_csv(platform: Platform, object_name: str, data: bytes, options: LoadOptions) -> LoadReport:
    """Load the rows, or only try to; what is bad stays out and is told with its line."""
    return load_csv(platform, object_name, read_csv(data), options)


def refused_rows(report: LoadReport) -> list[dict[str, Any]]:
    """The first rows that were left out, as they were, with every reason."""
    return [
        {"line": row.line, "cells": list(row.cells), "errors": [error.as_json() for error in row.errors]}
        for row in report.refused[:TOLD]
    ]
