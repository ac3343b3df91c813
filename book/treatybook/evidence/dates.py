"""Dates that carry their uncertainty.

The tables write dates in the Extended Date/Time Format (EDTF), levels 0 and 1
(Library of Congress, 2019): :data:`DATE` is the grammar. Left out are years of more than four
digits, centuries and times of day. The libraries that read EDTF lose signs or accept days that
never were; the tests compare with one where it is right.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache

from treatybook.evidence import grammar
from treatybook.evidence.errors import InputError, WrongArgument, seen, whole_number
from treatybook.evidence.wording import _

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MONTHS = (
    "January February March April May June July August September October November December"
).split()
# A decade; or a year, with a month or season, with a day, where the last may be unknown; a sign.
DATE = re.compile(
    r"((?P<decade>\d{3})X|(?P<year>\d{4})"
    r"(-XX(-XX)?|-(?P<season>2[1-4])|-(?P<month>\d\d)(-XX|-(?P<day>\d\d))?)?)(?P<sign>[?~%]?)",
    re.ASCII,
)
# Forms of EDTF, levels 0 and 1, that no date of this story needs: centuries, long years, years
# before the year 0, times of day.
LEFT_OUT = re.compile(r"\d\dXX|Y-?\d+|-\d{4}.*|\d{4}-\d\d-\d\dT.+", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1500, 2100  # the tables have no date beyond
# What to add to days counted from 1 March of the Julian year 0 for Python's count of days.
FIRST_OF_MARCH = -308
EARLIEST_YEAR, LATEST_YEAR = 1500, 2100  # of a span that a figure may show
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

        Raises
        ------
        WrongArgument
            If the other is no such date.
        """
        if not isinstance(other, EdtfDate):
            rule = _(
                "before compares with a date of the tables, or with one such as "
                'dates.parse("1921-11-05"), and this is not: {found}'
            )
            raise WrongArgument(rule.format(found=seen(other)))
        if self.latest < other.earliest:
            return True
        if other.latest < self.earliest or (self == other and self.days == 1):
            return False
        return None

    def __str__(self) -> str:
        return phrase(self)

    def __format__(self, case: str) -> str:
        """``{date}`` in a text is the date in words, ``{date:в}`` of a translation in a case."""
        return phrase(self, case)


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
    if not isinstance(text, str):
        raise _miswritten(_("{text} is not a date in quotes"), seen(text))
    if "/" in text:
        start, end = _ends(text)
        if start and end and end.latest < start.earliest:
            told = _("{text} runs backwards: it ends before it starts")
            raise DateError(told.format(text=text))
        known = [d for d in (start, end) if d]
        if not known:
            raise DateError(_("{text} has neither a start nor an end").format(text=text))
        return EdtfDate(
            start.earliest if start else dt.date.min,
            end.latest if end else dt.date.max,
            text,
            "interval",
            any(d.uncertain for d in known),
            any(d.approximate for d in known),
        )
    return _parse_one(text)


def _miswritten(fault: str, text: str) -> DateError:
    """What is wrong with a text that is no date, and how one is written."""
    how = _(
        "write it like 1921-11-05, or 1921-11 if only the month is known, 1921 if only the year"
    )
    return DateError(f"{fault.format(text=text)}; {how}")


def _ends(text: str) -> tuple[EdtfDate | None, EdtfDate | None]:
    parts = text.split("/")
    if len(parts) != 2:
        fault = _("{text} has more than one slash, which stands between two dates")
        raise _miswritten(fault, text)
    start, end = (None if part in ("", "..") else _parse_one(part) for part in parts)
    return start, end


@lru_cache(maxsize=4096)
def _parse_one(text: str) -> EdtfDate:
    found = DATE.fullmatch(text)
    if not found or (found["month"] and not 1 <= int(found["month"]) <= 12):
        if LEFT_OUT.fullmatch(text):
            raise _miswritten(_("{text!r} is a form of EDTF that this book leaves out"), text)
        raise _miswritten(_("{text!r} is not a date in EDTF, levels 0 and 1"), text)
    parts = found.groupdict()
    # The finest part that is given says how exact the date is.
    precision = next(part for part in ("day", "month", "season", "year", "decade") if parts[part])
    try:
        earliest, latest = _bounds(
            {part: int(n) for part, n in parts.items() if part != "sign" and n}, precision
        )
    except ValueError as error:
        raise DateError(_("{text} names a day that never was").format(text=text)) from error
    sign = parts["sign"]
    return EdtfDate(earliest, latest, text, precision, sign in ("?", "%"), sign in ("~", "%"))


def _bounds(parts: dict[str, int], precision: str) -> tuple[dt.date, dt.date]:
    """First and last day; a ValueError if there is no such day or month."""
    year, month = parts.get("year", 0), parts.get("month", 0)
    if precision == "day":
        return (dt.date(year, month, parts["day"]),) * 2
    if precision == "decade":
        return dt.date(parts["decade"] * 10, 1, 1), dt.date(parts["decade"] * 10 + 9, 12, 31)
    if precision == "season":
        # Spring begins in March; winter is counted to the year in which it begins, and to its end.
        month = 3 * (parts["season"] - 20)
        return dt.date(year, month, 1), _last_of_month(year, min(month + 2, 12))
    first, last = (month, month) if precision == "month" else (1, 12)
    return dt.date(year, first, 1), _last_of_month(year, last)


def _last_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=4096)
def in_table(text: str) -> EdtfDate:
    """Read a date as the tables may write it, more strictly than the answer of a learner.

    Parameters
    ----------
    text : str
        EDTF level 0 or 1.

    Raises
    ------
    DateError
        If it cannot be read, if a year lies beyond those of the tables, or if a span ends with
        the date that it starts with.
    """
    date = parse(text)
    ends = [end for end in (date.start, date.end) if end]
    if any(end.earliest.year < FIRST_YEAR or end.latest.year > LAST_YEAR for end in ends):
        raise DateError(_year_rule())
    if date.precision == "interval" and len({(end.earliest, end.latest) for end in ends}) < len(
        ends
    ):
        told = _("a span has two ends that differ; for one date write {date}")
        raise DateError(told.format(date=ends[0].text))
    return date


def _year_rule() -> str:
    return _("a year between {first} and {last}").format(first=FIRST_YEAR, last=LAST_YEAR)


def known(cell: str) -> EdtfDate | None:
    """The date in a cell; None if the cell is empty or holds no date that is allowed there."""
    try:
        return in_table(cell)
    except DateError:
        return None


def may_be_one(one: EdtfDate, other: EdtfDate) -> bool:
    """Whether two dates may mean the same time; what is only *about* a day may lie beside it."""
    overlap = one.earliest <= other.latest and other.earliest <= one.latest
    return overlap or one.approximate or other.approximate


def day(text: str) -> dt.date:
    """Read a whole day, as the first or last day of a figure.

    Raises
    ------
    DateError
        If the text is not a day written ``YYYY-MM-DD``.
    """
    if not isinstance(text, str) or not re.fullmatch(_DAY, text):
        told = _('{text} is not a whole day; write it in quotes, like "1921-11-05"')
        raise DateError(told.format(text=seen(text)))
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise DateError(_("{text} names a day that never was").format(text=text)) from error


def span(first: str, last: str, unit: str = "day") -> tuple[dt.date, dt.date]:
    """The days from one to another, as a figure asks for them.

    Parameters
    ----------
    first, last : str
        Whole days.
    unit : str
        What the message calls them: ``day`` or ``month``.

    Raises
    ------
    DateError
        If one of them is not a day.
    WrongArgument
        If the last lies before the first, or a year before 1500 or after 2100.
    """
    start, end = day(first), day(last)
    is_month = unit == "month"
    size = 7 if is_month else 10
    for found in (start, end):
        years(found.year, found.year)
    if end < start:
        if is_month:
            said = _("the last month, {last}, lies before the first, {first}")
        else:
            said = _("the last day, {last}, lies before the first, {first}")
        raise WrongArgument(said.format(last=last[:size], first=first[:size]))
    return start, end


def years(first: int | str, last: int | str) -> tuple[int, int]:
    """The years from one to another, as numbers or in quotes.

    Raises
    ------
    WrongArgument
        If one is no year from 1500 to 2100, or the last lies before the first.
    """
    start, end = (whole_number("year", year, EARLIEST_YEAR, LATEST_YEAR) for year in (first, last))
    if end < start:
        said = _("the last year, {last}, lies before the first, {first}")
        raise WrongArgument(said.format(last=last, first=first))
    return start, end


def new_style(text: str) -> str:
    """Turn an Old Style (Julian) date into New Style (Gregorian).

    Parameters
    ----------
    text : str
        A Julian date written ``YYYY-MM-DD``.

    Returns
    -------
    str
        The Gregorian date of the same day.

    Raises
    ------
    DateError
        If the text is not a whole day of the Julian calendar, or its year is not one of the tables.

    Notes
    -----
    Days are counted from 1 March of the year 0 by cycles of four years, 1,461 days each, as it
    is usual for the Julian day number.
    """
    if not isinstance(text, str) or not re.fullmatch(_DAY, text):
        told = _("{text} is not a whole Old Style day; write it like 1921-10-23")
        raise DateError(told.format(text=seen(text)))
    year, month, day = map(int, text.split("-"))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(_year_rule())
    # Every fourth year is a leap year; 1904 has the months of any of them.
    same_months = 1904 if year % 4 == 0 else 1903
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(same_months, month)[1]:
        told = _("{text} names a day that never was in the Julian calendar")
        raise DateError(told.format(text=text))
    months = (month - 3) % 12  # since March, so that the day of a leap year comes last
    years = year - (month < 3)
    number = years * 1461 // 4 + (153 * months + 2) // 5 + day
    return dt.date.fromordinal(number + FIRST_OF_MARCH).isoformat()


def phrase(date: EdtfDate, case: str = "") -> str:
    """Write a date in plain words, with no more precision than it has.

    Parameters
    ----------
    date : EdtfDate
        A date of the tables.
    case : str
        What stands before it, in a language whose words change with that.

    Returns
    -------
    str
        For example ``5 November 1921``, ``about November 1921``, ``14 September 1921 (uncertain)``.

    Raises
    ------
    WrongArgument
        If the language in use has no such case.
    """
    if words := grammar.needed(case):
        return words.phrase(date, case)
    if date.precision == "interval":
        return _phrase_interval(date)
    words = _phrase_bare(date)
    if date.approximate:
        words = f"about {words}"
    return f"{words} (uncertain)" if date.uncertain else words


def short(date: EdtfDate) -> str:
    """A date in words with short names of months, for a figure: ``5 Nov 1921``."""
    words = grammar.spoken()
    return words.short(str(date)) if words else re.sub(r"([A-Z][a-z]{2})[a-z]+", r"\1", str(date))


def _phrase_bare(date: EdtfDate) -> str:
    first = date.earliest
    if date.precision == "day":
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    if date.precision == "month":
        return f"{MONTHS[first.month - 1]} {first.year}"
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
            return f"{start.earliest.day} {MONTHS[start.earliest.month - 1]}"
        if start.precision == "month":
            return MONTHS[start.earliest.month - 1]
    return phrase(start)
