"""What the marks of a figure mean, as words and small drawings above it.

Plotly's own legend is drawn into the figure: it takes room that changes with the width, and its
entries look like buttons. This one is text of the page.
"""

from __future__ import annotations

from collections.abc import Iterable

import plotly.graph_objects as go
from markupsafe import Markup

from treatybook.display import style
from treatybook.display.elements import element
from treatybook.evidence.wording import _

BOX = 16  # width and height of a small drawing, in CSS pixels
RANK = 1000  # that plotly gives to a trace without one
# Paths in a box of 16 by 16; a symbol that is not here is drawn as a round mark.
SHAPES = {
    "square": "M3 3H13V13H3Z",
    "diamond": "M8 1.5L14.5 8L8 14.5L1.5 8Z",
    "triangle-up": "M8 2L14.5 13.5H1.5Z",
    "triangle-down": "M8 14L1.5 2.5H14.5Z",
    "triangle-right": "M14 8L2.5 14.5V1.5Z",
    "star": "M8 1L10 6H15L11 9.5L12.5 15L8 11.7L3.5 15L5 9.5L1 6H6Z",
    "cross": "M6 2H10V6H14V10H10V14H6V10H2V6H6Z",
    "x": "M3 5L5 3L8 6L11 3L13 5L10 8L13 11L11 13L8 10L5 13L3 11L6 8Z",
    "line-ew": "M1 8H15",
    "circle": "M2.5 8a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0Z",
}
DOT = "M6 8a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z"


def legend_html(plot: go.Figure) -> Markup | str:
    """The legend of a figure: one small drawing and its words for each named trace.

    Parameters
    ----------
    plot : plotly.graph_objects.Figure
        The figure; traces with the same legend group stand once.
    """
    # A heat map has a scale of colours and no marks.
    traces = [trace for trace in plot.data if trace.type in ("scatter", "bar", "histogram", "box")]
    named = [trace for trace in traces if trace.name and trace.showlegend is not False]
    if plot.layout.showlegend is False or not named:
        return ""
    named.sort(key=lambda trace: RANK if trace.legendrank is None else trace.legendrank)
    once = {trace.name: trace for trace in reversed(named)}
    items = [
        element("li", _swatch(trace), Markup(" "), _plain(trace.name))
        for trace in named
        if once.get(trace.name) is trace
    ]
    return element("ul", *items, class_="tb-legend", aria_label=_("What the marks mean"))


def _plain(name: str) -> str:
    return name.replace("<br>", " ").replace("<b>", "").replace("</b>", "")


def _swatch(trace: go.Scatter | go.Bar) -> Markup:
    paths = _scatter(trace) if trace.type == "scatter" else _bar(trace)
    about = {"viewBox": f"0 0 {BOX} {BOX}", "width": BOX, "height": BOX, "aria_hidden": "true"}
    return element("svg", *paths, **about)


def _path(shape: str, fill: str, stroke: str, width: float = 2, **more: str) -> Markup:
    return element("path", d=shape, fill=fill, stroke=stroke, stroke_width=f"{width:g}", **more)


def _first(value: object, otherwise: str) -> str:
    """One colour for a legend: that of all marks, or a neutral one where they differ."""
    if isinstance(value, str):
        return value
    colours = set(value or ()) if isinstance(value, Iterable) else set()
    return colours.pop() if len(colours) == 1 else otherwise


def _bar(trace: go.Bar) -> Iterable[Markup]:
    fill = _first(trace.marker.color, style.NEUTRAL)  # also of a histogram or a box
    stroke = _first(trace.marker.line.color, fill)
    yield _path("M1.5 4H14.5V12H1.5Z", fill, stroke, 1.5)


def _scatter(trace: go.Scatter) -> Iterable[Markup]:
    if "markers" not in (trace.mode or "markers"):
        colour = _first(trace.line.color, style.NEUTRAL)
        dashed = {"stroke_dasharray": "3 2"} if trace.line.dash not in (None, "solid") else {}
        yield _path(SHAPES["line-ew"], "none", colour, min(trace.line.width or 2, 6), **dashed)
        return
    symbol = _first(trace.marker.symbol, "circle") if trace.marker.symbol else "circle"
    name = symbol.removesuffix("-dot").removesuffix("-open")
    colour = _first(trace.marker.color, style.NEUTRAL)
    stroke = _first(trace.marker.line.color, colour)
    shape = SHAPES.get(name, SHAPES["circle"])
    hollow = "-open" in symbol or name.startswith("line")
    width = 5 if name.startswith("line") else 2
    if hollow and "-open" in symbol and not name.startswith("line"):
        stroke = colour
    yield _path(shape, "none" if hollow else colour, stroke, width)
    if symbol.endswith("-dot"):
        yield _path(DOT, colour, "none")
