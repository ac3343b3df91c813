"""Russian words that change with what stands before them: dates, names of rows, things counted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Protocol

from babel import Locale

from treatybook.evidence.errors import WrongArgument, not_known
from treatybook.evidence.wording import number

NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, PREPOSITIONAL = range(6)
# What a role may name behind a comma, and the case that follows it.
DATE_CASES = {
    "": NOMINATIVE,
    "в": PREPOSITIONAL,
    "с": GENITIVE,
    "до": GENITIVE,
    "после": GENITIVE,
    "от": GENITIVE,
    "к": DATIVE,
    "по": ACCUSATIVE,
    "между": INSTRUMENTAL,
}
BARE_GENITIVE = "р"
NAME_CASES = {
    "": NOMINATIVE,
    "в": PREPOSITIONAL,
    "по": DATIVE,
    "к": DATIVE,
    "из": GENITIVE,
    BARE_GENITIVE: GENITIVE,
}
# Each in the six cases, in their order above.
MONTHS = [
    line.split()
    for line in (
        "январь января январю январь январём январе",
        "февраль февраля февралю февраль февралём феврале",
        "март марта марту март мартом марте",
        "апрель апреля апрелю апрель апрелем апреле",
        "май мая маю май маем мае",
        "июнь июня июню июнь июнем июне",
        "июль июля июлю июль июлем июле",
        "август августа августу август августом августе",
        "сентябрь сентября сентябрю сентябрь сентябрём сентябре",
        "октябрь октября октябрю октябрь октябрём октябре",
        "ноябрь ноября ноябрю ноябрь ноябрём ноябре",
        "декабрь декабря декабрю декабрь декабрём декабре",
    )
]
SEASONS = {
    "21": "весна весны весне весну весной весне".split(),
    "22": "лето лета лету лето летом лете".split(),
    "23": "осень осени осени осень осенью осени".split(),
    "24": "зима зимы зиме зиму зимой зиме".split(),
}
YEAR = "год года году год годом году".split()
YEARS = "годы годов годам годы годами годах".split()
DECADE = "-е -х -м -е -ми -х".split()
# The words with which names of rows begin.
NOUNS = {
    line.split()[0]: line.split()
    for line in (
        "статья статьи статье статью статьёй статье",
        "преамбула преамбулы преамбуле преамбулу преамбулой преамбуле",
        "пункт пункта пункту пункт пунктом пункте",
        "случай случая случаю случай случаем случае",
        "свидетельство свидетельства свидетельству свидетельство свидетельством свидетельстве",
    )
}
# Of the other months the short forms are hardly shorter.
LONG_MONTH = re.compile(r"\b(янв|февр|апр|авг|сент|окт|нояб|дек)[а-яё]+")
YEAR_WORD = re.compile(r"(?<=\d) год\w*")
PLURALS = ("one", "few", "many")  # событие, события, событий


class Date(Protocol):
    """What is needed of a date of the tables."""

    earliest: dt.date
    text: str
    precision: str
    uncertain: bool
    approximate: bool

    @property
    def start(self) -> Date | None: ...

    @property
    def end(self) -> Date | None: ...


def phrase(date: Date, form: str = "") -> str:
    """Write a date with no more precision than it has, after a preposition or without.

    Parameters
    ----------
    date : treatybook.evidence.dates.EdtfDate
        A date of the tables.
    form : str
        A preposition of :data:`DATE_CASES`. After ``в`` it is said when something was, and so a
        day has no preposition and a season its instrumental.

    Raises
    ------
    WrongArgument
        If there is no such form, or this date has none.
    """
    if form not in DATE_CASES:
        raise WrongArgument(not_known("case", form, list(filter(None, DATE_CASES))))
    start, end = date.start, date.end
    if start and end and date.precision == "interval":
        return _interval(start, end, form)
    if form == "между":
        raise WrongArgument(f"«между» needs a date with a start and an end, not {date.text}")
    if start and end:
        return _one(date, form)
    own = "с" if start else "до"
    if form not in ("", "в", own):
        raise WrongArgument(f"{date.text} has one open end, and so only the cases: в, {own}")
    return _one(start or end, own)


def short(words: str) -> str:
    """A date in words with short names of months, as a figure has room for: ``5 нояб. 1921``."""
    return YEAR_WORD.sub("", LONG_MONTH.sub(r"\1.", words))


def _parts(date: Date, case: int) -> tuple[str, str]:
    """What a date says of the time within a year, and the year: ``5 ноября``, ``1921 года``."""
    first = date.earliest
    of_year = f"{first.year} {YEAR[GENITIVE]}"
    if date.precision == "day":
        return f"{first.day} {MONTHS[first.month - 1][GENITIVE]}", of_year
    if date.precision == "month":
        return MONTHS[first.month - 1][case], of_year
    if date.precision == "season":
        return SEASONS[date.text[5:7]][case], of_year
    if date.precision == "decade":
        return f"{first.year}{DECADE[case]}", YEARS[case]
    return str(first.year), YEAR[case]


def _case(date: Date, form: str) -> int:
    """The case after a preposition; when a season was is said in another than for a month."""
    is_when = form == "в" and date.precision == "season"
    return INSTRUMENTAL if is_when else DATE_CASES[form]


def _after(form: str, words: str, date: Date) -> str:
    """Words after a preposition, as they are said for a date of this precision."""
    if not form or (form == "в" and date.precision in ("day", "season")):
        return words
    if form in ("с", "к") and date.precision == "day" and date.earliest.day == 2:
        form += "о"  # со второго, ко второму
    return f"{form} {words}"


def _one(date: Date, form: str) -> str:
    """A date that is no interval, with its signs."""
    words = _after(form, " ".join(_parts(date, _case(date, form))), date)
    if date.approximate and form:
        words = f"примерно {words}"
    elif date.approximate:
        words = f"около {' '.join(_parts(date, GENITIVE))}"
    return f"{words} (не точно)" if date.uncertain else words


def _interval(start: Date, end: Date, form: str) -> str:
    """Two dates; what both say is said once: ``1–4 февраля 1921 года``."""
    case = _case(start, form)
    if not _share(start, end):
        if form == "в":
            return f"{_one(start, 'с')} {_one(end, 'по')}"
        words, tail = [_within(one, case) for one in (start, end)], ""
    else:
        (first, _), (last, year) = _parts(start, case), _parts(end, case)
        if start.precision == "day" and start.earliest.month == end.earliest.month:
            first = str(start.earliest.day)
        if start.precision == "decade" and form != "между":
            first = str(start.earliest.year)
        is_plural = start.precision in ("year", "decade")
        words, tail = [first, last], f" {YEARS[case] if is_plural else year}"
    first, last = words
    if form == "между":
        return f"между {first} и {last}{tail}"
    if form == "в" and " " in first:
        return f"{_after('с', first, start)} по {last}{tail}"
    dash = " — " if " " in first else "–"
    return _after(form, f"{first}{dash}{last}{tail}", start)


def _share(start: Date, end: Date) -> bool:
    """Whether two dates can be said with one year, or with one word for their years."""
    if any(one.uncertain or one.approximate for one in (start, end)):
        return False
    same_year = start.earliest.year == end.earliest.year
    return start.precision == end.precision and (same_year or start.precision in ("year", "decade"))


def _within(date: Date, case: int) -> str:
    """A date with its signs, where a preposition stands before more than this date."""
    if case == NOMINATIVE:
        return _one(date, "")
    words = f"{'примерно ' * date.approximate}{' '.join(_parts(date, case))}"
    return f"{words} (не точно)" if date.uncertain else words


def name(words: str, form: str = "") -> str:
    """The name of a row within a sentence: ``статья 3(1)``, ``в статье 3(1)``.

    Parameters
    ----------
    words : str
        ``статья 3(1)``; it begins with one of :data:`NOUNS`.
    form : str
        A preposition of :data:`NAME_CASES`, or ``р`` for the genitive alone.

    Raises
    ------
    WrongArgument
        If there is no such form.
    """
    if form not in NAME_CASES:
        raise WrongArgument(not_known("case", form, list(filter(None, NAME_CASES))))
    noun, *rest = words.split(" ")
    said = " ".join([NOUNS[noun][NAME_CASES[form]], *rest])
    return said if form in ("", BARE_GENITIVE) else f"{form} {said}"


def counted(count: int, forms: Sequence[str]) -> str:
    """A number with what is counted: ``132 события``.

    Parameters
    ----------
    count : int
        How many there are.
    forms : sequence of str
        What stands after 1, after 2 and after 5: ``событие``, ``события``, ``событий``.

    Raises
    ------
    WrongArgument
        If there are not three forms.
    """
    if len(forms) != len(PLURALS):
        raise WrongArgument(
            f"a noun needs its {len(PLURALS)} forms after 1, 2 and 5, as in "
            f"«событие, события, событий»; found {len(forms)}: {', '.join(forms)}"
        )
    form = dict(zip(PLURALS, forms, strict=True))[Locale("ru").plural_form(count)]
    return f"{number(count)} {form}"
