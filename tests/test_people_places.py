"""People, places and disagreements: what their views count, draw and link to."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import geojson
import pytest
from test_views import drawn
from treatybook.evidence import identifiers
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.teaching import workshop
from treatybook.views import basemap, days, disagreements, gazetteer, people, voices


@pytest.fixture(scope="module")
def lives(book) -> dict[str, tuple]:
    """The row of each person with a birth and a death, and the bar that is drawn for it."""
    rows = {row["name_en"]: row for row in book.people.to_dict("records")}
    bars = [trace for trace in people.lifelines(book).plot.data if trace.type == "bar"]
    return {
        title: (rows[title], *bar)
        for t in bars
        for text, *bar in zip(t.hovertext, t.base, t.x, t.marker.color, strict=True)
        for title in re.findall("^<b>(.*?)</b>", text)
    }


def test_every_person_has_a_card_with_all_forms_and_an_anchor(book):
    view = people.cards(book)
    assert view.row_ids == [identifiers.anchor("person", key) for key in book.people["person_id"]]
    by_name = {row["Name"]: row for row in view.frame.to_dict("records")}
    forms = by_name["Damdin Sükhbaatar"]["Other names"].text
    for form in ("Сухэ-Батор", "Дамдины Сүхбаатар", "Sukhe-Bator"):
        assert form in forms
    assert "The Mongolian mission in Moscow" in by_name["Soliin Danzan"]["Events"].text


def test_a_remembered_date_of_a_life_is_drawn_hollow(book, lives):
    assert set(lives) == set(book.people.dropna(subset=["born", "died"])["name_en"])
    for name, (row, *_, colour) in lives.items():
        parts = {"born", "died"} & set(row["unverified_part"].split("; "))
        weak = row["evidence"] == "unverified" or bool(parts)
        assert (colour == "rgba(0,0,0,0)") == weak, name


def test_the_key_of_the_lives_has_full_groups_and_one_hollow_sign(book):
    view = people.lifelines(book)
    assert not any(trace.showlegend is not False for trace in view.plot.data if trace.type == "bar")
    keys = {trace.name: trace.marker.symbol for trace in view.plot.data if trace.name}
    hollow = [name for name, symbol in keys.items() if symbol.endswith("-open")]
    assert hollow == ["hollow: remembered, not checked"]
    groups = book.labels("people_group")
    living = book.people.dropna(subset=["born", "died"])
    assert set(keys) - set(hollow) == {groups[group] for group in living["group"]}


def test_a_life_is_drawn_no_shorter_than_its_dates_allow(lives):
    for row, base, length, _ in lives.values():
        end = dt.date.fromisoformat(base) + dt.timedelta(milliseconds=length)
        assert (base, end) == (row["born"].earliest.isoformat(), row["died"].latest)


def test_a_card_says_which_date_and_what_else_was_not_checked(book):
    cards = {row["Name"]: row for row in people.cards(book).frame.to_dict("records")}
    one_sided = 0
    for row in book.people.to_dict("records"):
        card, parts = cards[row["name_en"]], row["unverified_part"].split("; ")
        unverified = row["evidence"] == "unverified"
        for column, head in (("born", "Born"), ("died", "Died")):
            if row[column] is not None:
                weak = unverified or column in parts
                assert ("not checked" in card[head].text) == weak, row["name_en"]
        one_sided += ("born" in parts) != ("died" in parts)
        told = "Not checked: " in card["Who"]
        assert told == (bool(row["unverified_part"]) and not unverified), row["name_en"]
    assert one_sided, "somebody has only one date that was not checked"


def test_the_words_of_the_lives_count_who_had_died_by_the_end_of_1941(book, lives):
    died = {name: row["died"] for name, (row, *_) in lives.items()}
    assert any(date.earliest.year == date.latest.year == 1941 for date in died.values())
    dead = [name for name, date in died.items() if date.latest.year <= 1941]
    alive = sorted(name for name, date in died.items() if date.earliest.year > 1941)
    words = people.lifelines(book).alternative
    assert f"{len(dead)} had died by the end of 1941" in words
    assert words.endswith(f"alive after it: {', '.join(alive)}.")


def test_the_busiest_place_is_named_and_a_position_is_north_and_east(book):
    events = [place for places in book.events["places"] for place in places]
    busiest = max(set(events), key=events.count)
    name = book.places.set_index("place_id").loc[busiest, "name"]
    view = gazetteer.places_map(book)
    assert f"most are told of {name} {events.count(busiest)}" in view.alternative
    assert view.headline.startswith(f"{name} has {events.count(busiest)} of the ")
    table = gazetteer.places_table(book).frame.set_index("Place")
    assert table.loc["Urga", "Position"].text == "47.91° N, 106.88° E"


def test_a_place_with_just_enough_events_has_its_name_on_the_map(book):
    place = book.places[book.places["place_id"] == "urga"]
    view, least = gazetteer.VIEWS["the whole region"]
    for events, named in ((least, 1), (least - 1, 0)):
        names = gazetteer._names(book, place.assign(events=events), view, least)
        assert [note["text"] for note in names].count("Urga") == named


def test_every_place_is_in_the_gazetteer_and_only_positions_are_drawn(book):
    table = gazetteer.places_table(book)
    assert table.row_ids == [identifiers.anchor("place", key) for key in book.places["place_id"]]
    view = gazetteer.places_map(book)
    places = book.places
    inside = places["longitude"].between(70, 130) & places["latitude"].between(38, 60)
    assert len(view.table.frame) == inside.sum()
    missing = int(places["latitude"].isna().sum())
    assert f"{missing} have no position" in view.alternative
    assert "Moscow" in view.alternative
    assert list(table.frame["Position"].map(str)).count("not known") == missing


def test_every_part_of_the_map_names_places_inside_it(book):
    view = gazetteer.places_map(book)
    named = {b.label: [note["text"] for note in b.layout["annotations"]] for b in view.buttons}
    assert [note.text for note in view.plot.layout.annotations] == named[view.buttons[0].label]
    assert {"Urga", "Kyakhta", "Peking"} <= set(named["the whole region"])
    assert {"Kobdo", "Uliastai"} <= set(named["the west"])
    for button in view.buttons:
        (west, east), (south, north) = (button.layout[f"{axis}axis.range"] for axis in "xy")
        for note in button.layout["annotations"]:
            assert west <= note["x"] <= east
            assert south <= note["y"] <= north


def test_a_name_takes_the_first_side_that_is_free_or_is_left_out():
    view = (0, 10, 0, 10)
    (alone,) = basemap.names([("Town", 5, 5, 10)], view)
    assert (alone["xanchor"], alone["yanchor"]) == ("left", "middle")
    assert alone["xshift"] == 5 + basemap.GAP
    (edge,) = basemap.names([("Town", 9.9, 5, 10)], view)
    assert edge["xanchor"] == "right"
    # A neighbour to the right takes the room there, with or without a name.
    (aside,) = basemap.names([("Town", 5, 5, 10), ("", 5.6, 5, 10)], view)
    assert aside["xanchor"] == "right"
    assert basemap.names([("A name that is wider than the map" * 3, 5, 5, 10)], view) == []


def test_a_larger_mark_has_more_events_and_the_caption_says_so(book):
    view = gazetteer.places_map(book)
    (marks,) = (trace for trace in view.plot.data if trace.customdata is not None)
    events = view.table.frame["Events"]
    assert list(marks.marker.size) == sorted(marks.marker.size, reverse=True)
    assert events.is_monotonic_decreasing and len(events) == len(marks.x)
    assert "larger mark" in view.caption


def test_the_map_is_not_stretched_and_says_that_borders_are_modern(book):
    view = gazetteer.places_map(book)
    assert view.plot.layout.yaxis.scaleanchor == "x"
    assert 1.4 < view.plot.layout.yaxis.scaleratio < 1.6  # 1 / cos 48 degrees
    assert "those of today" in view.caption


def test_every_layer_of_the_base_map_is_drawn_with_all_its_points(book):
    layers = {trace.name: trace for trace in basemap.base(book)}
    shapes = {"land": "land", "lakes": "lake", "rivers": "river", "borders of today": "border"}
    for name, kind in shapes.items():
        drawn = sum(x is not None for x in layers[name].x)
        features = [f for f in book.basemap["features"] if f["properties"]["kind"] == kind]
        points = [p for f in features for p in geojson.utils.coords(f["geometry"])]
        assert drawn == len(points) > 40, name
    tracks = [trace for name, trace in layers.items() if name.startswith("railways")]
    stops = sum(x is not None for trace in tracks for x in trace.x)
    assert stops == sum(map(len, book.routes["places"])) > 0
    weak = [level in WEAK_LEVELS for level in book.routes["evidence"]]
    dotted = {trace.name: trace.line.dash == "dot" for trace in tracks}
    assert dotted == {"railways, course not checked" if w else "railways": w for w in weak}


def test_every_case_and_claim_has_its_anchor(book):
    cases = disagreements.cases(book)
    assert cases.row_ids == [identifiers.anchor("case", key) for key in book.verdicts["case_id"]]
    claims = disagreements.claims_table(book)
    wanted = book.claims[book.claims["field"] != "account"]
    assert claims.row_ids == [identifiers.anchor("claim", key) for key in wanted["claim_id"]]
    links = [link for cell in cases.frame["Claims"] if cell != "none" for link in cell.links]
    assert {href.removeprefix("disagreements.html#") for _, href in links} <= set(claims.row_ids)


def test_a_case_marks_the_claims_that_its_verdict_follows(book):
    rows = book.verdicts.to_dict("records")
    for row, cell in zip(rows, disagreements.cases(book).frame["Claims"], strict=True):
        words = [text for text, _ in cell.links] if cell != "none" else []
        for text in words:
            followed = text.split()[0] in row["claims_followed"]
            assert text.endswith("(followed)") == followed, row["case_id"]


def test_the_words_of_the_numbers_say_how_far_apart_they_lie(book):
    frame = disagreements.disputed_numbers(book)
    ends = frame.groupby("subject").agg(low=("low", "min"), high=("high", "max"))
    ratio = (ends["high"] / ends["low"]).max()
    words = f"the largest figure is {ratio:.0f} times the smallest"
    assert disagreements.numbers(book).alternative.endswith(f"{words}.")
    assert ratio > 1


def test_a_disputed_date_has_one_mark_for_each_claim_in_its_place(book):
    frame = disagreements.disputed_dates(book)
    for (case, subject, _), group in frame.groupby(["case_id", "subject", "field"]):
        assert len({date.text for date in group["date"]}) > 1, (case, subject)
    view = disagreements.dates(book)
    assert len(frame) == len(view.table.frame)
    assert drawn(view)["x"].between(-0.01, 1.01).all()
    bakich = frame[frame["case_id"] == "D-16"].sort_values("date")
    assert [date.text for date in bakich["date"]] == ["1922-06-08", "1922-06-17", "1922-06-17"]
    assert list(bakich["followed"]) == [False, True, True]


def test_a_date_without_a_source_is_a_cross_not_a_plain_mark(book):
    symbols = drawn(disagreements.dates(book))["symbol"]
    frame = disagreements.disputed_dates(book)
    weak = frame["evidence"].isin(WEAK_LEVELS)
    assert (symbols == "x-open").sum() == (weak & ~frame["followed"]).sum() > 0
    assert (symbols == "x").sum() == (weak & frame["followed"]).sum()
    hollow = symbols.str.endswith("-open").sum()
    assert hollow == (~frame["followed"]).sum(), "hollow means not followed, crosses too"


def test_the_key_of_the_disputed_dates_explains_hollow_and_cross(book):
    names = {trace.name for trace in disagreements.dates(book).plot.data if trace.name}
    signs = {"filled: followed", "hollow: not followed", "cross: no source seen"}
    assert names == signs | {"a span of days"}


def test_a_part_of_the_disputed_dates_is_as_high_as_its_rows(book):
    view = disagreements.dates(book)
    whole, first, *_ = view.buttons
    assert whole.layout["height"] == view.plot.layout.height
    low, high = first.layout["yaxis.range"]
    heights = [button.layout["height"] - disagreements.AROUND for button in view.buttons]
    rows = [height / disagreements.DATE_ROW for height in heights]
    assert rows[1] == round(high - low) == 10
    assert sum(rows[1:]) == rows[0]


def test_numbers_keep_clear_of_their_marks_and_of_each_other_on_a_phone(book):
    plot = disagreements.numbers(book).plot
    names = [note for note in plot.layout.annotations if note.xref != "paper"]
    assert len(names) == len(disagreements.disputed_numbers(book))
    lines: dict[tuple, list[tuple]] = {}
    for note in names:
        # A mark reaches 7 pixels from its middle, and words of this size as far from theirs.
        assert abs(note.yshift) - 7 - 7 >= 6
        half = len(note.text) * disagreements.LETTER / 2
        middle = note.x * disagreements.NARROW
        lines.setdefault((note.y, note.yshift), []).append((middle - half, middle + half))
    for words in lines.values():
        for (_, end), (start, _) in pairwise(sorted(words)):
            assert end <= start


def test_a_disputed_number_with_a_range_is_drawn_as_a_range(book):
    frame = disagreements.disputed_numbers(book)
    garrison = frame[frame["subject"] == "Chinese garrison of Urga"]
    ranges = set(zip(garrison["low"], garrison["high"], strict=True))
    assert ranges >= {(7000, 7000), (15000, 18000)}
    view = disagreements.numbers(book)
    line = next(trace for trace in view.plot.data if trace.mode == "lines")
    assert len(line.x) == 3 * (frame["low"] < frame["high"]).sum() > 0


def test_one_case_can_be_opened_and_an_unknown_one_is_an_error(book):
    view = disagreements.claims_table(book, "D-16")
    addresses = [identifiers.address("claim", f"C{n:03}") for n in range(86, 92)]
    assert [cell.href for cell in view.frame["What is said"]] == addresses
    assert "About" in view.frame, "the case has several subjects"
    caption = disagreements.claims_table(book, "D-01").caption
    assert caption.endswith("who led the Mongolian mission")
    assert "Where" in view.frame
    assert "Where" not in disagreements.claims_table(book, "D-40").frame, "it is empty in every row"


@pytest.mark.parametrize("written", ["d-26", "D26", "d 26", " D-26 "])
def test_a_case_may_be_written_without_capitals_and_hyphen(book, written):
    view = disagreements.claims_table(book, written)
    assert view.caption.startswith("Claims of case D-26")
    spans = {"all": ("1921-01-01", "1922-01-01")}
    drawn = voices.by_source(book, written, spans).plot
    assert drawn == voices.by_source(book, ("D-26",), spans).plot


def test_a_person_is_one_key_or_several(book):
    assert len(days.delegation(book, "danzan").frame) == 1
    assert len(days.delegation(book, ("danzan", "bodoo")).frame) == 2


def test_without_numbers_that_differ_there_is_an_empty_table_and_no_figure(tmp_path):
    empty = workshop.new(tmp_path / "x", "Gym", "GYM-2026", {"A": "A", "B": "B"}, {"t": "Talks"})
    frame = disagreements.disputed_numbers(empty)
    assert frame.empty
    assert {"case_id", "subject", "low", "high", "source"} <= set(frame.columns)
    with pytest.raises(ValueError, match="no two claims of a case give different numbers"):
        disagreements.numbers(empty)
    with pytest.raises(ValueError, match="there is no case yet"):
        disagreements.claims_table(empty, "D-01")
