"""The layouts of a drawing: as its view drew it for a phone, for a wide page, and for a slide.

A view draws for a phone: names of rows stand above them, and a list below its map. On a wide page
there is more width and less height; on a slide, the words must be read from the back of a room.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence

import plotly.graph_objects as go

NARROW, WIDE, SLIDE = "narrow", "wide", "slide"
# Widths for which drawings are made, in CSS pixels: of a phone, a page and a slide, less margins.
WIDTHS = {NARROW: 328, WIDE: 688, SLIDE: 1208}
TALLEST = 640  # of a drawing on a wide page, in CSS pixels
TEXT = 24  # smallest size of words on a screen of 1280 by 720, in CSS pixels
DENSE_TEXT = 19  # a map with the list of a month
LIST_LINE = 62  # characters in a line of that list
BIGGER = 1.3  # by how much marks grow on a slide
FEW_ROWS = 4  # figures with so few rows keep the names above them
NAME_LINES = {False: 34, True: 56}  # characters of a name beside its row, on a page and a slide
FLATTER = 0.72  # height that rows keep when their names no longer stand above them

Adaption = Callable[[go.Figure], None] | None


def wide(plot: go.Figure, adapt: Adaption = None) -> go.Figure:
    """A drawing for a wide page.

    Parameters
    ----------
    plot : plotly.graph_objects.Figure
        The drawing for a phone.
    adapt : callable or None
        A further change, made last.
    """
    made = go.Figure(plot)
    height = made.layout.height
    if _names_to_the_left(made):
        height = round(height * FLATTER)
    made.update_layout(height=min(height, TALLEST))
    if adapt:
        adapt(made)
    return made


def projected(plot: go.Figure, height: int, rows: int, adapt: Adaption = None) -> go.Figure:
    """A drawing for a big screen.

    Parameters
    ----------
    plot : plotly.graph_objects.Figure
        The drawing for a phone.
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
    )
    big.update_xaxes(tickfont=size, title_font=size)
    big.update_yaxes(tickfont=size, title_font=size)
    big.update_annotations(font=size)
    for trace in (trace for part in (big, *big.frames) for trace in part.data):
        _grow(trace)
    _names_to_the_left(big)
    if rows:
        big.update_layout(yaxis_range=[0.5 - rows, big.layout.yaxis.range[1]])
    if adapt:
        adapt(big)
    return big


def change(layout: Mapping[str, object], narrow: go.Figure, other: go.Figure) -> dict:
    """What a button changes in the layout, told for another drawing than the narrow one.

    Parameters
    ----------
    layout : mapping
        The change of the narrow drawing.
    narrow, other : plotly.graph_objects.Figure
        The drawings.
    """
    told = dict(layout)
    if "height" in told:
        told["height"] = round(told["height"] * other.layout.height / narrow.layout.height)
    if "annotations" in told and other.layout.yaxis.ticktext:
        names, kept = _row_names(map(go.layout.Annotation, told["annotations"]))
        told["annotations"] = [note.to_plotly_json() for note in kept]
        told["yaxis.ticktext"] = _beside(names, other)
    return told


def _grow(trace: go.Scatter | go.Bar) -> None:
    if trace.type == "scatter" and "text" in (trace.mode or ""):
        trace.textfont.size = TEXT
    if trace.type == "scatter" and isinstance(trace.marker.size, (int, float)):
        trace.marker.size *= BIGGER


def _row_names(notes: Sequence) -> tuple[list, list]:
    """Names of rows, and the other words of a drawing."""
    names, others = [], []
    for note in notes:
        (names if note.xref == "paper" and note.x == 0 else others).append(note)
    return names, others


def _beside(names: Sequence, plot: go.Figure) -> list[str]:
    line = NAME_LINES[plot.layout.font.size == TEXT]
    texts = (re.sub(r"</?b>|^<b>[§▲] ", "", note.text) for note in names)
    return ["<br>".join(textwrap.wrap(text, line)) for text in texts]


def _names_to_the_left(plot: go.Figure) -> bool:
    """Names above the rows, which suit a phone, become names beside them; whether they did."""
    names, kept = _row_names(plot.layout.annotations)
    if len(names) <= FEW_ROWS:
        return False
    plot.layout.annotations = kept
    room = {"ticks": "outside", "ticklen": 10, "tickcolor": "rgba(0,0,0,0)"}
    places = [round(note.y - 0.4) for note in names]
    named = {"tickmode": "array", "tickvals": places, "ticktext": _beside(names, plot)}
    plot.update_yaxes(visible=True, showgrid=False, **room, **named)
    plot.update_xaxes(tickangle=0, nticks=6)
    return True


def list_beside_map(plot: go.Figure, size: int = DENSE_TEXT) -> None:
    """The map to the left, the list of the month to its right.

    Parameters
    ----------
    plot : plotly.graph_objects.Figure
        A map with a list below it, which is the last trace of the drawing and of each frame.
    size : int
        Size of the words, in CSS pixels.
    """
    plot.update_layout(
        xaxis_domain=[0, 0.5],
        yaxis={"domain": [0, 1], "constraintoward": "top"},
        xaxis2_domain=[0.515, 1],
        yaxis2_domain=[0, 1],
    )
    for part in (plot, *plot.frames):
        listed = part.data[-1]
        lines = listed.text[0].replace("<br>   ", " ").split("<br>")
        listed.text = ["<br>".join("<br>   ".join(textwrap.wrap(x, LIST_LINE)) for x in lines)]
        listed.textfont.size = size
    plot.update_annotations(font_size=size)
