"""Choices, multiple choices and checkboxes."""

from __future__ import annotations

from typing import Any

from towpath.crm.values.bad import BadValue, Check, wrong_type
from towpath.crm.values.text import text
from towpath.errors import did_you_mean

CHOICE_LIMIT = 255  # characters of one choice
CHOICES_LIMIT = 500  # choices in one multi-choice value

_CHECKED: dict[Any, bool] = {
    True: True, False: False, "true": True, "false": False, "yes": True, "no": False, "y": True, "n": False,
    "1": True, "0": False, "on": True, "off": False,
}  # fmt: skip


def choice(choices: tuple[str, ...]) -> Check:
    """One of the choices, in whatever case it is written; any short text where the field lists none."""
    if not choices:
        return text(CHOICE_LIMIT)
    exact = {known: known for known in choices}
    folded = {known.casefold(): known for known in choices}

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            raise wrong_type("one of the choices", _known(choices))
        found = exact.get(value)
        if found is not None:
            return found
        wanted = value.strip()
        if not wanted:
            return None
        found = folded.get(wanted.casefold())
        if found is None:
            raise BadValue("schema.unknown_choice", "not one of the choices", _hint(wanted, choices))
        return found

    return check


def multi_choice(choices: tuple[str, ...]) -> Check:
    """A list of choices without repeats, in the order given; a text is split at semicolons."""
    one = choice(choices)

    def check(value: Any) -> list[str] | None:
        if isinstance(value, str):
            value = value.split(";")
        if not isinstance(value, list | tuple):
            raise wrong_type("a list of choices")
        if len(value) > CHOICES_LIMIT:
            raise BadValue("schema.too_long", f"a list of {len(value)} choices, the field takes {CHOICES_LIMIT}")
        found = dict.fromkeys(one(part) for part in value if part is not None)
        return [part for part in found if part is not None] or None

    return check


def checkbox(blank: bool) -> Check:
    """True or false; yes and no, on and off, 1 and 0 are understood. ``blank`` is what an empty text means."""

    def check(value: Any) -> bool:
        if value is True or value is False:
            return value
        word = value.strip().lower() if isinstance(value, str) else value
        if word == "":
            return blank
        checked = _CHECKED.get(word) if isinstance(word, str | int | float) else None
        if checked is None:
            raise wrong_type("true or false", "Write true or false, yes or no, 1 or 0.")
        return checked

    return check


def _hint(wanted: str, choices: tuple[str, ...]) -> str:
    return did_you_mean(wanted, choices) or _known(choices)


def _known(choices: tuple[str, ...]) -> str:
    more = f" and {len(choices) - 20} more" if len(choices) > 20 else ""
    return f"Choices: {', '.join(choices[:20])}{more}."
