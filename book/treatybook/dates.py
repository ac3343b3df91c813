"""Dates that carry their uncertainty.

The tables write dates in the Extended Date/Time Format (EDTF), levels 0 and 1
(Library of Congress, 2019). The ``edtf`` library parses them; this module keeps
what the library loses and refuses what it wrongly accepts.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from functools import lru_cache

from convertdate import julian
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from edtf.parser.grammar import level0Expression, level1Expression
from pyparsing import ParseException

from treatybook.keys import InputError

_DAY = r"\d{4}-\d{2}-\d{2}"
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
# The library tries every kind of date before it chooses. Those of level 2 take most of the time,
# and this project does not use them.
_COMMON = level0Expression ^ level1Expression
HOW_TO_WRITE = (
    "write it like 1921-11-05, or 1921-11 if only the month is known, 1921 if only the year"
)
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}


class DateError(InputError, ValueError):
    """A text is not a date this project allows; the message says why."""


@dataclass(frozen=True, order=True)
class EdtfDate:
    """One date, with its bounds and its doubts.

    Sorting is by earliest possible day, then latest possible day, then text.

    Attributes
    ----------
    earliest, latest : datetime.date
        First and last day the date can mean. Open ends are ``date.min`` and ``date.max``.
    text : str
        The EDTF text as written in the table.
    precision : str
        ``day``, ``month``, ``season``, ``year``, ``decade`` or ``interval``.
    uncertain, approximate : bool
        Whether the text carries ``?`` or ``~`` (``%`` is both).
    """

    earliest: dt.date
    latest: dt.date
    text: str
    precision: str = field(compare=False)
    uncertain: bool = field(compare=False)
    approximate: bool = field(compare=False)

    @property
    def is_open(self) -> bool:
        """Whether the start or the end is not known."""
        return self.earliest == dt.date.min or self.latest == dt.date.max

    @property
    def days(self) -> int:
        """Number of days the date can mean, both ends included."""
        return (self.latest - self.earliest).days + 1

    @property
    def start(self) -> EdtfDate | None:
        """The date an interval begins with (itself if it is no interval); None if not known."""
        return _ends(self.text)[0] if self.precision == "interval" else self

    @property
    def end(self) -> EdtfDate | None:
        """The date an interval ends with (itself if it is no interval); None if not known."""
        return _ends(self.text)[1] if self.precision == "interval" else self

    def before(self, other: EdtfDate) -> bool | None:
        """Say whether this date is before another.

        Returns
        -------
        bool or None
            ``True`` or ``False`` when the bounds settle it, ``None`` when nobody can tell.
        """
        if self.latest < other.earliest:
            return True
        if other.latest < self.earliest or (self == other and self.days == 1):
            return False
        return None

    def __str__(self) -> str:
        return phrase(self)


@lru_cache(maxsize=4096)
def parse(text: str) -> EdtfDate:
    """Read an EDTF text.

    Parameters
    ----------
    text : str
        EDTF level 0 or 1, for example ``1921-11-05``, ``1921-09-14?``, ``1921-02-01/1921-02-04``.

    Returns
    -------
    EdtfDate

    Raises
    ------
    DateError
        If the text is not such a date, names a day that never was, or runs backwards.
    """
    if "/" in text:
        start, end = _ends(text)
        if start and end and end.latest < start.earliest:
            raise DateError(f"{text} runs backwards: it ends before it starts")
        known = [d for d in (start, end) if d]
        if not known:
            raise DateError(f"{text} has neither a start nor an end")
        return EdtfDate(
            start.earliest if start else dt.date.min,
            end.latest if end else dt.date.max,
            text,
            "interval",
            any(d.uncertain for d in known),
            any(d.approximate for d in known),
        )
    return _parse_one(text)


def _ends(text: str) -> tuple[EdtfDate | None, EdtfDate | None]:
    parts = text.split("/")
    if len(parts) != 2:
        raise DateError(f"{text} has more than one slash")
    start, end = (None if part in ("", "..") else _parse_one(part) for part in parts)
    return start, end


@lru_cache(maxsize=4096)
def _parse_one(text: str) -> EdtfDate:
    try:
        parsed = _parsed(text)
    except EDTFParseException as error:
        raise DateError(f"{text!r} is not a date in EDTF; {HOW_TO_WRITE}") from error
    bare = text.rstrip("?~%")
    if not re.fullmatch(r"\d{3}[\dX](-(\d{2}|XX)(-(\d{2}|XX))?)?", bare):
        raise DateError(f"{text!r} is EDTF of a kind this project does not use (levels 0 and 1)")
    try:
        low, high = parsed.lower_strict(), parsed.upper_strict()
        if math.inf in (low, high):
            raise DateError(f"{text!r} has no bounds")
        # The library accepts 29 February in a common year; datetime does not.
        earliest, latest = dt.date(*low[:3]), dt.date(*high[:3])
    except (ValueError, TypeError) as error:
        raise DateError(f"{text} names a day that never was") from error
    sign = text[len(bare) :]
    return EdtfDate(
        earliest,
        latest,
        text,
        _precision(bare),
        sign in ("?", "%"),
        sign in ("~", "%"),
    )


def _parsed(text: str):
    """What the library reads in a text: quickly if it is of level 0 or 1."""
    try:
        return _COMMON.parse_string(text, parse_all=True)[0]
    except ParseException:
        return parse_edtf(text)


def _precision(bare: str) -> str:
    parts = bare.split("-")
    if parts[0].endswith("X"):
        return "decade"
    if len(parts) == 1 or parts[1] == "XX":
        return "year"
    if parts[1] in _SEASONS:
        return "season"
    return "month" if len(parts) == 2 or parts[2] == "XX" else "day"


def day(text: str) -> dt.date:
    """Read a whole day, as the first or last day of a figure.

    Raises
    ------
    DateError
        If the text is not a day written ``YYYY-MM-DD``.
    """
    if not isinstance(text, str) or not re.fullmatch(_DAY, text):
        raise DateError(f'{text!r} is not a whole day; write it in quotes, like "1921-11-05"')
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise DateError(f"{text} names a day that never was") from error


def new_style(text: str) -> str:
    """Turn an Old Style (Julian) date into New Style (Gregorian).

    Parameters
    ----------
    text : str
        A Julian date written ``YYYY-MM-DD``.

    Returns
    -------
    str
        The Gregorian date, computed by ``convertdate.julian``.

    Raises
    ------
    DateError
        If the text is not a whole day of the Julian calendar.
    """
    if not re.fullmatch(_DAY, text):
        raise DateError(f"{text!r} is not a whole Old Style day; write it like 1921-10-23")
    year, month, day = map(int, text.split("-"))
    if not 1 <= month <= 12 or not 1 <= day <= julian.month_length(year, month):
        raise DateError(f"{text} names a day that never was in the Julian calendar")
    return dt.date(*julian.to_gregorian(year, month, day)).isoformat()


def phrase(date: EdtfDate) -> str:
    """Write a date in plain English, with no more precision than it has.

    Returns
    -------
    str
        For example ``5 November 1921``, ``about November 1921``, ``14 September 1921 (uncertain)``.
    """
    if date.precision == "interval":
        return _phrase_interval(date)
    words = _phrase_bare(date)
    if date.approximate:
        words = f"about {words}"
    return f"{words} (uncertain)" if date.uncertain else words


def _phrase_bare(date: EdtfDate) -> str:
    first = date.earliest
    if date.precision == "day":
        return f"{first.day} {_MONTHS[first.month - 1]} {first.year}"
    if date.precision == "month":
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if date.precision == "season":
        return f"{_SEASONS[date.text[5:7]]} {first.year}"
    return f"the {first.year}s" if date.precision == "decade" else str(first.year)


def _phrase_interval(date: EdtfDate) -> str:
    start, end = _ends(date.text)
    if start is None:
        return f"until {phrase(end)}"
    if end is None:
        return f"from {phrase(start)}"
    return f"{_shared(start, end)} to {phrase(end)}"


def _shared(start: EdtfDate, end: EdtfDate) -> str:
    """Leave out of the start what the end repeats: ``1 to 4 February 1921``."""
    plain = not (start.uncertain or start.approximate) and start.precision == end.precision
    if plain and start.earliest.year == end.latest.year:
        if start.precision == "day" and start.earliest.month == end.earliest.month:
            return str(start.earliest.day)
        if start.precision == "day":
            return f"{start.earliest.day} {_MONTHS[start.earliest.month - 1]}"
        if start.precision == "month":
            return _MONTHS[start.earliest.month - 1]
    return phrase(start)
