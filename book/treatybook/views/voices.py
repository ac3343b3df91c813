"""Who says what about when: the dated claims about some events, one row for each source."""

from __future__ import annotations

import datetime as dt
from itertools import cycle

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, row_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import is_doubtful
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument, checked, seen
from treatybook.evidence.identifiers import case_key
from treatybook.evidence.tables import Book

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "cross")
COLOURS = ("moscow", "troops", "state", "army", "peking", "ungern")
ROW = 62  # height of a lane in CSS pixels: its name and its marks
NEAR = 0.045  # of the first span: marks closer than this meet on a phone
CENTRE = -0.05  # of a lane below its name
STEP, ROOM = 0.28, 0.44  # between marks that would meet, and for all of them
OPEN_END = "arrow-right"


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
        raise WrongArgument("no case is named; name one or some")
    claims = book.claims
    wanted = claims["cases"].map(set(cases).intersection).astype(bool)
    found = claims[wanted & claims["date"].notna()]
    if found.empty:
        raise WrongArgument(f"no claim of {', '.join(cases)} states a date")
    return found.sort_values("date", kind="stable")


@checked
def by_source(
    book: Book, cases: str | tuple[str, ...], spans: dict[str, tuple[str, str]]
) -> FigureView:
    """One row for each source, one shape for each thing that it dates.

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
    claims = dated_claims(book, cases).reset_index(drop=True)
    first, last = _first_span(spans)
    claims["by"] = claims["source"].replace("", "no source seen")
    claims["hover"] = list(map(style.words, claims["by"], claims["subject"], claims["date"]))
    rows = {source: -number for number, source in enumerate(claims["by"].unique())}
    claims["y"] = _heights(claims, claims["by"].map(rows), first, last)
    things = claims.groupby("subject", sort=False)
    traces = []
    for (subject, own), symbol, thread in zip(things, cycle(SYMBOLS), cycle(COLOURS), strict=False):
        colour = style.THREAD_COLOURS[thread]
        traces += span_lines(own, last, colour=colour)
        traces.append(end_marks(own, symbol, colour, subject, last))
    plot = style.figure(
        traces,
        height=140 + ROW * len(rows),
        xaxis={"type": "date", "range": style.padded(first, last), "fixedrange": True} | style.DAYS,
        yaxis=style.rows(0.4 - len(rows), 0.75),
        annotations=[style.row_name(source, y + 0.42) for source, y in rows.items()],
        shapes=[style.row_line(y + 0.62) for y in rows.values()],
    )
    words = (
        f"{len(rows)} sources give {len(claims)} dates for {len(things)} things: "
        f"{', '.join(things.groups)}."
    )
    frame = pd.DataFrame(
        {
            "About": claims["subject"],
            "Claim": [row_cell("claim", key) for key in claims["claim_id"]],
            "Date": list(map(date_cell, claims["date"])),
            "By": claims["by"],
            "Note": claims["note"],
            "Evidence": [evidence_cell(book, level) for level in claims["evidence"]],
        }
    )
    table = TableView("voices-data", "Dated claims, by source", frame)
    buttons = [Button(label, {"xaxis.range": style.padded(*days)}) for label, days in spans.items()]
    caption = (
        "Who gives which date. A bar with a mark at each end covers every day that a date can mean."
        + " A hollow mark is uncertain or weakly attested."
        * any(map(is_doubtful, claims.to_dict("records")))
        + " An arrow leads on: the source gives no end." * any(map(_is_open, claims["date"]))
    )
    return FigureView("voices", plot, caption, words, table, buttons)


def _first_span(spans: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """The first of the spans, if all of them are two days that follow each other."""
    for label, days in spans.items():
        if not isinstance(days, tuple | list) or len(days) != 2:
            raise WrongArgument(f"the span {label!r} needs two days, and this is not: {seen(days)}")
        dates.span(*days)
    if not spans:
        raise WrongArgument("name at least one span, with its first and its last day")
    return next(iter(spans.values()))


def _heights(claims: pd.DataFrame, lanes: pd.Series, first: str, last: str) -> pd.Series:
    """Height of each claim: the middle of its lane, or next to it where marks would meet."""
    near = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days * NEAR
    days = [map(dt.date.fromisoformat, _ends(date, last)) for date in claims["date"]]
    days = pd.DataFrame([[day.toordinal() for day in ends] for ends in days], claims.index)
    # Claims of a lane, in the order of their dates, are parted where there is room between them.
    reach = days[1].groupby(lanes).cummax().groupby(lanes).shift(fill_value=0)
    crowds = claims.groupby([lanes, (days[0] - reach >= near).groupby(lanes).cumsum()])["date"]
    more = crowds.transform("size") - 1
    step = (ROOM / more.clip(lower=1)).clip(upper=STEP)
    return lanes + CENTRE + step * more / 2 - step * crowds.cumcount()


def span_lines(rows: pd.DataFrame, last: str = "", **look) -> list[go.Scatter]:
    """Lines over the spans of days among dated rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with ``date``, and their height ``y``.
    last : str
        Day to which a span without an end is drawn.
    **look
        As for :func:`treatybook.display.style.lines`.
    """
    dates = zip(rows["date"], rows["y"], strict=True)
    ends = [(*_ends(date, last), y) for date, y in dates if date.days > 1]
    return [style.lines(ends, **look)] if ends else []


def end_marks(
    rows: pd.DataFrame, symbol: str, colour: str, name: str, last: str = "", **look
) -> go.Scatter:
    """Marks of dated rows, hollow where the date or its evidence is in doubt.

    A span has a mark at each end and none in between: nobody gives its middle.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with ``date`` and ``evidence``, their height ``y`` and their words ``hover``.
    symbol, colour, name : str
        Their look, and what the legend says.
    last : str
        Day to which a span without an end is drawn; it ends there with an arrow.
    **look
        Further plotly settings.
    """
    # Filled marks come first, because the legend shows the first one.
    ends = [
        (day, row, OPEN_END if _is_open(row["date"]) and day == last else symbol)
        for row in sorted(rows.to_dict("records"), key=is_doubtful)
        for day in sorted(set(_ends(row["date"], last)))
    ]
    return style.marks(
        [day for day, *_ in ends],
        [row["y"] for _, row, _ in ends],
        [row["hover"] for _, row, _ in ends],
        name=name,
        symbol=[sign + "-open" * is_doubtful(row) for _, row, sign in ends],
        size=[16 if sign == OPEN_END else 12 for *_, sign in ends],
        colour=colour,
        **look,
    )


def _is_open(date: EdtfDate) -> bool:
    return date.latest == dt.date.max


def _ends(date: EdtfDate, last: str) -> tuple[str, str]:
    """First and last day of a bar; an open span runs to the edge of the figure."""
    return date.earliest.isoformat(), last if _is_open(date) else date.latest.isoformat()
