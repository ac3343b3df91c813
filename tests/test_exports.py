"""The data in other forms: each file is read back by a library that did not write it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import zipfile
from collections import defaultdict
from pathlib import Path

import geojson
import icalendar
import pandas as pd
import pytest
import rdflib
from conftest import ROOT
from frictionless import Package, system
from treatybook.evidence import dates, tables
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.views import exports

SCHEMA = "https://schema.org/"


@pytest.fixture
def rows(book) -> dict[str, dict]:
    return {row["event_id"]: row for row in book.events.to_dict("records")}


@pytest.fixture
def with_event(tmp_path: Path):
    """The data with one more event, of the reader's making."""

    def make(**cells: str) -> tables.Book:
        folder = tmp_path / "data"
        shutil.copytree(ROOT / "data", folder)
        rows = pd.read_csv(folder / "events.csv", dtype=str, keep_default_na=False)
        rows.loc[len(rows)] = dict(rows.iloc[-1]) | {"event_id": "made-up"} | cells
        rows.to_csv(folder / "events.csv", index=False, lineterminator="\n")
        return tables.read(folder)

    return make


def test_the_zip_is_a_valid_data_package(book, tmp_path: Path, monkeypatch):
    packed = tmp_path / "data.zip"
    packed.write_bytes(exports.package(book))
    with system.use_context(trusted=False):
        assert Package(str(packed)).validate().valid, "the zip itself is the package"
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    assert {"references.bib", "README.md", "LICENSE-CONTENT"} <= {p.name for p in folder.iterdir()}
    monkeypatch.chdir(folder)
    with system.use_context(trusted=False):
        report = Package("datapackage.json").validate()
    assert report.valid, report.flatten(["type", "rowNumber", "fieldNumber", "note"])[:10]
    again = tables.read(folder)
    assert again.events.equals(book.events)
    assert list(again.bibliography.entries) == list(book.bibliography.entries)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_timelinejs_has_every_event_with_no_more_precision_than_the_source(book, rows, language):
    made = json.loads(json.dumps(exports.timelinejs(book, language)))
    assert [event["unique_id"] for event in made["events"]] == list(rows)
    for event in made["events"]:
        row = rows[event["unique_id"]]
        start = row["date"].start or row["date"].end
        parts = ["year", "month", "day"]
        wanted = parts[: parts.index(start.precision) + 1]
        assert list(event["start_date"]) == wanted, event["unique_id"]
        assert all(isinstance(part, int) for part in event["start_date"].values())
        doubtful = row["date"].uncertain or row["date"].approximate
        marks = ("about", "uncertain", "≈", "(?)")
        assert any(mark in event["display_date"] for mark in marks) == doubtful
        assert event["text"]["headline"] and event["group"]


def test_timelinejs_gives_both_ends_of_a_span_and_shows_html_as_text(with_event):
    book = with_event(date="1921-02-01/1921-02-04", title_en="<b>A & B</b>")
    made = exports.timelinejs(book)["events"][-1]
    assert made["start_date"] == {"year": 1921, "month": 2, "day": 1}
    assert made["end_date"] == {"year": 1921, "month": 2, "day": 4}
    assert made["display_date"] == "1 to 4 February 1921"
    assert made["text"]["headline"] == "&lt;b&gt;A &amp; B&lt;/b&gt;"


def test_timelinejs_knows_open_spans_and_seasons(with_event):
    made = exports.timelinejs(with_event(date="../1921-02"))["events"][-1]
    assert made["start_date"] == {"year": 1921, "month": 2} and "end_date" not in made
    season = exports._timeline_dates(dates.parse("1922-21"))
    end = {"year": 1922, "month": 5, "day": 31}
    assert season == {"start_date": {"year": 1922, "month": 3}, "end_date": end}


@pytest.mark.parametrize(
    ("span", "end"),
    [
        ("1921-07/1921-08", (1921, 8, 31)),
        ("1921-11/1922-02", (1922, 2, 28)),
        ("1923/1925", (1925, 12, 31)),
        ("1921-02-01/1921-02-04", (1921, 2, 4)),
    ],
)
def test_a_span_of_timelinejs_ends_on_its_last_day(span, end):
    found = exports._timeline_dates(dates.parse(span))["end_date"]
    assert tuple(found.values()) == end and list(found) == ["year", "month", "day"]


def test_timelinejs_has_its_title_in_its_language(book):
    titles = [
        exports.timelinejs(book, language)["title"]["text"]["headline"] for language in ("en", "ru")
    ]
    assert titles == [book.descriptor["title"], book.descriptor["title_ru"]]
    assert re.search("[а-я]", titles[1])


def test_timelinejs_opens_with_the_licence(book):
    (licence,) = book.descriptor["licenses"]
    said = exports.timelinejs(book)["title"]["text"]["text"]
    assert f'<a href="{licence["path"]}">{licence["title"]}</a>' in said


def test_timelinejs_shows_the_name_of_a_group_as_text(book, monkeypatch):
    monkeypatch.setattr(tables.Book, "labels", lambda *_: defaultdict(lambda: "before <1921>"))
    groups = {event["group"] for event in exports.timelinejs(book)["events"]}
    assert groups == {"before &lt;1921&gt;"}


def test_decades_have_only_their_first_year():
    assert exports._timeline_dates(dates.parse("192X")) == {"start_date": {"year": 1920}}


def test_timelinejs_has_two_languages(book):
    assert exports.timelinejs(book, "ru")["events"][0]["display_date"] == "30 ноября 1911"
    with pytest.raises(ValueError, match="en, ru"):
        exports.timelinejs(book, "mn")


def test_the_calendar_holds_only_certain_days(book, rows):
    found = icalendar.Calendar.from_ical(exports.calendar(book))
    events = {str(event["uid"]).split("@")[0]: event for event in found.walk("VEVENT")}
    assert len(events) > 80
    for name, row in rows.items():
        day = row["date"].start and row["date"].start.precision == "day"
        certain = day and not (row["date"].uncertain or row["date"].approximate)
        assert (name in events) == bool(certain and row["evidence"] not in WEAK_LEVELS), name
    # The end of a whole-day event is exclusive.
    for name, first, end, words in (
        (
            "soviet-mongolian-agreement-1921",
            "1921-11-05",
            "1921-11-06",
            "Evidence: text read in part.",
        ),
        ("urga-taken-by-ungern-1921", "1921-02-01", "1921-02-05", "Sources disagree"),
    ):
        event = events[name]
        assert [str(event[part].dt) for part in ("dtstart", "dtend")] == [first, end]
        assert words in event["description"]


@pytest.mark.parametrize(
    ("date", "evidence", "kept"),
    [
        ("1921-11-05", "secondary", True),
        ("1921-11-05/1921-11-07", "secondary", True),
        ("1921-11-05?", "secondary", False),
        ("1921-11-05~", "secondary", False),
        ("1921-11", "secondary", False),
        ("1921-11-05/..", "secondary", False),
        ("1921-11-05/1921-12", "secondary", False),
        ("1921-11-05", "topic", False),
        ("1921-11-05", "unverified", False),
    ],
)
def test_what_a_calendar_cannot_say_is_left_out(with_event, date, evidence, kept):
    book = with_event(date=date, evidence=evidence)
    assert ("made-up" in set(exports.in_calendar(book)["event_id"])) == kept


def test_calendar_lines_are_folded_for_old_programs(book):
    assert max(map(len, exports.calendar(book).split(b"\r\n"))) <= 75


def test_the_gazetteer_is_geojson_with_names_classes_and_the_signs_of_edtf(book):
    text = json.dumps(exports.linked_places(book))
    found, made = geojson.loads(text), json.loads(text)
    placed = geojson.FeatureCollection([x for x in found["features"] if x["geometry"]])
    assert placed.is_valid, placed.errors()
    assert made["@context"] == exports.LPF_CONTEXT
    rows = book.places.to_dict("records")
    addresses = {feature["@id"] for feature in made["features"]}
    assert len(addresses) == len(rows) and all(x.startswith("urn:uuid:") for x in addresses)
    for feature, row in zip(made["features"], rows, strict=True):
        known = pd.notna(row["latitude"])
        point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
        assert feature["geometry"] == (point if known else None), row["place_id"]
        assert feature["properties"]["fclasses"][0] in "PSHL"
        assert feature["names"][0]["toponym"] == feature["properties"]["title"]
        assert len(feature["links"]) == bool(row["geonames"]) + bool(row["wikidata"])
        assert feature["when"]["timespans"] and feature["types"][0]["sourceLabels"]
        for name in feature["names"]:
            assert name["citations"][0]["label"]
            assert not re.search(r"[(,]|^(near|part of|village) | and ", name["toponym"])
    urga = made["features"][[row["place_id"] for row in rows].index("urga")]
    ends = [(s["start"].get("in"), s.get("end", {}).get("in")) for s in urga["when"]["timespans"]]
    assert ("1921-02-01", "1921-02-04") in ends, "both ends"
    assert [pair for pair in ends if pair[0] == pair[1]] == []
    assert "1921-09-14" in dict(ends) and urga["names"][-1]["lang"] == "ru"
    assert ("庫倫", "zh") in [(name["toponym"], name["lang"]) for name in urga["names"]]
    for date in book.events[book.events["places"].map(bool)]["date"]:
        if date.uncertain:
            assert date.text.rstrip("/") in text or date.start.text in text


def test_a_name_that_two_languages_write_alike_is_in_the_gazetteer_for_each(book):
    places = {
        x["properties"]["place_id"]: x["names"] for x in exports.linked_places(book)["features"]
    }
    pairs = [(name["toponym"], name["lang"]) for name in places["moscow"]]
    assert pairs == [("Moscow", "en"), ("Москва", "mn"), ("Москва", "ru")]


def test_the_description_for_search_engines_is_linked_data(book):
    described = exports.dataset(book)
    described["@context"] = {"@vocab": SCHEMA}  # the real one would be fetched
    graph = rdflib.Graph().parse(
        data=json.dumps(described), format="json-ld", publicID="https://example.org/book/data.html"
    )
    vocabulary = rdflib.Namespace(SCHEMA)
    (subject,) = graph.subjects(rdflib.RDF.type, vocabulary.Dataset)
    for needed in ("name", "description", "license", "temporalCoverage", "spatialCoverage"):
        assert (subject, vocabulary[needed], None) in graph, needed
    files = {str(address) for address in graph.objects(None, vocabulary.contentUrl)}
    assert {address.rsplit("/", 1)[1] for address in files} == {e.file for e in exports.EXPORTS}
    first, last = described["temporalCoverage"].split("/")
    assert dt.date.fromisoformat(first) == min(date.earliest for date in book.events["date"])
    assert dt.date.fromisoformat(last) == max(date.latest for date in book.events["date"])


def test_the_built_book_offers_the_files_and_describes_the_data(site: Path, book):
    for export in exports.EXPORTS:
        assert (site / "downloads" / export.file).read_bytes() == export.make(book), export.file
    page = (site / "book" / "data.html").read_text(encoding="utf-8")
    start = page.index('<script type="application/ld+json">') + 35
    assert json.loads(page[start : page.index("</script>", start)]) == exports.dataset(book)
    assert "application/ld+json" not in (site / "book" / "run.html").read_text(encoding="utf-8")
