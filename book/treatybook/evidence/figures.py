"""What figures and positions must say: whole men, two ends of a range, places in their region."""

from __future__ import annotations

from collections.abc import Iterator

from treatybook.evidence.reading import Problem, Row, at_line, nothing
from treatybook.evidence.register import Tables, needs
from treatybook.evidence.tables import split
from treatybook.evidence.wording import _

# Money in thousands and shares may have parts; men, guns and horses have none.
WITH_PARTS = ("thousand-", "per-cent")
RANGES = {"forces": ("low", "high"), "presence": ("strength_low", "strength_high")}


def _number(cell: str) -> float | None:
    """The number in a cell; None if there is none that can be read."""
    try:
        return float(cell)
    except ValueError:
        return None


@needs("forces", "presence")
def ranges(tables: Tables) -> Iterator[Problem]:
    """A range has a lower and an upper figure, in their order."""
    for name, (low, high) in RANGES.items():
        for row in tables[name]:
            for empty, filled in ((low, high), (high, low)):
                if row[filled] and not row[empty]:
                    rule = _("{column} is {cell}; fill both, with the same figure if it is one")
                    rule = rule.format(column=filled, cell=row[filled])
                    yield row.fault(empty, rule, nothing())
            least, most = _number(row[low]), _number(row[high])
            if least is not None and most is not None and most < least:
                rule = _("it must not be less than {column} ({cell})")
                yield row.fault(high, rule.format(column=low, cell=row[low]))


@needs("forces")
def whole_figures(tables: Tables) -> Iterator[Problem]:
    """Men and things are counted whole."""
    for row in tables["forces"]:
        split_up = [column for column in ("low", "high") if _has_part(row, column)]
        if split_up and not row["measure"].startswith(WITH_PARTS):
            rule = _("{measure} are counted whole: digits only, and no point for thousands")
            yield row.fault(split_up[0], rule.format(measure=row["measure"]))


def _has_part(row: Row, column: str) -> bool:
    return _number(row[column]) is not None and "." in row[column]


@needs("places")
def positions(tables: Tables) -> Iterator[Problem]:
    """A position has two numbers, and lies in the region that the descriptor names."""
    for row in tables["places"]:
        if bool(row["latitude"]) != bool(row["longitude"]):
            yield row.fault("latitude", _("a position needs both latitude and longitude"))
        elif fault := _wrong_position(row):
            yield row.fault(*fault)


def _wrong_position(row: Row) -> tuple[str, str] | None:
    """What is wrong with a position: the column, and what is allowed."""
    latitude, longitude = _number(row["latitude"]), _number(row["longitude"])
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None  # told where the cell is read
    if latitude == longitude == 0:
        return "latitude", _("0, 0 lies in the sea off Africa; leave an unknown position empty")
    region = row.resource.get("region")
    if not region or _lies_in(region, latitude, longitude):
        return None
    (south, north), (west, east) = region["latitude"], region["longitude"]
    limits = _("latitude {south} to {north}, longitude {west} to {east}")
    limits = limits.format(south=south, north=north, west=west, east=east)
    if _lies_in(region, longitude, latitude):
        rule = _("latitude and longitude ({longitude}) are swapped: {limits}")
        return "latitude", rule.format(longitude=row["longitude"], limits=limits)
    column = "longitude" if south <= latitude <= north else "latitude"
    rule = _("the position lies outside the region of the book: {limits}")
    return column, rule.format(limits=limits)


def _lies_in(region: dict, latitude: float, longitude: float) -> bool:
    (south, north), (west, east) = region["latitude"], region["longitude"]
    return south <= latitude <= north and west <= longitude <= east


@needs("places", "routes")
def routes(tables: Tables) -> Iterator[Problem]:
    """A line on the map joins two places or more, each with a position."""
    placed = {
        row["place_id"]: bool(row["latitude"] or row["longitude"]) for row in tables["places"]
    }
    for row in tables["routes"]:
        stops = split(row["places"])
        if len(stops) == 1:
            yield row.fault("places", _("a line joins two places or more"))
        for stop in stops:
            if not placed.get(stop, True):
                rule = _("this place has no position in places.csv, so no line can be drawn to it")
                yield row.fault("places", rule, stop)


@needs("people", "places")
def wikidata(tables: Tables) -> Iterator[Problem]:
    """No two rows are the same thing in Wikidata."""
    first: dict[str, Row] = {}
    for row in (*tables["people"], *tables["places"]):
        known = first.setdefault(row["wikidata"], row) if row["wikidata"] else row
        if known is not row:
            rule = _("this is {key} ({place}); each identifier only once")
            place = at_line(known.resource["path"], known.line)
            yield row.fault("wikidata", rule.format(key=known.key, place=place))
