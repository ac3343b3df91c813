"""People, places and disagreements: what their views count, draw and link to."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import geojson
import pytest
from treatybook.display import output, style
from treatybook.display.content import text_of
from treatybook.evidence import identifiers, prose
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


@pytest.mark.parametrize("day", ["1921, 11, 5", "1895, 1, 1"])
def test_the_ages_are_of_those_who_were_born_by_any_day_that_a_reader_asks_for(day, monkeypatch):
    monkeypatch.setattr(output, "display", lambda *_, **__: None)
    names: dict = {}
    for _, cell in list(prose.cells("people"))[:3]:
        exec(cell.replace("1921, 11, 5", day), names)
    ages = names["ages"]
    assert len(ages) > 5 and all(born.latest <= names["day"] for born in ages["born"])
    assert (ages["youngest"] >= 0).all()
    assert str(names["day"].year) in names["plot"].layout.xaxis.title.text


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


def test_the_key_of_the_lives_says_what_colour_and_fill_mean(book):
    view = people.lifelines(book)
    assert not any(trace.showlegend is not False for trace in view.plot.data if trace.type == "bar")
    keys = {trace.name: trace.marker.symbol for trace in view.plot.data if trace.name}
    groups = book.labels("people_group")
    living = book.people.dropna(subset=["born", "died"])
    fills = {"reported", "not established"}
    assert set(keys) - fills == {groups[group] for group in living["group"]}
    assert fills <= set(keys)


def test_all_lives_fit_on_a_phone_the_first_to_die_on_top(book, lives):
    view = people.lifelines(book)
    assert view.plot.layout.height <= 560
    died = [row["died"].earliest for row, *_ in lives.values()]
    heights = {
        title: y
        for trace in view.plot.data
        if trace.type == "bar"
        for text, y in zip(trace.hovertext, trace.y, strict=True)
        for title in re.findall("^<b>(.*?)</b>", text)
    }
    first = max(heights, key=heights.get)
    assert lives[first][0]["died"].earliest == min(died)
    lines = [button.layout.get("shapes") for button in view.buttons]
    assert [line["x0"] for line in lines[0]] == [view.plot.layout.shapes[0].x0] == ["1924-12-31"]


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
    assert table.loc["Urga", "Coordinates"].text == "47.91° N, 106.88° E"


def test_a_place_with_just_enough_events_has_its_name_on_the_map(book):
    place = book.places[book.places["place_id"] == "urga"]
    view, least = gazetteer.VIEWS["region"]
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
    assert list(table.frame["Coordinates"].map(str)).count("not known") == missing


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
    assert {href.removeprefix("claims.html#") for _, href in links} <= set(claims.row_ids)


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
    view = disagreements.numbers(book)
    assert view.headline.endswith(f"the largest number is {ratio:.0f} times the smallest")
    widest = (ends["high"] / ends["low"]).idxmax()
    assert view.headline.startswith(widest) and view.table.frame["About"].iloc[0] == widest
    assert ratio > 1


def date_marks(book) -> dict[str, dict]:
    """What the drawing of the disputed dates has at each mark, by its words."""
    followed = {trace.name: trace for trace in disagreements.dates(book).plot.data}
    assert "the book follows it" in followed
    marks = [t for t in disagreements.dates(book).plot.data if t.hovertext and t.name is None]
    return {
        text: {"fill": fill, "row": round(y), "leads": leads}
        for trace in marks
        for text, fill, y, leads in zip(
            trace.hovertext,
            trace.marker.color if trace.type == "bar" else trace.marker.symbol,
            trace.y,
            trace.customdata,
            strict=True,
        )
    }


def test_a_disputed_date_has_one_mark_for_each_date_that_is_given(book):
    frame = disagreements.disputed_dates(book)
    frame["text"] = [date.text for date in frame["date"]]
    things = frame.groupby(["case_id", "subject", "field"])
    assert (things["text"].nunique() > 1).all()
    given = frame.drop_duplicates(["case_id", "subject", "field", "text"])
    table = disagreements.dates(book).table.frame
    assert len(date_marks(book)) == len(given) == len(table)
    named = sum(len(text.split(", ")) for text in table["Sources"])
    assert named == len(frame), "who gives a date stands in its row"
    bakich = frame[frame["case_id"] == "D-16"].sort_values("date")
    assert list(bakich["text"]) == ["1922-06-08", "1922-06-17", "1922-06-17"]
    assert list(bakich["followed"]) == [False, True, True]


def test_the_widest_of_the_disputed_dates_stands_first_and_says_how_far_apart_it_lies(book):
    frame = disagreements.disputed_dates(book)
    assert list(frame["spread"]) == sorted(frame["spread"], reverse=True)
    table = disagreements.dates(book).table.frame
    apart = {row["About"]: row["Apart"].text for row in table.to_dict("records")}
    assert apart["death of Sükhbaatar"] == "2 days"
    assert apart["first aircraft"] == "2 years"
    # One of these is a month, so nobody knows how many days they differ by.
    assert apart["appeal to keep Soviet troops"] == "up to 30 days"
    notes = [note.text for note in disagreements.dates(book).plot.layout.annotations]
    assert "<b>2 days</b>" in notes
    assert disagreements.dates(book).headline.startswith(
        f"Sources disagree about {len(frame.groupby(['case_id', 'subject', 'field']))} dates"
    )


def test_a_date_without_a_source_is_hollow_and_a_mark_leads_to_its_case(book):
    marks = date_marks(book)
    unseen = [mark for text, mark in marks.items() if "no source seen" in text.split("<br>")]
    assert unseen and {mark["fill"] for mark in unseen} <= {"circle-open", style.HOLLOW}
    assert {mark["leads"] for mark in marks.values()} <= {
        identifiers.address("case", case) for case in book.verdicts["case_id"]
    }


def test_the_key_of_the_disputed_dates_explains_fill_span_and_sign(book):
    names = {trace.name for trace in disagreements.dates(book).plot.data if trace.name}
    fills = {"read", "reported", "not established"}
    assert names == fills | {"a span of days", "the book follows it"}


def test_a_part_of_the_disputed_dates_is_as_high_as_its_rows(book):
    view = disagreements.dates(book)
    first, *_ = view.buttons
    assert first.layout["height"] == view.plot.layout.height <= 560
    at_once, row, around = disagreements.DATES
    shown = []
    for button in view.buttons:
        low, high = button.layout["yaxis.range"]
        assert (button.layout["height"] - around) / row == round(high - low) <= at_once
        shown.append(high - low)
    things = view.table.frame[["About", "What"]].assign(case=view.table.frame["Case"].map(text_of))
    assert sum(shown) == len(things.drop_duplicates())
    names = [n.text for n in view.plot.layout.annotations if (n.xref, n.x) == ("paper", 0)]
    assert len(names) == len(set(names)) == sum(shown), "no two rows have one name"


def test_numbers_keep_clear_of_their_marks_and_of_each_other_on_a_phone(book):
    view = disagreements.numbers(book)
    names = [note for note in view.plot.layout.annotations if note.xref != "paper"]
    assert len(names) == len(view.table.frame)
    lines: dict[tuple, list[tuple]] = {}
    for note in names:
        # A mark reaches 6 pixels from its middle, and words of this size as far from theirs.
        assert -note.yshift - 6 - 6 >= 6
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
    (bar,) = (trace for trace in disagreements.numbers(book).plot.data if trace.type == "bar")
    assert len(bar.x) == (frame["low"] < frame["high"]).sum() > 0


def test_one_case_can_be_opened_and_an_unknown_one_is_an_error(book):
    view = disagreements.claims_table(book, "D-16")
    addresses = [identifiers.address("claim", f"C{n:03}") for n in range(86, 92)]
    assert [cell.href for cell in view.frame["What is said"]] == addresses
    assert "About" in view.frame, "the case has several subjects"
    caption = disagreements.claims_table(book, "D-01").caption
    assert caption == "Claims of case D-01: Who led the mission to Moscow?"
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
