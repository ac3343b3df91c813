"""The words of the package in the reader's language: gettext, with the catalogues in ``locale``."""

from __future__ import annotations

import datetime as dt
import gettext
import os
from collections.abc import Collection
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

SOURCE = "en"
# Every language of the book, the one that it is written in first. A further one needs a folder
# in ``locale`` and columns in the tables, and nothing else.
LANGUAGES = {SOURCE: "English", "ru": "Русский"}
FURTHER = tuple(code for code in LANGUAGES if code != SOURCE)
LOCALE = Path(__file__).resolve().parents[3] / "locale"
PACKAGE = "package.po"
# What the descriptor says of tables and columns, and the bibliography of sources.
EVIDENCE = "evidence.po"
# The build of an edition names its language here; its kernels inherit it.
VARIABLE = "BOOK_LANGUAGE"

_spoken = os.environ.get(VARIABLE, SOURCE)


def speak(language: str) -> None:
    """Let the package use a language from now on: that of the book which was read last."""
    global _spoken
    _spoken = language


def spoken() -> str:
    """Code of the language in use."""
    return _spoken


def others() -> list[str]:
    """The languages of the site beside the one in use."""
    return [language for language in LANGUAGES if language != _spoken]


@cache
def _catalogue(language: str, name: str = PACKAGE) -> gettext.NullTranslations:
    if not (LOCALE / language / name).is_file():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(BytesIO(compiled(language, name)))


def compiled(language: str, name: str = PACKAGE, only: Collection[str] = ()) -> bytes:
    """A catalogue of a language as gettext reads it; of the package's perhaps some messages."""
    made, path = BytesIO(), LOCALE / language / name
    # A language that is new has no catalogue yet.
    catalogue = Catalog(locale=language)
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    for message in [message.id for message in catalogue if message.id] if only else ():
        if message not in only:
            catalogue.delete(message)
    write_mo(made, catalogue)
    return made.getvalue()


def _(message: str) -> str:
    """A text in the language in use; the English one where no translation is there."""
    return _catalogue(_spoken).gettext(message)


def translated(message: str) -> str:
    """A text of the descriptor or the bibliography in the language in use."""
    return _catalogue(_spoken, EVIDENCE).gettext(message) if message else ""


def plural(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a number; ``{n}`` in it becomes the number."""
    return _catalogue(_spoken).ngettext(one, many, int(count)).format(n=number(count))


def number(value: float, places: int = 0) -> str:
    """A number as the language in use writes it: ``10,000`` or ``10 000``, ``1.5`` or ``1,5``."""
    pattern = f"#,##0.{'0' * places}".rstrip(".")
    return format_decimal(round(value, places), pattern, locale=_spoken)


def percent(share: float) -> str:
    """A share of one as the language in use writes it: ``79%`` or ``79 %``."""
    return format_percent(share, "0%" if _spoken == SOURCE else None, locale=_spoken)


def in_words(day: dt.date, pattern: str) -> str:
    """A day in the language in use, as a pattern of Unicode has it: ``LLLL y`` is ``May 1921``."""
    return format_date(day, pattern, locale=_spoken)
