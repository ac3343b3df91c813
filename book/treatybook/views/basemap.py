"""The base map: land, water, today's borders and the railways, as plain lines.

Longitude and latitude are drawn on two ordinary axes, so that nothing has to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

import plotly.graph_objects as go

from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.tables import Book

# At 48 degrees north a degree of longitude is about two thirds of one of latitude.
STRETCH = 1.49
REGION = (70, 38, 130, 60)  # west, south, east, north of the base map, in degrees
LAND = "rgba(128,128,128,0.12)"
WATER = "rgba(70,140,200,0.75)"
BORDER = "rgba(128,128,128,0.8)"
RAILWAY = "rgba(128,128,128,0.9)"

PHONE = 324  # width of a map on a phone, in CSS pixels
NAME_SIZE, LETTER = 12, 6.4  # height of a name and width of its letters, in CSS pixels
GAP = 3  # CSS pixels between a mark and its name
# Where a name can stand, best first: direction from its mark, to the right and upwards.
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))

Point = tuple[float, float]
Side = tuple[int, int]
Spot = tuple[str, float, float, float]  # name, longitude, latitude, size of the mark in pixels
View = tuple[float, float, float, float]  # west, east, south and north edge in degrees
Box = tuple[float, float, float, float]  # left, right, low, high


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


def names(spots: list[Spot], view: View) -> list[dict]:
    """Names beside their marks, so that no name covers a mark or another name.

    Names are placed in the order given, for a phone, where there is least room; one that finds
    none is left out. A spot without a name only takes room.

    Returns
    -------
    list of dict
        plotly's annotations.
    """
    west, east, south, north = view
    scale = PHONE / (east - west)
    frame = (0.0, PHONE, 0.0, (north - south) * STRETCH * scale)
    pixels = [((x - west) * scale, (y - south) * STRETCH * scale) for _, x, y, _ in spots]
    taken = [
        (x - size / 2, x + size / 2, y - size / 2, y + size / 2)
        for (x, y), (*_, size) in zip(pixels, spots, strict=True)
    ]
    found = []
    for spot, (x, y) in zip(spots, pixels, strict=True):
        for side in SIDES if spot[0] else ():
            box = _box(len(spot[0]) * LETTER, x, y, spot[3], side)
            if _within(box, frame) and not any(_meet(box, other) for other in taken):
                found.append(name(spot, side))
                taken.append(box)
                break
    return found


def name(spot: Spot, side: Side) -> dict:
    """A name on one side of its mark, as plotly's annotation."""
    text, x, y, size = spot
    right, up = side
    return {
        "text": text,
        "x": x,
        "y": y,
        "xanchor": {1: "left", 0: "center", -1: "right"}[right],
        "yanchor": {1: "bottom", 0: "middle", -1: "top"}[up],
        "xshift": right * _away(size, side),
        "yshift": up * _away(size, side),
        "borderpad": 0,
        "showarrow": False,
        "font": {"size": NAME_SIZE},
    }


def _away(size: float, side: Side) -> float:
    """How far a name stands from the middle of its mark along each axis, in pixels."""
    straight = 0 in side
    return (size / 2 + GAP) * (1 if straight else 0.7)


def _box(width: float, x: float, y: float, size: float, side: Side) -> Box:
    """The room of a name, in pixels."""
    (right, up), away = side, _away(size, side)
    left = x + right * away + (right - 1) * width / 2
    low = y + up * away + (up - 1) * NAME_SIZE / 2
    return left, left + width, low, low + NAME_SIZE


def _within(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and box[1] <= frame[1] and frame[2] <= box[2] and box[3] <= frame[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


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
