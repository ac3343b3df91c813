"""The ground of the drawn maps, from the base map of the data."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, hypot, radians, sin, sqrt

from pen import DEEP, SOFT, Point, ground
from treatybook.evidence.tables import Book
from treatybook.views.basemap import lines_of

LAND, WATER = "#24506c", "#5e9dc4"
STRETCH = 1 / cos(radians(48))  # at the latitude of Urga a degree of longitude is that much shorter
EARTH = 6371  # its mean radius in kilometres
BEYOND = 20  # how far shapes reach beyond the edge, so that their cut edges are not seen
FINEST = 4  # points that lie nearer to the one before are left out


@dataclass(frozen=True)
class Frame:
    """A part of the map: its western and northern edge in degrees, its size, units a degree."""

    west: float
    north: float
    width: int
    height: int
    scale: float

    def spot(self, longitude: float, latitude: float) -> Point:
        """Where a position lies in the drawing."""
        x = (longitude - self.west) * self.scale
        return x, (self.north - latitude) * self.scale * STRETCH

    def holds(self, point: Point) -> bool:
        """Whether a point of the drawing can be seen."""
        return 0 <= point[0] <= self.width and 0 <= point[1] <= self.height


def base(book: Book, frame: Frame, borders: bool = True) -> list[str]:
    """Sea, land, lakes and, dashed, the borders of today."""
    edge = f'fill="none" stroke="{SOFT}" stroke-width="1.5" stroke-dasharray="6 5" opacity=".6"'
    parts = [
        ground(frame.width, frame.height, DEEP),
        _shapes(book, frame, "land", f'fill="{LAND}"', "Z"),
        _shapes(book, frame, "lake", f'fill="{WATER}"', "Z"),
    ]
    return [*parts, _shapes(book, frame, "border", edge)] if borders else parts


def kilometres(one: dict, other: dict) -> float:
    """How far two places lie from each other, the shortest way over the globe."""
    south, north = radians(one["latitude"]), radians(other["latitude"])
    across = radians(other["longitude"] - one["longitude"])
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def _shapes(book: Book, frame: Frame, kind: str, look: str, end: str = "") -> str:
    lines = [
        _kept(frame, part)
        for feature in book.basemap["features"]
        if feature["properties"]["kind"] == kind
        for part in lines_of(feature["geometry"]["coordinates"])
    ]
    seen = [points for points in lines if _meets(frame, points)]
    path = "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + end for points in seen)
    return f'<path d="{path}" {look}/>'


def _meets(frame: Frame, points: list[Point]) -> bool:
    """Whether a shape reaches into the drawing, be it that it surrounds it."""
    across, along = zip(*points, strict=True)
    beside = max(across) < 0 or min(across) > frame.width
    return len(points) > 1 and not beside and max(along) > 0 and min(along) < frame.height


def _kept(frame: Frame, line: list) -> list[Point]:
    """The points of a line that a drawing needs; those far outside come near to its edge."""
    kept: list[Point] = []
    for longitude, latitude in line:
        x, y = frame.spot(longitude, latitude)
        x, y = (
            min(max(x, -BEYOND), frame.width + BEYOND),
            min(max(y, -BEYOND), frame.height + BEYOND),
        )
        if not kept or hypot(x - kept[-1][0], y - kept[-1][1]) > FINEST:
            kept.append((x, y))
    return kept
