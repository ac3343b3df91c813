"""The file of the base map: GeoJSON of land, lakes, rivers and borders, or why it is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from treatybook.evidence.reading import FileProblem, Problem, text_of
from treatybook.evidence.wording import _

BASEMAP = "basemap/basemap.geojson"
KINDS = ("land", "lake", "river", "border")
# How often lists stand within lists around the points of a shape.
SHAPES = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def read_map(folder: Path) -> tuple[dict, Problem | None]:
    """Read the base map of a data folder.

    Parameters
    ----------
    folder : pathlib.Path
        The data folder.

    Returns
    -------
    (dict, Problem or None)
        The map as GeoJSON, empty where the folder has none, and the first fault.
    """
    empty = {"type": "FeatureCollection", "features": []}
    path = folder / BASEMAP
    try:
        if not path.is_file():
            return empty, None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return empty, Problem(BASEMAP, 0, "", _("a file that cannot be opened"), reason)
    text, fault = text_of(path, BASEMAP)
    if fault:
        return empty, fault
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        return empty, Problem(BASEMAP, error.lineno, "", error.msg.lower(), _("it must be JSON"))
    except (ValueError, RecursionError) as error:
        return empty, Problem(BASEMAP, 0, "", str(error), _("it must be JSON"))
    fault = _collection(found)
    return (empty if fault else found), fault


def _collection(found: object) -> Problem | None:
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        return _problem("", found, _("GeoJSON: a FeatureCollection with its features"))
    return next(filter(None, map(_feature, range(1, len(features) + 1), features)), None)


def _feature(number: int, feature: object) -> Problem | None:
    """What is wrong with one feature, if anything is."""
    place = _("feature {n}").format(n=number)
    properties = feature.get("properties") if isinstance(feature, dict) else None
    kind = properties.get("kind") if isinstance(properties, dict) else None
    if kind not in KINDS:
        return _problem(f"{place}, kind", kind, _one_of(KINDS))
    shape = feature.get("geometry")
    form = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(form, str) or form not in SHAPES:
        return _problem(f"{place}, geometry", form, _one_of(SHAPES))
    parts = [shape.get("coordinates")]
    for _level in range(SHAPES[form]):
        if wrong := [part for part in parts if not isinstance(part, list) or not part]:
            rule = _("lists of points, as in a {form}").format(form=form)
            return _problem(f"{place}, coordinates", wrong[0], rule)
        parts = [item for part in parts for item in part]
    if wrong := [point for point in parts if not _is_point(point)]:
        rule = _("a longitude from -180 to 180 and a latitude from -90 to 90")
        return _problem(f"{place}, coordinates", wrong[0], rule)
    return None


def _one_of(names: Iterable[str]) -> str:
    return _("one of {names}").format(names=", ".join(names))


def _is_point(point: object) -> bool:
    if not isinstance(point, list) or len(point) < 2:
        return False
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in point)
    return numbers and abs(point[0]) <= 180 and abs(point[1]) <= 90


def _problem(place: str, found: object, allowed: str) -> Problem:
    words = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return FileProblem(BASEMAP, 0, place, words, allowed)
