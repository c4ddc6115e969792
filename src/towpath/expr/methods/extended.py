"""The data-transformation methods that are exact here, by kind of value; the sandbox has all of them.

An argument or a value that a method is not for is an error of the expression (OwnError), as in n8n.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote as percent_encoded

from towpath.expr import numbers
from towpath.expr.methods.arguments import Arguments, argument, text_argument
from towpath.expr.methods.functions import entries, is_integer, parse_float, parse_int
from towpath.expr.methods.mathematics import MATH, highest, lowest
from towpath.expr.methods.number import NUMBER_METHODS
from towpath.expr.methods.stringify import stringify
from towpath.expr.numbers import SPACES, text_to_number
from towpath.expr.values import (
    UNDEFINED,
    DeclinedError,
    JsError,
    OwnError,
    check_size,
    is_object,
    truthy,
    well_formed,
)

Extended: TypeAlias = Callable[[Any, Arguments], object]

# The signs of currencies, longer ones before those that they begin with; the sandbox has the same list.
_CURRENCY = re.compile(
    r"Lek|BZ\$|RD\$|NT\$|TT\$|J\$|C\$|R\$|Z\$|\$b|\$U|B/\.|S/\.|CHF|lei|Дин\.|ден|лв|Br|KM|kn|Kč|kr|Ft|Rp|RM|MT|Gs"
    r"|zł|Bs|[$؋ƒ₼P៛¥₡₱£€¢QL₹﷼₪₩₭₨₮₦₽SR฿₺₴₫]"
)
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_SYMBOLS = re.compile("[\u2000-\u206f\u2e00-\u2e7f\\\\'!\"#$%&()*+,./:;<=>?@\\[\\]^`{|}~]")
_WORD = re.compile(f"[^{re.escape(SPACES)}:\u2013\u2014-]+")
_SMALL = re.compile(
    r"an?d?|a[st]|because|but|by|en|for|i[fn]|neither|nor|o[fnr]|only|over|per|so|some|tha[tn]|the|to|up|upon|vs?\.?"
    r"|versus|via|when|with|without|yet",
    re.IGNORECASE | re.ASCII,
)
_HASHES = {
    **dict.fromkeys(("md5", "sha1", "sha224", "sha256", "sha384", "sha512")),
    "sha3": "sha3_512",
}


def _no_date(text: str) -> str:
    """The text, unless it is a full time in UTC, which has the methods of dates."""
    if len(text) == 24 and _STAMP.fullmatch(text):
        raise DeclinedError("a text that is a date")
    return text


def _converted(text: str, value: float) -> float:
    if math.isnan(value):
        raise OwnError(f"cannot convert {json.dumps(text, ensure_ascii=False)} to a number")
    return value


def _whole(text: str, arguments: Arguments) -> object:
    bare = _CURRENCY.sub("", _no_date(text))
    return _converted(text, parse_int([bare, argument(arguments, 0)]))


def _fraction(text: str, _: Arguments) -> object:
    bare = _CURRENCY.sub("", _no_date(text))
    return _converted(text, numbers.NAN if "," in text else parse_float([bare]))


def _number(text: str, _: Arguments) -> object:
    return _converted(text, text_to_number(_CURRENCY.sub("", text)))


def _is_numeric(text: str, _: Arguments) -> bool:
    return " " not in text and not math.isnan(text_to_number(text)) and not math.isnan(parse_float([text]))


def _hash(text: str, arguments: Arguments) -> str:
    given = "md5" if argument(arguments, 0) is UNDEFINED else text_argument(arguments, 0)
    name = given.lower().replace("-", "", 1)
    data = well_formed(text).encode()
    if name == "base64":
        return base64.b64encode(data).decode()
    if name not in _HASHES:
        raise OwnError(f"unknown hash {given}; known are {', '.join(_HASHES)}, base64")
    return hashlib.new(_HASHES[name] or name, data, usedforsecurity=False).hexdigest()


def _quote(text: str, arguments: Arguments) -> str:
    mark = '"' if argument(arguments, 0) is UNDEFINED else text_argument(arguments, 0)
    if not mark:
        raise DeclinedError("an empty quotation mark")
    check_size(len(text) * (1 + len(mark)))
    return mark + text.replace("\\", "\\\\").replace(mark, f"\\{mark}") + mark


def _title_case(text: str, _: Arguments) -> str:
    def capital(found: re.Match[str]) -> str:
        word, start, end = found[0], found.start(), found.end()
        kept = re.search(r".(?=[A-Z]|\..)", word)
        middle = start > 0 and end < len(text) and _SMALL.fullmatch(word)
        before_colon = text[end : end + 1] == ":" and text[end + 1 : end + 2].strip(SPACES)
        if kept or middle or before_colon:
            return word
        return re.sub("[A-Za-z0-9\u00c0-\u00ff]", lambda letter: letter[0].upper(), word, count=1)

    return _WORD.sub(capital, text)


def _snake_case(text: str, _: Arguments) -> str:
    return _SYMBOLS.sub("", text.lower().replace(" ", "_").replace("-", "_"))


def _url_encode(text: str, arguments: Arguments) -> str:
    kept = "-_.!~*'()" + (";/?:@&=+$,#" if truthy(argument(arguments, 0)) else "")
    try:
        return percent_encoded(text, safe=kept)
    except UnicodeEncodeError:
        raise JsError("URI malformed") from None


def _even(value: float) -> bool:
    if not is_integer([value]):
        raise OwnError("isEven() is for whole numbers")
    return math.fmod(value, 2) == 0


def _odd(value: float) -> bool:
    if not is_integer([value]):
        raise OwnError("isOdd() is for whole numbers")
    return math.fmod(abs(value), 2) == 1


def _round(value: float, arguments: Arguments) -> object:
    return text_to_number(str(NUMBER_METHODS["toFixed"](value, arguments[:1])))


def _numeric(array: list[object], name: str) -> list[Any]:
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in array):
        raise OwnError(f"{name}(): all of the list must be numbers")
    return array


def _sum(array: list[object], name: str = "sum") -> float:
    total: float = 0
    for value in _numeric(array, name):
        total = numbers.add(total, value)
    return total


def _average(array: list[object], _: Arguments) -> object:
    return numbers.divide(_sum(array, "average"), len(array)) if array else 0


def _chunk(array: list[object], arguments: Arguments) -> object:
    size: Any = argument(arguments, 0)
    if not is_integer([size]) or size <= 0:
        raise OwnError("chunk() needs a length, e.g. chunk(5)")
    step = int(size)
    return [array[start : start + step] for start in range(0, len(array), step)]


def _pluck(array: list[object], arguments: Arguments) -> object:
    if not arguments:
        return array
    rows = [[value for key, value in entries([row]) if key in arguments] for row in array if is_object(row)]
    return [found[0] if len(found) == 1 else found for found in rows if found]


_ALWAYS: Mapping[str, Extended] = {"isEmpty": lambda *_: False, "isNotEmpty": lambda *_: True}
_OF_JSON: Mapping[str, Extended] = {"toJsonString": lambda value, _: stringify([value])}
_IS_EMPTY: Mapping[str, Extended] = {
    "isEmpty": lambda value, _: len(value) == 0,
    "isNotEmpty": lambda value, _: len(value) > 0,
}

OF_TEXT: Mapping[str, Extended] = {
    **_IS_EMPTY,
    **_OF_JSON,
    "base64Encode": lambda text, _: base64.b64encode(well_formed(text).encode()).decode(),
    "hash": _hash,
    "isBlank": lambda text, _: not text.strip(SPACES),
    "isNotBlank": lambda text, _: bool(text.strip(SPACES)),
    "isNumeric": _is_numeric,
    "quote": _quote,
    "toBoolean": lambda text, _: _no_date(text).lower() not in ("", "false", "no", "0"),
    "toDecimalNumber": _fraction,
    "toFloat": _fraction,
    "toInt": _whole,
    "toNumber": _number,
    "toSnakeCase": _snake_case,
    "toTitleCase": _title_case,
    "toWholeNumber": _whole,
    "urlEncode": _url_encode,
}

OF_NUMBER: Mapping[str, Extended] = {
    **_ALWAYS,
    **_OF_JSON,
    "abs": lambda value, _: MATH["abs"]([value]),
    "ceil": lambda value, _: MATH["ceil"]([value]),
    "floor": lambda value, _: MATH["floor"]([value]),
    "isEven": lambda value, _: _even(value),
    "isInteger": lambda value, _: is_integer([value]),
    "isOdd": lambda value, _: _odd(value),
    "round": _round,
    "toBoolean": lambda value, _: value != 0,
    "toFloat": lambda value, _: value,
    "toInt": lambda value, _: _round(value, ()),
    "toNumber": lambda value, _: value,
}

OF_CHECKBOX: Mapping[str, Extended] = {
    **_ALWAYS,
    **_OF_JSON,
    "toBoolean": lambda value, _: value,
    **dict.fromkeys(("toFloat", "toInt", "toNumber"), lambda value, _: int(value)),
}

OF_ARRAY: Mapping[str, Extended] = {
    **_IS_EMPTY,
    **_OF_JSON,
    "append": lambda array, arguments: [*array, *arguments],
    "average": _average,
    "chunk": _chunk,
    "first": lambda array, _: array[0] if array else UNDEFINED,
    "last": lambda array, _: array[-1] if array else UNDEFINED,
    "max": lambda array, _: highest(_numeric(array, "max")),
    "min": lambda array, _: lowest(_numeric(array, "min")),
    "pluck": _pluck,
    "sum": lambda array, _: _sum(array),
    **dict.fromkeys(("toBoolean", "toFloat", "toInt"), lambda *_: UNDEFINED),
}

OF_OBJECT: Mapping[str, Extended] = {
    **_IS_EMPTY,
    **_OF_JSON,
    "hasField": lambda value, arguments: text_argument(arguments, 0) in value,
    "keys": lambda value, _: [key for key, _ in entries([value])],
    "values": lambda value, _: [part for _, part in entries([value])],
    **dict.fromkeys(("toBoolean", "toFloat", "toInt"), lambda *_: UNDEFINED),
}

OF_NOTHING: Mapping[str, Extended] = {"isEmpty": lambda *_: True, "isNotEmpty": lambda *_: False}
