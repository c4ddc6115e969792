"""Sample data by seed, as tables of text like the files that people export: leads, deals, accounts, people, cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from towpath.formats.csv_text.reading import CsvText, TextRow
from towpath.service import sample_tables as tables
from towpath.service.sample_draws import Draws

Row = list[str]

LEAD_COLUMNS = (
    "Prospect ID", "Lead Number", "Lead Origin", "Lead Source", "Do Not Email", "Do Not Call", "Converted",
    "TotalVisits", "Total Time Spent on Website", "Page Views Per Visit", "Last Activity", "Country", "Specialization",
    "How did you hear about X Education", "What is your current occupation",
    "What matters most to you in choosing a course", "Search", "Magazine", "Newspaper Article", "X Education Forums",
    "Newspaper", "Digital Advertisement", "Through Recommendations", "Receive More Updates About Our Courses", "Tags",
    "Lead Quality", "Update me on Supply Chain Content", "Get updates on DM Content", "Lead Profile", "City",
    "Asymmetrique Activity Index", "Asymmetrique Profile Index", "Asymmetrique Activity Score",
    "Asymmetrique Profile Score", "I agree to pay the amount through cheque", "A free copy of Mastering The Interview",
    "Last Notable Activity",
)  # fmt: skip
DEAL_COLUMNS = (
    "opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value",
)  # fmt: skip
ACCOUNT_COLUMNS = ("account", "sector", "office_location")
AGENT_COLUMNS = ("sales_agent", "manager", "regional_office")
CASE_COLUMNS = ("Case ID", "Subject", "Type", "Impact", "Urgency", "Origin", "Account", "E-mail")
CAMPAIGN_COLUMNS = ("Name", "Type", "Status", "Start date", "Budget")

_NO = "No"
_INDEX_SCORES = {"": "", "01.High": "17", "02.Medium": "15", "03.Low": "12"}


@dataclass(frozen=True, slots=True)
class Sample:
    """Tables of one seed. Every table can be read again and is the same; rows are made while they are read.

    ``end`` is the last day on which anything in it happened.
    """

    seed: int
    end: date

    def leads(self, count: int = 9240) -> CsvText:
        """Leads of a school, 37 columns; about 38 of 100 convert."""
        draws = Draws(self.seed + 1)
        return _table(LEAD_COLUMNS, (_lead(draws, number) for number in range(count)))

    def deals(self, count: int = 8800) -> CsvText:
        """Opportunities of a seller of devices; agents and accounts are those of the other tables."""
        draws = Draws(self.seed + 2)
        agents = [row[0] for row in self._agents()]
        accounts = [row[0] for row in self._accounts()]
        return _table(DEAL_COLUMNS, (_deal(draws, number, agents, accounts, self.end) for number in range(count)))

    def accounts(self) -> CsvText:
        """The accounts of the deals."""
        return _table(ACCOUNT_COLUMNS, iter(self._accounts()))

    def agents(self) -> CsvText:
        """The people who sell, each with a manager and a region."""
        return _table(AGENT_COLUMNS, iter(self._agents()))

    def cases(self, accounts: list[str], count: int = 1200) -> CsvText:
        """Questions and problems of the customers named."""
        draws = Draws(self.seed + 3)
        return _table(CASE_COLUMNS, (_case(draws, number, accounts) for number in range(count)))

    def campaigns(self) -> CsvText:
        """A few campaigns, one a month up to the end."""
        months = [self.end - timedelta(days=30 * back) for back in range(len(tables.CAMPAIGNS))]
        rows = (
            [name, kind, "Active", day.isoformat(), str(1000 * (place + 1))]
            for place, ((name, kind), day) in enumerate(zip(tables.CAMPAIGNS, months, strict=True))
        )
        return _table(CAMPAIGN_COLUMNS, rows)

    def _accounts(self) -> list[Row]:
        draws = Draws(self.seed + 4)
        names = [start + end for end in tables.COMPANY_ENDS for start in tables.COMPANY_STARTS][:85]
        return [[name, draws.choose(tables.SECTORS), draws.choose(tables.OFFICES)] for name in names]

    def _agents(self) -> list[Row]:
        managers = people(6)
        return [[name, managers[i % 6], tables.REGIONS[i % 3]] for i, name in enumerate(people(30, first=6))]


def people(count: int, first: int = 0) -> list[str]:
    """Different names of people: a list that never changes, from place ``first`` on."""
    firsts, lasts = tables.FIRST_NAMES, tables.LAST_NAMES
    places = range(first, first + count)  # 26 and 19 have no common divisor, so 494 pairs differ
    return [f"{firsts[i % len(firsts)]} {lasts[i % len(lasts)]}" for i in places]


def _table(columns: tuple[str, ...], rows: Iterator[Row]) -> CsvText:
    return CsvText(columns, (TextRow(line, row) for line, row in enumerate(rows, 2)), "utf-8", ",")


def _lead(draws: Draws, number: int) -> Row:
    origin = draws.choose(tables.ORIGINS)
    source = draws.choose(tables.SOURCES[origin])
    visits, seconds, pages = _visits(draws, source)
    occupation, activity = draws.choose(tables.OCCUPATIONS), draws.choose(tables.LAST_ACTIVITIES)
    converted = draws.chance(_conversion(origin, occupation, seconds))
    tag, index = draws.choose(tables.TAGS_WON if converted else tables.TAGS_LOST), draws.choose(tables.INDEXES)
    heard, why = draws.choose(tables.HEARD_OF_US), "Better Career Prospects" if occupation else ""
    quiet = "Yes" if draws.chance(0.079) else _NO
    free_copy = "Yes" if draws.chance(0.313) else _NO
    return [
        f"{draws.bits():016x}", str(600000 + number), origin, source, quiet, _NO, "1" if converted else "0",
        visits, str(seconds), pages, activity, draws.choose(tables.COUNTRIES), draws.choose(tables.SPECIALIZATIONS),
        heard, occupation, why, _NO, _NO, _NO, _NO, _NO, _NO, _NO, _NO, tag, draws.choose(tables.QUALITIES),
        _NO, _NO, draws.choose(tables.PROFILES), draws.choose(tables.CITIES),
        index, index, _INDEX_SCORES[index], _INDEX_SCORES[index], _NO, free_copy, activity or "Modified",
    ]  # fmt: skip


def _visits(draws: Draws, source: str) -> tuple[str, int, str]:
    """Visits, seconds on the site, pages for each visit: all nothing for those who came another way."""
    if draws.chance(tables.WITHOUT_VISIT.get(source, 0.01)):
        return "0", 0, "0"
    visits, seconds = draws.choose(tables.VISITS), int(draws.quantile(tables.SECONDS_ON_SITE))
    pages = f"{max(1.0, int(visits) / (1 + draws.below(3))):.4g}" if visits else ""
    return visits, seconds, pages


def _conversion(origin: str, occupation: str, seconds: int) -> float:
    """The share of such leads that convert, as measured."""
    if origin == "Lead Add Form" or occupation == "Working Professional":
        return 0.92
    if seconds > 800:
        return 0.64
    return 0.24 if seconds > 400 else 0.13


def _deal(draws: Draws, number: int, agents: list[str], accounts: list[str], end: date) -> Row:
    stage = draws.choose(tables.STAGES)
    product, price = draws.choose(tables.PRODUCTS)
    agent = agents[int(len(agents) * draws.random() ** 1.3)]  # some sell more than others
    open_deal = stage in ("Engaging", "Prospecting")
    account = "" if open_deal and draws.chance(0.68) else draws.one_of(accounts)
    engaged, closed, value = "", "", ""
    if stage == "Engaging":
        engaged = (end - timedelta(days=draws.below(150))).isoformat()
    elif not open_deal:
        days = draws.quantile(tables.DAYS_TO_WIN if stage == "Won" else tables.DAYS_TO_LOSE)
        closing = end - timedelta(days=draws.below(300))
        engaged, closed = (closing - timedelta(days=int(days))).isoformat(), closing.isoformat()
        value = str(round(price * draws.quantile(tables.SHARE_OF_PRICE))) if stage == "Won" else "0"
    return [f"S{number:07d}", agent, product, account, stage, engaged, closed, value]


def _case(draws: Draws, number: int, accounts: list[str]) -> Row:
    subject, kind = draws.choose(tables.SUBJECTS)
    impact, urgency = draws.choose(tables.LEVELS), draws.choose(tables.LEVELS)
    account = draws.one_of(accounts) if accounts else ""
    mail = f"customer-{draws.below(900)}@example.com"
    return [f"C{number:06d}", subject, kind, impact, urgency, draws.choose(tables.CASE_ORIGINS), account, mail]
