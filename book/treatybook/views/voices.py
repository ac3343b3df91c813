"""Who says what about when: the dated claims about some events, one row for each source."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.attestation import is_doubtful
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument
from treatybook.evidence.identifiers import address, case_key
from treatybook.evidence.tables import Book

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "cross")
COLOURS = ("moscow", "troops", "state", "army", "peking", "ungern")
UNSEEN = "no source seen"
ROW = 62  # height of a lane in CSS pixels: its name and its marks
NEAR = 0.045  # of the first span: marks closer than this meet on a phone
CENTRE = -0.05  # of a lane below its name
STEP, ROOM = 0.28, 0.44  # between marks that would meet, and for all of them
OPEN_END = "arrow-right"


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
    claims = book.claims
    wanted = claims["cases"].map(lambda own: bool(set(own) & set(cases)))
    found = claims[wanted & claims["date"].notna()]
    if found.empty:
        raise WrongArgument(f"no claim of {', '.join(cases)} states a date")
    return found.sort_values("date", kind="stable")


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
    claims = dated_claims(book, cases).to_dict("records")
    sources = list(dict.fromkeys(_source(claim) for claim in claims))
    subjects = list(dict.fromkeys(claim["subject"] for claim in claims))
    rows = {source: -number for number, source in enumerate(sources)}
    first, last = next(iter(spans.values()))
    heights = _heights(claims, rows, first, last)
    traces = []
    for number, subject in enumerate(subjects):
        own = [claim for claim in claims if claim["subject"] == subject]
        traces += _traces(own, heights, subject, number, last)
    plot = style.figure(
        traces,
        height=140 + ROW * len(rows),
        xaxis={"type": "date", "range": style.padded(first, last), "fixedrange": True} | style.DAYS,
        yaxis={"visible": False, "range": [-len(rows) + 0.4, 0.75], "fixedrange": True},
        annotations=[style.row_name(source, y + 0.42) for source, y in rows.items()],
        shapes=[style.row_line(y + 0.62) for y in rows.values()],
        legend={"y": -45 / (ROW * len(rows))},
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
                        href=address("claim", claim["claim_id"]),
                    ),
                    "Date": date_cell(claim["date"]),
                    "By": _source(claim),
                    "Note": claim["note"],
                    "Evidence": evidence_cell(book, claim["evidence"]),
                }
                for claim in claims
            ]
        ),
    )
    buttons = [Button(label, {"xaxis.range": style.padded(*days)}) for label, days in spans.items()]
    caption = (
        "Who gives which date. A bar with a mark at each end covers every day that a date can mean."
        + " A hollow mark is uncertain or weakly attested." * any(map(is_doubtful, claims))
        + " An arrow leads on: the source gives no end." * any(map(_is_open, claims))
    )
    return FigureView("voices", plot, caption, words, table, buttons)


def _heights(claims: list[dict], rows: dict[str, int], first: str, last: str) -> dict[str, float]:
    """Height of each claim: the middle of its lane, or next to it where marks would meet."""
    near = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)) * NEAR
    heights = {}
    for source, y in rows.items():
        own = [claim for claim in claims if _source(claim) == source]
        for crowd in _crowds(own, near, last):
            step = min(STEP, ROOM / max(len(crowd) - 1, 1))
            top = y + CENTRE + step * (len(crowd) - 1) / 2
            heights |= {claim["claim_id"]: top - step * n for n, claim in enumerate(crowd)}
    return heights


def _crowds(claims: list[dict], near: dt.timedelta, last: str) -> list[list[dict]]:
    """Claims of a lane, in the order of their dates, parted where there is room between them."""
    crowds: list[list[dict]] = []
    end = dt.date.min
    for claim in claims:
        start, own = map(dt.date.fromisoformat, _ends(claim["date"], last))
        if crowds and start - end < near:
            crowds[-1].append(claim)
        else:
            crowds.append([claim])
        end = max(end, own)
    return crowds


def _traces(
    claims: list[dict], heights: dict[str, float], subject: str, number: int, last: str
) -> list:
    colour = style.THREAD_COLOURS[COLOURS[number % len(COLOURS)]]
    symbol = SYMBOLS[number % len(SYMBOLS)]
    wide = [claim for claim in claims if claim["date"].days > 1]
    bars = go.Scatter(
        x=[x for claim in wide for x in (*_ends(claim["date"], last), None)],
        y=[y for claim in wide for y in (*[heights[claim["claim_id"]]] * 2, None)],
        mode="lines",
        line={"color": colour, "width": 5},
        hoverinfo="skip",
        showlegend=False,
    )
    # A span has a mark at each end and none in between: nobody gives its middle.
    # Filled marks come first, because the legend shows the first one.
    ends = [
        (day, claim)
        for claim in sorted(claims, key=is_doubtful)
        for day in sorted(set(_ends(claim["date"], last)))
    ]
    marks = go.Scatter(
        x=[day for day, _ in ends],
        y=[heights[claim["claim_id"]] for _, claim in ends],
        mode="markers",
        name=subject,
        marker={
            "symbol": [
                (OPEN_END if _is_open(claim) and day == last else symbol)
                + ("-open" if is_doubtful(claim) else "")
                for day, claim in ends
            ],
            "size": [16 if _is_open(claim) and day == last else 12 for day, claim in ends],
            "opacity": 1,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        hovertext=[
            f"<b>{_source(claim)}</b><br>{claim['subject']}<br>{claim['date']}" for _, claim in ends
        ],
        hoverinfo="text",
    )
    return [bars, marks] if wide else [marks]


def _source(claim: dict) -> str:
    return claim["source"] or UNSEEN


def _is_open(claim: dict) -> bool:
    return claim["date"].latest == dt.date.max


def _ends(date: EdtfDate, last: str) -> tuple[str, str]:
    """First and last day of a bar; an open span runs to the edge of the figure."""
    end = last if date.latest == dt.date.max else date.latest.isoformat()
    return date.earliest.isoformat(), end
