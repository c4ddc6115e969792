"""Plays the demo: records come in, people work, customers answer, and virtual time goes from one event to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import islice

from towpath.errors import TowpathError
from towpath.formats.csv_text.reading import CsvText, TextRow
from towpath.model.change import Cause, Change
from towpath.service.advance import Advanced
from towpath.service.demo_input import Feed
from towpath.service.demo_people import DAY, HOUR, MINUTE, ROUND, Crew, Plan, at_work, completed, rounded_up, taken
from towpath.service.drive import Settable, drive, upcoming
from towpath.service.events import NamedEvent, send_events
from towpath.service.load import load_csv
from towpath.service.platform import Platform
from towpath.service.sample_draws import Draws
from towpath.service.unit import Unit, in_unit

Progress = Callable[[str, int, int | None], None]
DAYS = "Simulated days"
SPAN = 28 * DAY  # how long the demo's virtual time lasts, in microseconds

ARRIVALS = (9 * HOUR, 13 * HOUR + 30 * MINUTE)  # when records come in on a working day, UTC
FOLLOWS_A_LINK = (0.12, 0.06)  # shares of the first and second mail
REACHES_VALUE = 0.72


class Play:
    """One performance, from the clock's present time to ``end``."""

    def __init__(
        self, platform: Platform, clock: Settable, feeds: Sequence[Feed], crew: Crew, end: int, seed: int
    ) -> None:
        self.platform, self.clock, self.crew, self.end = platform, clock, crew, end
        self.feeds = feeds
        self.arrivals = arrivals(clock.now(), end)
        self.sizes = {feed.object: -(-feed.count // max(1, len(self.arrivals))) for feed in feeds}
        self.answers: list[tuple[int, str, str]] = []  # when, event, key
        self.loaded: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.runs = 0
        self._draws = Draws(seed)

    def perform(self, progress: Progress) -> None:
        """Everything until the end; what people are at then stays theirs."""
        begin, shown = self.clock.now(), 0
        days = (self.end - begin) // DAY
        while (moment := self._next()) <= self.end:
            self.clock.set(moment)
            self._arrive(moment, progress)
            self._update(self.crew.done(moment), completed)
            self._answer(moment)
            self.runs += drive(self.platform, watch=self._watch).runs
            passed = (moment - begin) // DAY
            progress(DAYS, passed - shown, days)
            shown = passed
        self.clock.set(self.end)
        progress(DAYS, days - shown, days)
        self._update(self.crew.left(), lambda plan: taken(plan, self.end))

    def _next(self) -> int:
        """When something happens next; after the end when nothing does."""
        due = upcoming(self.platform)
        times = (
            self.arrivals[0] if self.arrivals else None,
            self.crew.next(),
            self.answers[0][0] if self.answers else None,
            # Timers wait for the next round, as with a worker that looks now and then: fewer, larger transactions.
            None if due is None else rounded_up(due, ROUND),
        )
        return max(self.clock.now(), min((time for time in times if time is not None), default=self.end + 1))

    def _arrive(self, moment: int, progress: Progress) -> None:
        if not self.arrivals or self.arrivals[0] > moment:
            return
        self.arrivals.pop(0)
        for feed in self.feeds:
            rows = list(islice(feed.rows, self.sizes[feed.object]))
            if rows:
                self._load(feed, rows)
                progress(f"{feed.object}s", len(rows), feed.count)

    def _load(self, feed: Feed, rows: Sequence[TextRow]) -> None:
        text = CsvText(feed.header, iter(rows), "utf-8", ",")
        report = load_csv(self.platform, feed.object, text, feed.options)
        self.loaded[feed.object] += report.created
        self.refused[feed.object] += len(report.refused)
        if feed.object == "Deal":
            self._expect_first_value(feed.header, rows)

    def _expect_first_value(self, header: Sequence[str], rows: Sequence[TextRow]) -> None:
        """Customers whose deal is won come to first value some days later, or not at all."""
        stage, key = header.index("deal_stage"), header.index("opportunity_id")
        for row in rows:
            if row.cells[stage] == "Won" and self._draws.chance(REACHES_VALUE):
                days = 3 + self._draws.lognormal(7, 0.6)
                self._expect(days * DAY, "product.first_value", row.cells[key])

    def _watch(self, done: Advanced) -> None:
        """What the workflows did that people and customers react to."""
        for change in done.changes:
            if change.object == "Task" and change.kind == "created" and change.new is not None:
                self.crew.give(change.new, self.clock.now())
            elif change.object == "Lead" and _begins_nurturing(change):
                self._expect_click(str(change.new["email"]) if change.new else "")

    def _expect_click(self, mail: str) -> None:
        first, second = FOLLOWS_A_LINK
        draw = self._draws.random()
        if draw < first + second:
            hours = self._draws.lognormal(9, 0.8) + (0 if draw < first else 72)
            self._expect(hours * HOUR, "mail.clicked", mail)

    def _expect(self, after: float, event: str, key: str) -> None:
        heappush(self.answers, (rounded_up(self.clock.now() + int(after), ROUND), event, key))

    def _answer(self, moment: int) -> None:
        events = []
        while self.answers and self.answers[0][0] <= moment:
            _, event, key = heappop(self.answers)
            events.append(NamedEvent(event, key, {"key": key}))  # an event that brings nothing would be taken for none
        if events:
            send_events(self.platform, events)

    def _update(self, plans: Sequence[Plan], values: Callable[[Plan], Mapping[str, object]]) -> None:
        def work(unit: Unit) -> None:
            causes = [Cause(plan.person) for plan in plans]
            rows = [values(plan) for plan in plans]
            for outcome in unit.records.update("Task", [plan.task for plan in plans], rows, causes):
                if isinstance(outcome, TowpathError):
                    raise outcome

        if plans:
            in_unit(self.platform, work)


def arrivals(start: int, end: int) -> list[int]:
    """The times at which records come in, on working days only."""
    first, last = start // DAY, end // DAY
    times = (day * DAY + clock for day in range(first, last + 1) for clock in ARRIVALS)
    return [time for time in times if start <= time < end and at_work(time) == time]


def _begins_nurturing(change: Change) -> bool:
    if change.new is None or change.new.get("status") != "Nurturing" or not change.new.get("email"):
        return False
    return change.old is None or change.old.get("status") != "Nurturing"
