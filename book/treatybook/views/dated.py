"""Dated rows as marks and bars: one way to draw them in the timeline and among the voices.

Shape is exactness: a round mark is a day, a diamond a day that is about or uncertain, a bar a
span of days. Fill is the level of evidence, colour the party.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.evidence.wording import _

OFF = "\u2002\u2009"  # spaces that keep a name off its mark


def add_days(rows: pd.DataFrame) -> None:
    """Give dated rows what a figure needs of ``date``: first and last day, their number, doubts."""
    for part in ("earliest", "latest", "days", "uncertain", "approximate"):
        rows[part] = [getattr(date, part) for date in rows["date"]]


def span_bars(events: pd.DataFrame) -> list[go.Bar]:
    """Bars over the days of rows with :func:`add_days` that are dated to more than one day.

    Parameters
    ----------
    events : pandas.DataFrame
        Rows with ``evidence``, ``colour``, ``y``, ``hover`` and ``address`` besides.
    """
    spans = events[events["days"] > 1]
    if spans.empty:
        return []
    looks = list(map(style.bar_look, spans["evidence"], spans["colour"]))
    marker = {
        "color": [look["color"] for look in looks],
        "line": {"color": list(spans["colour"]), "width": 2},
    }
    return [
        style.bars(
            spans["earliest"],
            spans["days"],
            spans["y"],
            width=0.55,
            marker=marker,
            hovertext=list(spans["hover"]),
            customdata=list(spans["address"]),
            showlegend=False,
        )
    ]


def day_marks(events: pd.DataFrame) -> list[go.Scatter]:
    """Marks of rows that are dated to a day; columns as for :func:`span_bars`."""
    days = events[events["days"] == 1]
    if days.empty:
        return []
    shapes = ["diamond" if inexact else "circle" for inexact in inexact(days)]
    return [
        style.marks(
            [day.isoformat() for day in days["earliest"]],
            days["y"],
            days["hover"],
            symbol=list(map(style.filled, days["evidence"], shapes)),
            size=10,
            colour=list(days["colour"]),
            customdata=list(days["address"]),
        )
    ]


def names_beside(events: pd.DataFrame) -> list[go.Scatter]:
    """The names of marks and bars: ``name``, and its ``side``: right, left, or inside its bar."""
    named = events[events["name"] != ""]
    if named.empty:
        return []
    first = named["side"] != "right"
    return [
        go.Scatter(
            x=[day.isoformat() for day in named["latest"].mask(first, named["earliest"])],
            y=list(named["y"]),
            mode="text",
            text=[f"{OFF}{name}{OFF}" for name in named["name"]],
            textposition=textposition(named["side"]),
            textfont={"size": style.SMALL},
            hoverinfo="skip",
            showlegend=False,
        )
    ]


def textposition(sides: pd.Series) -> list[str]:
    """plotly's words for the sides on which names stand."""
    return ["middle left" if side == "left" else "middle right" for side in sides]


def date_keys(events: pd.DataFrame) -> list[go.Scatter]:
    """Entries of the legend for what occurs among rows with :func:`add_days`."""
    one_day, doubted = events["days"] == 1, inexact(events)
    keys = (
        ((one_day & doubted).any(), _("about or uncertain"), {"symbol": "diamond"}),
        ((~one_day).any(), _("a span of days"), style.BAR_KEY),
    )
    ways = [style.key(name, 5, **marker) for occurs, name, marker in keys if occurs]
    return [*style.evidence_keys(events["evidence"]), *ways]


def inexact(events: pd.DataFrame) -> pd.Series:
    """Whether the date of each row is about or uncertain."""
    return events["uncertain"] | events["approximate"]
