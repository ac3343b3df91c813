"""Drawings of the pages made fit for a big screen: large words, names of rows to their left.

The figures of the pages are drawn for a phone first. On a slide there is more width and less
height, and the words must be read from the back of a room.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable

import plotly.graph_objects as go

TEXT = 24  # smallest size of words on a screen of 1280 by 720, in CSS pixels
DENSE_TEXT = 22  # a map with its legend and the list of a month
LIST_LINE = 57  # characters in a line of that list
LEGENDS = {"legend": -0.005, "legend2": 0.262, "legend3": 0.402}  # below it: left ends, in widths
BIGGER = 1.3  # by how much marks grow
FEW_ROWS = 4  # figures with so few rows keep the names above them


def projected(
    plot: go.Figure, height: int, rows: int, adapt: Callable[[go.Figure], None] | None
) -> go.Figure:
    """A drawing for a big screen.

    Parameters
    ----------
    plot : plotly.graph_objects.Figure
        The drawing of a page.
    height : int
        Its height on the slide in CSS pixels.
    rows : int
        How many rows are shown, from the top; 0 for all.
    adapt : callable or None
        A further change, made last.
    """
    big, size = go.Figure(plot), {"size": TEXT}
    big.update_layout(
        height=height,
        font=size,
        hoverlabel_font=size,
        margin={"l": 8, "r": 28, "t": 8, "b": 8},
        legend={"yref": "container", "y": 0, "yanchor": "bottom", "font": size},
    )
    big.update_xaxes(tickfont=size, title_font=size)
    big.update_yaxes(tickfont=size, title_font=size)
    big.update_annotations(font=size)
    big.update_xaxes({"visible": False}, selector={"overlaying": "x"})  # a slide is low
    for trace in (trace for part in (big, *big.frames) for trace in part.data):
        _grow(trace)
    _names_to_the_left(big)
    if rows:
        big.update_layout(yaxis_range=[0.5 - rows, big.layout.yaxis.range[1]])
    if adapt:
        adapt(big)
    return big


def _grow(trace: go.Scatter | go.Bar) -> None:
    if trace.type == "scatter" and "text" in (trace.mode or ""):
        trace.textfont.size = TEXT
    if trace.type == "scatter" and isinstance(trace.marker.size, (int, float)):
        trace.marker.size *= BIGGER


def _names_to_the_left(plot: go.Figure) -> None:
    """Names above the rows, which suit a phone, become names beside them."""
    notes = plot.layout.annotations
    names = [note for note in notes if note.xref == "paper" and note.x == 0]
    if len(names) <= FEW_ROWS:
        return
    plot.layout.annotations = [note for note in notes if note not in names]
    room = {"ticks": "outside", "ticklen": 10, "tickcolor": "rgba(0,0,0,0)"}
    places = [round(note.y - 0.4) for note in names]
    texts = [re.sub(r"</?b>|^<b>[§◆] ", "", note.text) for note in names]
    named = {"tickmode": "array", "tickvals": places, "ticktext": texts}
    plot.update_yaxes(visible=True, showgrid=False, **room, **named)
    plot.update_xaxes(tickangle=0, nticks=6)


def beside_numbers(plot: go.Figure) -> None:
    """Signs of a calendar that stood in the corners of a day, beside its number."""
    for trace in plot.data:
        if trace.mode == "markers":
            trace.y = [round(y) for y in trace.y]


def list_beside_map(plot: go.Figure) -> None:
    """The map to the left with its legend below, the list of the month to its right."""
    plot.update_layout(
        xaxis_domain=[0, 0.545],
        yaxis={"domain": [0.22, 1], "constraintoward": "top"},
        xaxis2_domain=[0.568, 1],
        yaxis2_domain=[0, 1],
    )
    _legend_in_columns(plot)
    for part in (plot, *plot.frames):
        listed = part.data[-1]
        lines = listed.text[0].replace("<br>   ", " ").split("<br>")
        listed.text = ["<br>".join("<br>   ".join(textwrap.wrap(x, LIST_LINE)) for x in lines)]
        listed.textfont.size = DENSE_TEXT
    plot.update_annotations(font_size=DENSE_TEXT)


def _legend_in_columns(plot: go.Figure) -> None:
    """Several legends side by side, because one would be as wide as the whole drawing."""
    named = [trace for trace in plot.data if trace.showlegend is not False]
    rows = math.ceil(len(named) / len(LEGENDS))
    for number, trace in enumerate(named):
        trace.legend = [*LEGENDS][number // rows]
    look = {"orientation": "v", "font": {"size": DENSE_TEXT}}
    place = {"xanchor": "left", "yref": "paper", "y": 0, "yanchor": "bottom"}
    plot.update_layout({name: {"x": x, **place, **look} for name, x in LEGENDS.items()})
