"""What the demo works on: the tables of a folder that somebody names, or generated ones of the same shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from towpath.crm.tabular.cells import CellForm
from towpath.errors import InputError, Where
from towpath.formats.csv_text.reading import CsvText, TextRow, read_csv
from towpath.service.load import LoadOptions
from towpath.service.sample_data import Sample

Change: TypeAlias = Callable[[list[str]], list[str]]

NEEDED = ("leads.csv", "sales_pipeline.csv")
FORM = CellForm(blanks=frozenset({"", "Select"}))  # a form that was sent off without a choice says "Select"
# What sales find out about a lead later would tell the outcome beforehand.
HINDSIGHT = ("Converted", "Tags", "Lead Quality", "Last Activity")
SPELLINGS = {"technolgy": "technology", "GTXPro": "GTX Pro", "Philipines": "Philippines"}
PIECE = 1 << 20  # bytes read at a time


@dataclass(slots=True)
class Feed:
    """A table on its way into an object: a header, rows that come bit by bit, and how many they are."""

    object: str
    header: tuple[str, ...]
    rows: Iterator[TextRow]
    count: int
    options: LoadOptions = field(default_factory=lambda: LoadOptions(form=FORM, actor="demo"))


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that comes in. ``agents`` are (name, manager) pairs."""

    leads: Feed
    deals: Feed
    accounts: Feed | None
    agents: tuple[tuple[str, str], ...]


def generated(sample: Sample, leads: int, deals: int) -> Tables:
    """Tables of a seed."""
    agents = tuple((row.cells[0], row.cells[1]) for row in sample.agents().rows)
    return Tables(
        lead_feed(sample.leads(leads), leads),
        deal_feed(sample.deals(deals), deals),
        account_feed(sample.accounts(), 85),
        agents,
    )


def read_folder(folder: Path) -> Tables:
    """The tables of a folder: leads.csv and sales_pipeline.csv, and accounts.csv and sales_teams.csv if it has them."""
    for name in NEEDED:
        if not (folder / name).is_file():
            raise InputError(
                f"the folder has no {name}",
                code="demo.no_data",
                hint=f"It needs {' and '.join(NEEDED)}; without --data the demo makes data of its own.",
                where=Where(file=str(folder / name)),
            )
    accounts, teams = folder / "accounts.csv", folder / "sales_teams.csv"
    missing = [column for column, path in (("account", accounts), ("sales_agent", teams)) if not path.is_file()]
    return Tables(
        lead_feed(_open(folder / NEEDED[0]), _rows_of(folder / NEEDED[0])),
        deal_feed(_open(folder / NEEDED[1]), _rows_of(folder / NEEDED[1]), missing),
        account_feed(_open(accounts), _rows_of(accounts)) if accounts.is_file() else None,
        tuple(_agents(_open(teams))) if teams.is_file() else (),
    )


def lead_feed(text: CsvText, count: int) -> Feed:
    """Leads get an address of their own, because the list that this is modelled on has none."""
    number = text.header.index("Lead Number") if "Lead Number" in text.header else 0
    rows = _changed(text.rows, lambda cells: [*cells, f"lead-{cells[number]}@example.com"])
    ignore = tuple(name for name in HINDSIGHT if name in text.header)
    options = LoadOptions(ignore=ignore, form=FORM, actor="demo")
    return Feed("Lead", (*text.header, "Email"), rows, count, options)


def deal_feed(text: CsvText, count: int, ignore: list[str] | None = None) -> Feed:
    """Deals are named after their product and account."""
    place = {name: position for position, name in enumerate(text.header)}
    product, account = place.get("product", 0), place.get("account", 0)

    def named(cells: list[str]) -> list[str]:
        cells = [SPELLINGS.get(cell, cell) for cell in cells]
        return [*cells, " for ".join(filter(None, (cells[product], cells[account])))]

    left_out = tuple(name for name in ignore or () if name in place)
    options = LoadOptions(ignore=left_out, form=FORM, actor="demo")
    return Feed("Deal", (*text.header, "Name"), _changed(text.rows, named), count, options)


def account_feed(text: CsvText, count: int) -> Feed:
    """Accounts are customers, spelt as the other tables spell them."""
    rows = _changed(text.rows, lambda cells: [*(SPELLINGS.get(cell, cell) for cell in cells), "Customer"])
    return Feed("Account", (*text.header, "Type"), rows, count)


def case_feed(sample: Sample, accounts: list[str], count: int) -> Feed:
    """Cases of these accounts."""
    text = sample.cases(accounts, count)
    return Feed("Case", text.header, text.rows, count)


def campaign_feed(sample: Sample) -> Feed:
    """Campaigns."""
    text = sample.campaigns()
    return Feed("Campaign", text.header, text.rows, 3)


def _changed(rows: Iterator[TextRow], change: Change) -> Iterator[TextRow]:
    return (TextRow(row.line, change(row.cells), row.surplus) for row in rows)


def _open(path: Path) -> CsvText:
    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(PIECE), b"")

    return read_csv(pieces(), file=path.name)


def _rows_of(path: Path) -> int:
    return sum(1 for _ in _open(path).rows)


def _agents(text: CsvText) -> Iterator[tuple[str, str]]:
    place: Mapping[str, int] = {name: position for position, name in enumerate(text.header)}
    for row in text.rows:
        manager = row.cells[place["manager"]] if "manager" in place else ""
        yield row.cells[place["sales_agent"]], manager
