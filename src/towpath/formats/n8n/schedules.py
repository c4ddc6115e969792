"""n8n's rules of when a schedule starts, as cron expressions."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Json, UnmappedError


def cron_of_rule(row: Json) -> str:
    """A rule of the Schedule Trigger; every day at midnight when it says nothing."""
    unit = row.get("field", "days")
    minute, hour = _number(row, "triggerAtMinute", 0), _number(row, "triggerAtHour", 0)
    if unit == "cronExpression":
        return _cron(row.get("expression"))
    if unit == "seconds":
        raise UnmappedError("it starts every so many seconds", "The calendar's shortest step is a minute.")
    if unit == "minutes":
        return every("minutes", _number(row, "minutesInterval", 5))
    if unit == "hours":
        step = _number(row, "hoursInterval", 1)
        return f"{minute} {_step(step)} * * *"
    if unit == "days":
        return f"{minute} {hour} {_step(_number(row, 'daysInterval', 1))} * *"
    if unit == "weeks":
        if _number(row, "weeksInterval", 1) != 1:
            raise UnmappedError("it starts every so many weeks", "Start every week, and test the week in an If.")
        days = row.get("triggerAtDay")
        return f"{minute} {hour} * * {','.join(map(str, days)) if isinstance(days, list) and days else 0}"
    if unit == "months":
        day = _number(row, "triggerAtDayOfMonth", 1)
        return f"{minute} {hour} {day} {_step(_number(row, 'monthsInterval', 1))} *"
    raise UnmappedError(f"its rule {unit!r} is not known")


def cron_of_time(row: Json) -> str:
    """A time of the old Cron trigger; every day at 14:00 when it says nothing, as in n8n."""
    mode = row.get("mode", "everyDay")
    minute, hour = _number(row, "minute", 0), _number(row, "hour", 14)
    if mode == "everyX":
        return every(str(row.get("unit", "hours")), _number(row, "value", 2))
    made = {
        "everyMinute": "* * * * *",
        "everyHour": f"{minute} * * * *",
        "everyDay": f"{minute} {hour} * * *",
        "everyWeek": f"{minute} {hour} * * {row.get('weekday', '1')}",
        "everyMonth": f"{minute} {hour} {row.get('dayOfMonth', 1)} * *",
    }.get(str(mode))
    return made if made is not None else _cron(row.get("cronExpression"))


def every(unit: str, amount: int) -> str:
    """Every so many minutes or hours."""
    if unit == "minutes" and amount < 60:
        return f"{_step(amount)} * * * *"
    if unit == "minutes" and amount % 60 == 0:
        unit, amount = "hours", amount // 60
    if unit == "hours" and amount < 24:
        return f"0 {_step(amount)} * * *"
    if unit == "hours" and amount % 24 == 0:
        return f"0 0 {_step(amount // 24)} * *"
    raise UnmappedError(f"it starts every {amount} {unit}", "The calendar knows minutes up to 59 and hours up to 23.")


def _step(amount: int) -> str:
    return "*" if amount == 1 else f"*/{amount}"


def _cron(value: Any) -> str:
    """n8n's expressions may begin with seconds, which must then be 0."""
    if not isinstance(value, str) or value.startswith("="):
        raise UnmappedError("its cron expression is not fixed")
    parts = value.split()
    if len(parts) == 6:
        seconds, parts = parts[0], parts[1:]
        if seconds != "0":
            raise UnmappedError(f"it starts at the second {seconds!r}", "Begin the cron expression with 0.")
    if len(parts) != 5:
        raise UnmappedError(f"{value!r} is no cron expression of five parts")
    return " ".join(parts)


def _number(row: Json, name: str, default: int) -> int:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        raise UnmappedError(f"its {name!r} is {value!r}")
    return int(value)
