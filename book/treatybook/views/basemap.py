"""The base map: land, water, today's borders and the railways, as plain lines.

Longitude and latitude are drawn on two ordinary axes, so that nothing has to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import layouts, style
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _

# At 48 degrees north a degree of longitude is about two thirds of one of latitude.
STRETCH = 1.49
LAND = "rgba(128,128,128,0.12)"
WATER = "rgba(70,140,200,0.75)"
BORDER = "rgba(128,128,128,0.8)"
RAILWAY = "rgba(128,128,128,0.9)"

MARGIN = 2  # around a map, in CSS pixels
PHONE = 324  # width of a map on a phone, in CSS pixels
NAME_SIZE, LETTER = 12, 6.4  # height of a name and width of its letters, in CSS pixels
LINE = 15  # height of a line of a name of two lines, in CSS pixels
GAP = 3  # CSS pixels between a mark and its name
# Where a name can stand, best first: direction from its mark, to the right and upwards.
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))

Side = tuple[int, int]
Spot = tuple[str, float, float, float]  # name, longitude, latitude, size of the mark in pixels
View = tuple[float, float, float, float]  # west, east, south and north edge in degrees
Box = tuple[float, float, float, float]  # left, right, low, high
REGION: View = (70, 130, 38, 60)  # the whole base map
ABOVE_OR_BELOW = ((0, -1), (0, 1), (1, 1), (-1, 1), (1, -1), (-1, -1))
SLEEPER = 0.3  # degrees between the spots that stand for a railway
FAINT = 0.7  # strength of the name of an area


def areas() -> dict[str, tuple[tuple[float, float], ...]]:
    """What lies where in 1921: by its name where that can stand, best first, in degrees."""
    return {
        _("Mongolia"): ((103, 45.2), (104, 44.2), (98, 46.4), (110, 46.4), (94, 46.7)),
        _("Lake Baikal"): (
            (112, 54.6),
            (103.4, 55.1),
            (111.5, 57.2),
            (109.6, 52.35),
            (103.3, 51.35),
        ),
        _("China"): ((104, 41.2), (110, 41), (93, 43), (86, 46.7), (88, 45)),
        _("Soviet Russia"): ((93, 57.5), (93, 58.6), (89, 52.3), (88, 51.2), (100.4, 51.7)),
        _("Far Eastern<br>Republic"): ((119, 54), (119.5, 58), (123, 54.4), (113.4, 51.8)),
    }


def base(book: Book) -> list[go.Scatter]:
    """Traces of the base map, from the ground up: land, lakes, rivers, borders, railways.

    Railways join the towns of a route by straight lines and are dotted where the row is
    only remembered.
    """
    border = {"color": BORDER, "width": 1, "dash": "dash"}
    return [
        _ground(book, "land", _("land"), fill="toself", fillcolor=LAND, line={"width": 0}),
        _ground(book, "lake", _("lakes"), fill="toself", fillcolor=WATER, line={"width": 0}),
        _ground(book, "river", _("rivers"), line={"color": WATER, "width": 1}),
        _ground(book, "border", _("borders of today"), line=border),
        *_railways(book),
    ]


def _ground(book: Book, kind: str, name: str, **look) -> go.Scatter:
    lines = [
        line
        for feature in book.basemap["features"]
        if feature["properties"]["kind"] == kind
        for line in lines_of(feature["geometry"]["coordinates"])
    ]
    return _joined(lines, name=name, showlegend=kind == "border", **look)


def _railways(book: Book) -> Iterator[go.Scatter]:
    for weak, routes in book.routes.groupby(book.routes["evidence"].isin(WEAK_LEVELS)):
        name = _("railways, course not checked") if weak else _("railways")
        line = {"color": RAILWAY, "width": 2, "dash": "dot" if weak else "solid"}
        yield _joined(_tracks(book, routes), name=name, line=line)


def _tracks(book: Book, routes: pd.DataFrame) -> list[list[tuple[float, float]]]:
    places = book.rows("places")
    return [
        [(places[key]["longitude"], places[key]["latitude"]) for key in stops]
        for stops in routes["places"]
    ]


def railway_spots(book: Book) -> list[Spot]:
    """The railways as small spots without a name, so that no name is put on them."""
    spots = []
    for track in _tracks(book, book.routes):
        for (x, y), (next_x, next_y) in pairwise(track):
            parts = int(max(abs(next_x - x), abs(next_y - y)) / SLEEPER) + 1
            spots += [
                ("", x + (next_x - x) * n / parts, y + (next_y - y) * n / parts, 2)
                for n in range(parts)
            ]
    return spots


def _joined(lines: Iterable[list], **look) -> go.Scatter:
    """Many lines of points as one trace."""
    points = [point for line in lines for point in (*line, (None, None))]
    x, y = ([point[axis] for point in points] for axis in (0, 1))
    return go.Scatter(x=x, y=y, mode="lines", hoverinfo="skip", **look)


def lines_of(coordinates: list) -> Iterator[list]:
    """Lines and rings of a geometry, however deep they are nested."""
    if isinstance(coordinates[0][0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from lines_of(part)


def layout(view: View) -> dict:
    """Layout of a map that shows one part of the region without stretching it.

    Parameters
    ----------
    view : View
        The part.

    Raises
    ------
    ValueError
        If the part does not lie inside the region of the base map.
    """
    west, east, south, north = view
    if not (west < east and south < north and _within(view, REGION)):
        told = _("the base map reaches from {} to {} degrees east and from {} to {} degrees north")
        raise ValueError(told.format(*REGION))
    bare = {"type": "linear", "showgrid": False, "showticklabels": False, "constrain": "domain"}
    scale = {"scaleanchor": "x", "scaleratio": STRETCH}
    return {
        "xaxis": style.fixed(range=[west, east], **bare),
        "yaxis": style.fixed(range=[south, north], **bare, **scale),
        "margin": dict.fromkeys("lrtb", MARGIN),
    }


def height(view: View) -> int:
    """Height of a drawing for a phone that shows a part of the map and nothing else."""
    west, east, south, north = view
    return round(PHONE / (east - west) * (north - south) * STRETCH) + 2 * MARGIN


def widened(plot: go.Figure) -> None:
    """A map on a wide page: as much higher as it is wider."""
    grown = layouts.WIDTHS[layouts.WIDE] / layouts.WIDTHS[layouts.NARROW]
    plot.update_layout(height=min(round(plot.layout.height * grown), layouts.TALLEST))


def turned_to(view: View) -> dict:
    """Change of the layout that shows another part of the map."""
    west, east, south, north = view
    return {"xaxis.range": [west, east], "yaxis.range": [south, north]}


def inside(places: pd.DataFrame, view: View) -> pd.DataFrame:
    """The places whose position is known and lies in a part of the map."""
    west, east, south, north = view
    return places[
        places["longitude"].between(west, east) & places["latitude"].between(south, north)
    ]


def names(
    spots: list[Spot], view: View, sides: Sequence[Side] = SIDES, tracks: Sequence[Spot] = ()
) -> list[dict]:
    """Names beside their marks, so that no name covers a mark or another name.

    Names are placed in the order given, for a phone, where there is least room; one that finds
    none is left out. A spot without a name only takes room. Last come the names of countries and
    of Lake Baikal.

    Parameters
    ----------
    spots : list of Spot
        The marks.
    view : View
        The part of the map.
    sides : sequence of Side
        Where a name can stand, best first.
    tracks : sequence of Spot
        What a name keeps clear of where another side is free too (:func:`railway_spots`).

    Returns
    -------
    list of dict
        plotly's annotations.
    """
    west, east, south, north = view
    scale = PHONE / (east - west)
    frame = (0.0, PHONE, 0.0, (north - south) * STRETCH * scale)
    taken, lines = ([_mark(spot, view) for spot in some] for some in (spots, tracks))
    found = []
    for spot, mark in zip(spots, list(taken), strict=True):
        x, y = (mark[0] + mark[1]) / 2, (mark[2] + mark[3]) / 2
        is_named = spot[0] and _within((x, x, y, y), frame)
        boxes = {side: _box(spot, x, y, side) for side in sides if is_named}
        free = [s for s, box in boxes.items() if _within(box, frame) and not _meets(box, taken)]
        clear = [side for side in free if not _meets(boxes[side], lines)]
        if side := next(iter(clear or free), None):
            found.append(name(spot, side))
            taken.append(boxes[side])
    return found + _areas(view, frame, taken)


def _mark(spot: Spot, view: View) -> Box:
    """The room of a mark, in pixels."""
    scale, (_, x, y, size) = PHONE / (view[1] - view[0]), spot
    x, y = (x - view[0]) * scale, (y - view[2]) * STRETCH * scale
    return x - size / 2, x + size / 2, y - size / 2, y + size / 2


def _areas(view: View, frame: Box, taken: list[Box]) -> list[dict]:
    """Faint names of areas, each at the first of its places that is free."""
    scale, found = PHONE / (view[1] - view[0]), []
    for text, places in areas().items():
        lines = text.split("<br>")
        width, height = max(map(len, lines)) * LETTER, len(lines) * LINE
        for x, y in places:
            left, low = (x - view[0]) * scale - width / 2, (y - view[2]) * STRETCH * scale
            box = (left, left + width, low - height / 2, low + height / 2)
            if _within(box, frame) and not _meets(box, taken):
                found.append(style.note(text, x, y, opacity=FAINT, borderpad=0))
                taken.append(box)
                break
    return found


def name(spot: Spot, side: Side) -> dict:
    """A name on one side of its mark, as plotly's annotation."""
    (text, x, y, _), (right, up), away = spot, side, _away(spot, side)
    return {
        "text": text,
        "x": x,
        "y": y,
        "xanchor": {1: "left", 0: "center", -1: "right"}[right],
        "yanchor": {1: "bottom", 0: "middle", -1: "top"}[up],
        "xshift": right * away,
        "yshift": up * away,
        "borderpad": 0,
        "showarrow": False,
        "font": {"size": NAME_SIZE},
    }


def _away(spot: Spot, side: Side) -> float:
    """How far a name stands from the middle of its mark along each axis, in pixels."""
    return (spot[3] / 2 + GAP) * (1 if 0 in side else 0.7)


def _box(spot: Spot, x: float, y: float, side: Side) -> Box:
    """The room of a name beside a mark that is drawn at a pixel."""
    (right, up), away, width = side, _away(spot, side), len(spot[0]) * LETTER
    left = x + right * away + (right - 1) * width / 2
    low = y + up * away + (up - 1) * NAME_SIZE / 2
    return left, left + width, low, low + NAME_SIZE


def _within(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and box[1] <= frame[1] and frame[2] <= box[2] and box[3] <= frame[3]


def _meets(one: Box, others: Iterable[Box]) -> bool:
    return any(
        one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
        for other in others
    )
