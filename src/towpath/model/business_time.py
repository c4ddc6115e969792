"""Counting business time: what is open of a stretch of real time, and when so much of it will have passed.

``add(t, d)`` and ``between(a, b)`` are inverse: ``between(t, add(t, d)) == d``. All times are microseconds since 1970
UTC, so that a shift over a clock change is as long as its people work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from towpath.errors import InputError, NotFoundError, did_you_mean
from towpath.model.calendar import DEFAULT_CALENDAR, MINUTES_OF_DAY, OFFICE_HOURS, WEEKDAYS, Calendar, Hours
from towpath.model.moment import to_datetime
from towpath.model.offset import to_microseconds

_DAY = 86_400_000_000
_A_MONDAY = 4 * _DAY  # 1970-01-05
_HORIZON = 366 * 20  # days without an opening after which nothing is expected to open again
_FIRST_DAY, _LAST_DAY = date.min.toordinal() + 1, date.max.toordinal() - 1
_MINUTE = timedelta(minutes=1)
Window = tuple[int, int]


class BusinessTime:
    """One calendar, ready to count with; the windows of each day are worked out once."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.zone: tzinfo = ZoneInfo(calendar.zone)
        self._days: dict[int, list[Window]] = {}

    def is_open(self, moment: int) -> bool:
        """Whether the moment is within business hours."""
        return any(start <= moment < end for start, end in self._of_day(self._day(moment)))

    def add(self, moment: int, length: int) -> int:
        """The moment by which ``length`` microseconds of business time have passed since ``moment``.

        A moment outside the hours counts from the next opening; a negative length goes back. InputError
        ``calendar.no_hours`` where the calendar has no more open hours that way.
        """
        return self._forward(moment, length) if length >= 0 else self._back(moment, -length)

    def between(self, first: int, last: int) -> int:
        """The business time from ``first`` to ``last``, microseconds; negative where ``last`` is the earlier one."""
        if last < first:
            return -self.between(last, first)
        return sum(
            min(end, last) - max(start, first)
            for day in range(self._day(first), self._day(last) + 1)
            for start, end in self._of_day(day)
            if start < last and end > first
        )

    def next_opening(self, moment: int) -> int:
        """The moment itself within the hours, else the next opening."""
        return self._forward(moment, 0)

    @cached_property
    def week_length(self) -> int:
        """What "one business week" is: the open time of a week without exceptions, 7 days where only dates are open."""
        plain = self.calendar.model_copy(update={"zone": "UTC", "exceptions": {}})
        return BusinessTime(plain).between(_A_MONDAY, _A_MONDAY + 7 * _DAY) or 7 * _DAY

    @cached_property
    def day_length(self) -> int:
        """What "one business day" is: the week's open time over the weekdays on which hours begin, microseconds."""
        opening = sum(any(hours for hours, _ in self.calendar.shifts_on(weekday)) for weekday in WEEKDAYS)
        return self.week_length // (opening or 7)

    def _forward(self, moment: int, length: int) -> int:
        left = length
        for windows in self._open_days(moment, 1):
            for start, end in windows:
                begin = max(start, moment)
                if begin < end:
                    if left <= end - begin:
                        return begin + left
                    left -= end - begin
        raise _no_hours(self.calendar)

    def _back(self, moment: int, length: int) -> int:
        left = length
        for windows in self._open_days(moment, -1):
            for start, end in reversed(windows):
                stop = min(end, moment)
                if start < stop:
                    if left <= stop - start:
                        return stop - left
                    left -= stop - start
        raise _no_hours(self.calendar)

    def _open_days(self, moment: int, step: int) -> Iterator[list[Window]]:
        """The windows of each open day from the moment's on; ends where nothing opens any more."""
        number, idle = self._day(moment), 0
        while idle < _HORIZON and _FIRST_DAY < number < _LAST_DAY:
            windows = self._of_day(number)
            number, idle = number + step, 0 if windows else idle + 1
            if windows:
                yield windows

    # Days, by ordinal

    def _day(self, moment: int) -> int:
        return to_datetime(moment).astimezone(self.zone).toordinal()

    def _of_day(self, number: int) -> list[Window]:
        """The open windows between two local midnights, in order, none touching another."""
        windows = self._days.get(number)
        if windows is None:
            windows = self._days[number] = self._work_out(number)
        return windows

    def _work_out(self, number: int) -> list[Window]:
        first, last = self._at(number, 0), self._at(number + 1, 0)
        found = [*self._beginning_on(number - 1), *self._beginning_on(number)]
        clipped = [(max(start, first), min(end, last)) for start, end in found]
        return _union(window for window in clipped if window[0] < window[1])

    def _beginning_on(self, number: int) -> Iterator[Window]:
        """The windows that begin on a day, some of which may end on the next."""
        day = date.fromordinal(number)
        instead = self.calendar.hours_of(day)
        if instead is not None:
            yield from self._windows(number, instead)
            return
        for hours, breaks in self.calendar.shifts_on(WEEKDAYS[day.weekday()]):
            rests = [rest for near in (-1, 0, 1) for rest in self._windows(number + near, breaks, late=False)]
            for window in self._windows(number, hours):
                yield from _without(window, _union(rests))

    def _windows(self, number: int, hours: tuple[Hours, ...], *, late: bool = True) -> list[Window]:
        """Hours of a day as moments; work until a time that comes twice ends with the last, a break with the first."""
        made = [(self._at(number, start), self._at(number + (end <= start), end, late=late)) for start, end in hours]
        return [window for window in made if window[0] < window[1]]

    def _at(self, number: int, minutes: int, *, late: bool = False) -> int:
        """A local time as a moment: the first, or last (``late``), of one that comes twice; of one in a gap its end."""
        day = date.fromordinal(number + minutes // MINUTES_OF_DAY)
        local = datetime(day.year, day.month, day.day) + _MINUTE * (minutes % MINUTES_OF_DAY)  # noqa: DTZ001
        early = local.replace(tzinfo=self.zone, fold=0)
        after = local.replace(tzinfo=self.zone, fold=1)
        if early.utcoffset() == after.utcoffset():
            return to_microseconds(early.astimezone(UTC))
        if early.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != local:
            return self._end_of_gap(after.astimezone(UTC), early.astimezone(UTC))
        return to_microseconds((after if late and minutes % MINUTES_OF_DAY else early).astimezone(UTC))

    def _end_of_gap(self, before: datetime, after: datetime) -> int:
        """The moment of the clock change, which is later than ``before`` and not later than ``after``."""
        offset = after.astimezone(self.zone).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) / 2
            if middle.astimezone(self.zone).utcoffset() == offset:
                after = middle
            else:
                before = middle
        return to_microseconds(after.replace(microsecond=0) if after.microsecond else after)


def _union(windows: Iterable[Window]) -> list[Window]:
    joined: list[Window] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _without(window: Window, rests: list[Window]) -> Iterator[Window]:
    """The window without the rests, which are in order and do not touch."""
    start, end = window
    for rest_start, rest_end in rests:
        if rest_end <= start or rest_start >= end:
            continue
        if rest_start > start:
            yield start, rest_start
        start = max(start, rest_end)
    if start < end:
        yield start, end


def _no_hours(calendar: Calendar) -> InputError:
    return InputError(
        f"the calendar {calendar.name!r} has no open hours that far away",
        code="calendar.no_hours",
        hint="Give it weekly hours, or dates that lie ahead.",
        params={"calendar": calendar.name},
    )


class Calendars:
    """The calendars in force, each made ready when it is first counted with.

    One object is shared by all who count; ``use`` puts other calendars in force for all of them.
    """

    __slots__ = ("_calendars", "_ready")

    def __init__(self, calendars: Mapping[str, Calendar] | None = None) -> None:
        self._calendars = dict(calendars or {})
        self._ready: dict[str, BusinessTime] = {}

    def use(self, calendars: Mapping[str, Calendar]) -> None:
        """Put these in force."""
        self._calendars, self._ready = dict(calendars), {}

    def __contains__(self, name: str) -> bool:
        return name in self._calendars or name == DEFAULT_CALENDAR

    def of(self, name: str | None = None) -> BusinessTime:
        """The calendar of that name, or the default one: Monday to Friday 09:00-17:00 UTC unless it was defined.

        NotFoundError ``calendar.unknown`` with the nearest name.
        """
        wanted = name or DEFAULT_CALENDAR
        ready = self._ready.get(wanted)
        if ready is None:
            calendar = self._calendars.get(wanted) or (OFFICE_HOURS if wanted == DEFAULT_CALENDAR else None)
            if calendar is None:
                hint = did_you_mean(wanted, self._calendars) or "towpath definitions apply adds one."
                message = f"there is no calendar {wanted!r}"
                raise NotFoundError(message, code="calendar.unknown", hint=hint, params={"calendar": wanted})
            ready = self._ready[wanted] = BusinessTime(calendar)
        return ready
