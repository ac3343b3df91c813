"""Who says what about when: the dated claims about some things, a row for each of them."""

from __future__ import annotations

import datetime as dt
import textwrap
from functools import partial
from itertools import combinations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import spoken_plots, style
from treatybook.display.cells import date_cell, evidence_cell, row_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument, checked, seen
from treatybook.evidence.identifiers import address, case_key
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, in_words
from treatybook.views import dated

ROW = 18  # CSS pixels from one row to the next
AROUND = 50  # CSS pixels for the axis
MOST_ROWS = 28  # of claims and of the names of things; more would be too high for a phone
CHARACTER = 0.02  # of a name beside a mark on a phone, as a share of the days that are shown
NAME_LINE = 20  # characters of the name of a source beside its mark


@checked
def dated_claims(book: Book, cases: str | tuple[str, ...]) -> pd.DataFrame:
    """Claims of one or some cases that state a date.

    Returns
    -------
    pandas.DataFrame
        Rows of ``claims`` in the order of their dates.

    Raises
    ------
    WrongArgument
        If there is no such case (the message names the nearest), or if none of the cases has
        a dated claim.
    """
    asked = (cases,) if isinstance(cases, str) else cases
    cases = [case_key(book, case) for case in asked]
    if not cases:
        raise WrongArgument(_("no case is named; name one or some"))
    claims = book.claims
    wanted = claims["cases"].map(set(cases).intersection).astype(bool)
    found = claims[wanted & claims["date"].notna()]
    if found.empty:
        told = _("no claim of {cases} states a date")
        raise WrongArgument(told.format(cases=", ".join(cases)))
    return found.sort_values("date", kind="stable")


@checked
def by_source(
    book: Book, cases: str | tuple[str, ...], spans: dict[str, tuple[str, str]]
) -> FigureView:
    """The dates that sources give, thing by thing: a row for each claim, named by its source.

    Parameters
    ----------
    book : Book
        The tables.
    cases : str or tuple of str
        Cases whose dated claims are drawn.
    spans : dict of str to (str, str)
        Labels of the buttons with the first and last day they show; the first is the start.

    Raises
    ------
    WrongArgument
        If there is no such case (the message names the nearest), or if none of the cases has
        a dated claim.
    """
    claims = _in_rows(dated_claims(book, cases))
    first, last = _first_span(spans)
    claims["by"] = [
        book.sources[key].short if key else _("no source seen") for key in claims["source"]
    ]
    drawn = _drawn(book, claims[claims["y"] > -MOST_ROWS], last)
    heads = drawn.groupby("subject", sort=False)["y"].max() + 1
    views = {label: _zoom(drawn, *days) for label, days in spans.items()}
    start = next(iter(views.values()))
    drawn["side"] = _sides(drawn, first, last)
    traces = [
        *dated.span_bars(drawn),
        *dated.day_marks(drawn),
        *dated.names_beside(drawn),
        *dated.date_keys(drawn),
    ]
    plot = style.figure(
        traces,
        height=start["height"],
        barmode="overlay",
        xaxis={"type": "date", "range": start["xaxis.range"], "fixedrange": True}
        | spoken_plots.days(),
        yaxis=style.rows(*start["yaxis.range"]),
        annotations=[style.row_name(f"<b>{subject}</b>", y - 0.15) for subject, y in heads.items()],
        shapes=[style.row_line(y + 0.6) for y in heads],
    )
    buttons = [
        Button(label, view, {"textposition": [_positions(drawn, *spans[label])] * len(traces)})
        for label, view in views.items()
    ]
    things = _differing(claims)
    return FigureView(
        "voices",
        plot,
        _caption(claims, drawn),
        _words(claims, things),
        _table(book, claims),
        buttons,
        headline=_headline(things),
        adapt=partial(_rows_as_high, height=start["height"]),
    )


def _rows_as_high(plot: go.Figure, height: int) -> None:
    """On a wide page the rows, each with a name of its own, keep their height."""
    plot.layout.height = height


def _in_rows(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims, thing by thing, each in a row of its own below the name of its thing."""
    order = {subject: n for n, subject in enumerate(claims["subject"].unique())}
    number = claims["subject"].map(order)
    claims = claims.assign(number=number).sort_values("number", kind="stable")
    return claims.assign(y=[-n - thing - 1 for n, thing in enumerate(claims["number"])])


def _drawn(book: Book, claims: pd.DataFrame, last: str) -> pd.DataFrame:
    """The claims with all that their marks say; a span without an end runs to the last day."""
    claims = claims.copy()
    dated.add_days(claims)
    end, events = dt.date.fromisoformat(last), book.by_key("events", "thread")
    colours = style.party_colours(book, "thread")
    no_end = [_is_open(date) for date in claims["date"]]
    claims["latest"] = claims["latest"].mask(no_end, end)
    lengths = zip(claims["earliest"], claims["latest"], strict=True)
    claims["days"] = [(until - since).days + 1 for since, until in lengths]
    threads = [events[keys[0]] if keys else "" for keys in claims["events"]]
    claims["colour"] = [colours.get(thread, style.NEUTRAL) for thread in threads]
    claims["name"] = list(map(_name, claims.to_dict("records")))
    said = claims["source"].replace("", _("no source seen"))
    claims["hover"] = list(map(style.words, claims["subject"], claims["date"], claims["by"], said))
    claims["address"] = [address("claim", key) for key in claims["claim_id"]]
    return claims


def _name(claim: dict) -> str:
    """What stands beside the mark of a claim: its date without the year, and its source."""
    date = str(claim["date"])
    if claim["date"].precision in ("day", "month"):
        date = date.removesuffix(_year_words(claim["date"].earliest.year))
    return f"{date}, {textwrap.shorten(claim['by'], NAME_LINE, placeholder=' …')}"


def _year_words(year: int) -> str:
    """What follows the day and the month in words."""
    first = dates.parse(f"{year}-01-01")
    return str(first).removeprefix(in_words(first.earliest, "d MMMM"))


def _zoom(claims: pd.DataFrame, first: str, last: str) -> dict:
    """Layout that shows the days, and of the rows those that have something in them."""
    start, end = dates.span(first, last)
    inside = claims[(claims["earliest"] <= end) & (claims["latest"] >= start)]["number"]
    shown = claims[claims["number"].between(inside.min(), inside.max())]["y"]
    shown = claims["y"] if shown.empty else shown
    low, high = int(shown.min()), int(shown.max()) + 1
    return {
        "xaxis.range": style.padded(first, last),
        "yaxis.range": [low - 0.6, high + 0.6],
        "height": AROUND + ROW * (high - low + 1),
    }


def _sides(claims: pd.DataFrame, first: str, last: str) -> pd.Series:
    """On which side of its mark each name has room."""
    start, end = dates.span(first, last)
    sides = []
    for since, until, name in claims[["earliest", "latest", "name"]].itertuples(index=False):
        length = len(name) * CHARACTER * (end - start)
        right, left = until + length <= end, since - length >= start
        sides.append("right" if right else "left" if left else "inside")
    return pd.Series(sides, claims.index)


def _positions(claims: pd.DataFrame, first: str, last: str) -> list[str]:
    return dated.textposition(_sides(claims, first, last))


def _differing(claims: pd.DataFrame) -> dict[str, int]:
    """How many dates each thing has, and 0 where all of them may mean the same time.

    What nothing establishes does not count.
    """
    claims = claims.assign(weak=claims["evidence"].isin(WEAK_LEVELS))
    return {
        subject: _apart(list(own[~own["weak"]]["date"].unique()))
        for subject, own in claims.groupby("subject", sort=False)
    }


def _apart(given: list[EdtfDate]) -> int:
    apart = any(not dates.may_be_one(*pair) for pair in combinations(given, 2))
    return len(given) if apart else 0


def _headline(things: dict[str, int]) -> str:
    apart = {subject: number for subject, number in things.items() if number}
    if not apart:
        told = _("For none of {n} things the sources give dates that differ")
        return told.format(n=len(things))
    most = max(apart, key=apart.__getitem__)
    return _(
        "For {n} of {all} things the sources give dates that differ; most for {thing}: {most}"
    ).format(n=len(apart), all=len(things), thing=most, most=apart[most])


def _words(claims: pd.DataFrame, things: dict[str, int]) -> str:
    apart = [subject for subject, number in things.items() if number]
    parts = [_("Sources differ on {things}.").format(things=", ".join(apart))] * bool(apart)
    told = _("{sources} sources give {dates} dates for {n} things: {things}.").format(
        sources=claims["source"].nunique(),
        dates=len(claims),
        n=len(things),
        things=", ".join(things),
    )
    return " ".join([*parts, told])


def _caption(claims: pd.DataFrame, drawn: pd.DataFrame) -> str:
    left_out = len(claims) - len(drawn)
    caption = _(
        "Who gives which date. A round mark is a day, a bar covers every day that a date can mean."
    )
    if left_out:
        caption += " " + _("The last {n} are in the table only.").format(n=left_out)
    return caption


def _table(book: Book, claims: pd.DataFrame) -> TableView:
    frame = pd.DataFrame(
        {
            _("About"): claims["subject"],
            _("Claim"): [row_cell("claim", key) for key in claims["claim_id"]],
            _("Date"): list(map(date_cell, claims["date"])),
            _("By"): claims["source"].replace("", _("no source seen")),
            _("Note"): claims["note"],
            _("Evidence"): [evidence_cell(book, level) for level in claims["evidence"]],
        }
    )
    return TableView("voices-data", _("Dated claims, by what they date"), frame)


def _first_span(spans: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """The first of the spans, if all of them are two days that follow each other."""
    for label, days in spans.items():
        if not isinstance(days, tuple | list) or len(days) != 2:
            told = _("the span {label!r} needs two days, and this is not: {found}")
            raise WrongArgument(told.format(label=label, found=seen(days)))
        dates.span(*days)
    if not spans:
        raise WrongArgument(_("name at least one span, with its first and its last day"))
    return next(iter(spans.values()))


def _is_open(date: EdtfDate) -> bool:
    return date.latest == dt.date.max
