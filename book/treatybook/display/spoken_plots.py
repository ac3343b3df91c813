"""What plotly itself says in a figure, in the reader's language: months, numbers, buttons."""

from __future__ import annotations

from babel.dates import get_day_names, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from treatybook.evidence.wording import SOURCE, _, spoken


def config() -> dict:
    """Plotly's settings of a figure, with its words in the language in use."""
    return {
        "responsive": True,
        "displaylogo": False,
        "showSendToCloud": False,
        "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
        **locale(),
    }


def locale() -> dict:
    """The part of the settings that makes plotly speak; nothing in the language it is written in."""
    language = spoken()
    if language == SOURCE:
        return {}
    return {
        "locale": language,
        "locales": {language: {"dictionary": _buttons(), "format": _formats(language)}},
    }


def days() -> dict:
    """An axis of days: days before months, and the year once, below the first label in it."""
    return {
        "tickformatstops": [
            {"dtickrange": [None, "M1"], "value": _("%-d %b\n%Y")},
            {"dtickrange": ["M1", "M6"], "value": "%b\n%Y"},
            {"dtickrange": ["M12", None], "value": "%Y"},
        ],
        "ticklabeloverflow": "allow",
    }


def _formats(language: str) -> dict:
    """Names of months and days, short ones: ``%B`` is a month beside its day, ``%b`` one alone.

    A language may have two forms for them: ``1 мая``, but ``май 1921``.
    """
    beside, alone = (
        [names[month] for month in range(1, 13)]
        for names in (
            get_month_names("abbreviated", context, language)
            for context in ("format", "stand-alone")
        )
    )
    week = [6, *range(6)]  # plotly's begins on a Sunday, babel's on a Monday
    long, short = (get_day_names(width, locale=language) for width in ("wide", "abbreviated"))
    return {
        "days": [long[day] for day in week],
        "shortDays": [short[day] for day in week],
        "months": beside,
        "shortMonths": alone,
        "dayMonth": _("%b %-d"),
        "dayMonthYear": _("%b %-d, %Y"),
        "decimal": get_decimal_symbol(language),
        "thousands": get_group_symbol(language),
    }


def _buttons() -> dict[str, str]:
    """What plotly's own buttons and messages say."""
    return {
        "Download plot as a PNG": _("Download plot as a PNG"),
        "Download plot": _("Download plot"),
        "Preparing image - this may take a few seconds": _("Preparing the picture …"),
        "Image download succeeded": _("The picture is downloaded"),
        "Zoom": _("Zoom"),
        "Pan": _("Pan"),
        "Zoom in": _("Zoom in"),
        "Zoom out": _("Zoom out"),
        "Reset axes": _("Reset axes"),
        "Reset": _("Reset"),
        "Double-click to zoom back out": _("Double-click to zoom back out"),
    }
