"""Who says what about when: the dated claims about some events, one row for each source."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook import style
from treatybook.dates import EdtfDate
from treatybook.evidence import evidence_cell, is_doubtful
from treatybook.refer import claim_address
from treatybook.tables import Book
from treatybook.timeline import date_cell
from treatybook.view import Button, Cell, FigureView, TableView

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "cross")
COLOURS = ("moscow", "troops", "state", "army", "peking", "ungern")


def dated_claims(book: Book, cases: tuple[str, ...]) -> pd.DataFrame:
    """Claims of some cases that state a date.

    Returns
    -------
    pandas.DataFrame
        Rows of ``claims`` in the order of their dates.

    Raises
    ------
    ValueError
        If none of the cases has a dated claim.
    """
    claims = book.claims
    wanted = claims["cases"].map(lambda own: bool(set(own) & set(cases)))
    found = claims[wanted & claims["date"].notna()]
    if found.empty:
        raise ValueError(f"no claim of {', '.join(cases)} states a date")
    return found.sort_values("date", kind="stable")


def by_source(book: Book, cases: tuple[str, ...], spans: dict[str, tuple[str, str]]) -> FigureView:
    """One row for each source, one shape for each thing that it dates.

    Parameters
    ----------
    book : Book
        The tables.
    cases : tuple of str
        Cases whose dated claims are drawn.
    spans : dict of str to (str, str)
        Labels of the buttons with the first and last day they show; the first is the start.

    Raises
    ------
    ValueError
        If none of the cases has a dated claim.
    """
    claims = dated_claims(book, cases).to_dict("records")
    sources = list(dict.fromkeys(claim["source"] or "no source seen" for claim in claims))
    subjects = list(dict.fromkeys(claim["subject"] for claim in claims))
    rows = {source: -number for number, source in enumerate(sources)}
    first, last = next(iter(spans.values()))
    traces = []
    for number, subject in enumerate(subjects):
        own = [claim for claim in claims if claim["subject"] == subject]
        traces += _traces(own, rows, subject, number, last)
    plot = style.figure(
        traces,
        height=140 + 62 * len(rows),
        xaxis={"type": "date", "range": [first, last], "fixedrange": True},
        yaxis={"visible": False, "range": [-len(rows) + 0.4, 0.75], "fixedrange": True},
        annotations=[style.row_name(source, y + 0.42) for source, y in rows.items()],
        shapes=[style.row_line(y + 0.62) for y in rows.values()],
    )
    words = (
        f"{len(sources)} sources give {len(claims)} dates for {len(subjects)} things: "
        f"{', '.join(subjects)}."
    )
    table = TableView(
        "voices-data",
        "Dated claims, by source",
        pd.DataFrame(
            [
                {
                    "About": claim["subject"],
                    "Claim": Cell(
                        claim["claim_id"],
                        href=claim_address(claim["claim_id"]),
                    ),
                    "Date": date_cell(claim["date"]),
                    "By": claim["source"] or "no source seen",
                    "Note": claim["note"],
                    "Evidence": evidence_cell(book, claim["evidence"]),
                }
                for claim in claims
            ]
        ),
    )
    buttons = [Button(label, {"xaxis.range": list(span)}) for label, span in spans.items()]
    caption = (
        "Who gives which date. A bar with a mark at each end covers every day that a date can mean."
    )
    return FigureView("voices", plot, caption, words, table, buttons)


def _traces(claims: list[dict], rows: dict[str, int], subject: str, number: int, last: str) -> list:
    colour = style.THREAD_COLOURS[COLOURS[number % len(COLOURS)]]
    symbol = SYMBOLS[number % len(SYMBOLS)]
    lower = 0.08 * number
    wide = [claim for claim in claims if claim["date"].days > 1]
    bars = go.Scatter(
        x=[x for claim in wide for x in (*_ends(claim["date"], last), None)],
        y=[y for claim in wide for y in (*[_row(claim, rows) - lower] * 2, None)],
        mode="lines",
        line={"color": colour, "width": 5},
        hoverinfo="skip",
        showlegend=False,
    )
    # A span has a mark at each end and none in between: nobody gives its middle.
    ends = [(day, claim) for claim in claims for day in sorted(set(_ends(claim["date"], last)))]
    marks = go.Scatter(
        x=[day for day, _ in ends],
        y=[_row(claim, rows) - lower for _, claim in ends],
        mode="markers",
        name=subject,
        marker={
            "symbol": [symbol + ("-open" if is_doubtful(claim) else "") for _, claim in ends],
            "size": 12,
            "color": colour,
            "line": {"width": 2},
        },
        hovertext=[
            f"<b>{claim['source'] or 'no source seen'}</b><br>{claim['subject']}<br>{claim['date']}"
            for _, claim in ends
        ],
        hoverinfo="text",
    )
    return [bars, marks] if wide else [marks]


def _row(claim: dict, rows: dict[str, int]) -> int:
    return rows[claim["source"] or "no source seen"]


def _ends(date: EdtfDate, last: str) -> tuple[str, str]:
    """First and last day of a bar; an open span runs to the edge of the figure."""
    end = last if date.latest == dt.date.max else date.latest.isoformat()
    return date.earliest.isoformat(), end
