"""What a CSV file may ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CsvLimits:
    """What a file may ask for at most. ``sample`` is how many bytes are looked at to find encoding and delimiter."""

    columns: int = 2_000
    row_characters: int = 1_000_000
    rows: int | None = None
    sample: int = 256 * 1024
