"""The base map: land, water, today's borders and the railways, as plain lines.

Longitude and latitude are drawn on two ordinary axes, so that nothing has to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

import plotly.graph_objects as go

from treatybook.levels import WEAK_LEVELS
from treatybook.tables import Book

# At 48 degrees north a degree of longitude is about two thirds of one of latitude.
STRETCH = 1.49
REGION = (70, 38, 130, 60)  # west, south, east, north of the base map, in degrees
LAND = "rgba(128,128,128,0.12)"
WATER = "rgba(70,140,200,0.75)"
BORDER = "rgba(128,128,128,0.8)"
RAILWAY = "rgba(128,128,128,0.9)"

Point = tuple[float, float]


def base(book: Book) -> list[go.Scatter]:
    """Traces of the base map, from the ground up: land, lakes, rivers, borders, railways.

    Railways join the towns of a route by straight lines and are dotted where the row is
    only remembered.
    """
    traces = [
        _lines(book, "land", "land", fill="toself", fillcolor=LAND, line={"width": 0}),
        _lines(book, "lake", "lakes", fill="toself", fillcolor=WATER, line={"width": 0}),
        _lines(book, "river", "rivers", line={"color": WATER, "width": 1}),
        _lines(
            book, "border", "borders of today", line={"color": BORDER, "width": 1, "dash": "dash"}
        ),
    ]
    return [*traces, *_railways(book)]


def layout(west: float = 84, east: float = 122, south: float = 42, north: float = 55) -> dict:
    """Layout of a map that shows one part of the region without stretching it.

    Parameters
    ----------
    west, east, south, north : float
        Edges in degrees.

    Raises
    ------
    ValueError
        If the part does not lie inside the region of the base map.
    """
    if not (REGION[0] <= west < east <= REGION[2] and REGION[1] <= south < north <= REGION[3]):
        raise ValueError(
            f"the base map reaches from {REGION[0]} to {REGION[2]} degrees east and "
            f"from {REGION[1]} to {REGION[3]} degrees north"
        )
    hidden = {"showgrid": False, "showticklabels": False, "fixedrange": True}
    return {
        "xaxis": {**hidden, "type": "linear", "range": [west, east], "constrain": "domain"},
        "yaxis": {
            **hidden,
            "type": "linear",
            "range": [south, north],
            "scaleanchor": "x",
            "scaleratio": STRETCH,
            "constrain": "domain",
        },
        "legend": {"y": -0.02},
    }


def _lines(book: Book, kind: str, name: str, **drawing) -> go.Scatter:
    points: list[Point | tuple[None, None]] = []
    for feature in book.basemap["features"]:
        if feature["properties"]["kind"] == kind:
            for line in _parts(feature["geometry"]):
                points += [*line, (None, None)]
    return go.Scatter(
        x=[x for x, _ in points],
        y=[y for _, y in points],
        mode="lines",
        name=name,
        hoverinfo="skip",
        showlegend=kind == "border",
        **drawing,
    )


def _parts(geometry: dict) -> Iterator[list[Point]]:
    """Lines and rings of a geometry, however deep it is nested."""

    def walk(item: list) -> Iterator[list[Point]]:
        if isinstance(item[0][0], int | float):
            yield [(point[0], point[1]) for point in item]
        else:
            for part in item:
                yield from walk(part)

    yield from walk(geometry["coordinates"])


def _railways(book: Book) -> list[go.Scatter]:
    spots = {
        row["place_id"]: (row["longitude"], row["latitude"])
        for row in book.places.dropna(subset=["latitude"]).to_dict("records")
    }
    traces = []
    for weak in (False, True):
        routes = [
            route
            for route in book.routes.to_dict("records")
            if (route["evidence"] in WEAK_LEVELS) == weak
        ]
        if not routes:
            continue
        points = [
            point
            for route in routes
            for point in (*(spots[p] for p in route["places"]), (None, None))
        ]
        traces.append(
            go.Scatter(
                x=[x for x, _ in points],
                y=[y for _, y in points],
                mode="lines",
                name="railways, course not checked" if weak else "railways",
                hoverinfo="skip",
                line={"color": RAILWAY, "width": 2, "dash": "dot" if weak else "solid"},
            )
        )
    return traces
