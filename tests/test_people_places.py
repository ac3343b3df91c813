"""People, places and disagreements: what their views count, draw and link to."""

from __future__ import annotations

import datetime as dt

import geojson
import pytest
from treatybook.evidence import identifiers
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.teaching import workshop
from treatybook.views import basemap, days, disagreements, gazetteer, people, voices


def drawn_marks(view) -> list:
    """Traces of marks without those that only make an entry of the key."""
    return [t for t in view.plot.data if t.mode == "markers" and t.x[0] is not None]


def test_every_person_has_a_card_with_all_forms_and_an_anchor(book):
    view = people.cards(book)
    assert view.row_ids == [identifiers.anchor("person", key) for key in book.people["person_id"]]
    by_name = {row["Name"]: row for row in view.frame.to_dict("records")}
    forms = by_name["Damdin Sükhbaatar"]["Other names"]
    for form in ("Сухэ-Батор", "Дамдины Сүхбаатар", "Sukhe-Bator"):
        assert form in forms
    assert "The Mongolian mission in Moscow" in by_name["Soliin Danzan"]["Events"].text


def test_a_remembered_date_of_a_life_says_so_and_is_drawn_hollow(book):
    view = people.lifelines(book)
    drawn = {
        text.split("</b>")[0].removeprefix("<b>"): colour
        for trace in view.plot.data
        if trace.type == "bar"
        for text, colour in zip(trace.hovertext, trace.marker.color, strict=True)
    }
    rows = book.people.dropna(subset=["born", "died"]).to_dict("records")
    assert set(drawn) == {row["name_en"] for row in rows}
    for row in rows:
        parts = row["unverified_part"].split("; ")
        weak = row["evidence"] == "unverified" or {"born", "died"} & set(parts)
        assert (drawn[row["name_en"]] == "rgba(0,0,0,0)") == bool(weak), row["name_en"]
    lenin = next(r for r in people.cards(book).frame.to_dict("records") if "Lenin" in r["Name"])
    assert "not checked" in lenin["Born"].text


def test_the_key_of_the_lives_has_full_groups_and_one_hollow_sign(book):
    view = people.lifelines(book)
    assert not any(trace.showlegend is not False for trace in view.plot.data if trace.type == "bar")
    keys = {trace.name: trace.marker.symbol for trace in view.plot.data if trace.name}
    hollow = [name for name, symbol in keys.items() if symbol.endswith("-open")]
    assert hollow == ["hollow: remembered, not checked"]
    drawn = book.people[book.people["born"].notna() & book.people["died"].notna()]
    groups = book.labels("people_group")
    assert set(keys) - set(hollow) == {groups[group] for group in drawn["group"]}


def test_a_life_is_drawn_no_shorter_than_its_dates_allow(book):
    view = people.lifelines(book)
    spans = {
        text.split("</b>")[0].removeprefix("<b>"): (base, length)
        for trace in view.plot.data
        if trace.type == "bar"
        for text, base, length in zip(trace.hovertext, trace.base, trace.x, strict=True)
    }
    for row in book.people.dropna(subset=["born", "died"]).to_dict("records"):
        base, length = spans[row["name_en"]]
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


def test_the_words_of_the_lives_count_who_had_died_by_the_end_of_1941(book):
    lives = book.people.dropna(subset=["born", "died"]).to_dict("records")
    assert any(row["died"].earliest.year == row["died"].latest.year == 1941 for row in lives)
    dead = [row for row in lives if row["died"].latest.year <= 1941]
    alive = sorted(row["name_en"] for row in lives if row["died"].earliest.year > 1941)
    words = people.lifelines(book).alternative
    assert f"{len(dead)} had died by the end of 1941" in words
    assert words.endswith(f"alive after it: {', '.join(alive)}.")


def test_the_busiest_place_is_named_and_a_position_is_north_and_east(book):
    events = [place for places in book.events["places"] for place in places]
    busiest = max(set(events), key=events.count)
    name = book.places.set_index("place_id").loc[busiest, "name"]
    assert gazetteer.places_map(book).alternative.endswith(f"Most events fall to {name}.")
    table = gazetteer.places_table(book).frame.set_index("Place")
    assert table.loc["Urga", "Position"].text == "47.91° N, 106.88° E"


def test_a_place_with_just_enough_events_has_its_name_on_the_map(book):
    place = book.places[book.places["place_id"] == "urga"]
    view, least = gazetteer.VIEWS["the whole region"]
    for events, named in ((least, 1), (least - 1, 0)):
        assert len(gazetteer._names(place.assign(events=events), view, least)) == named


def test_every_place_is_in_the_gazetteer_and_only_positions_are_drawn(book):
    table = gazetteer.places_table(book)
    assert table.row_ids == [identifiers.anchor("place", key) for key in book.places["place_id"]]
    view = gazetteer.places_map(book)
    drawn = sum(len(trace.x) for trace in drawn_marks(view))
    inside = book.places.dropna(subset=["latitude"])
    inside = inside[inside["longitude"].between(70, 130) & inside["latitude"].between(38, 60)]
    assert drawn == len(inside) == len(view.table.frame)
    missing = int(book.places["latitude"].isna().sum())
    assert f"{missing} have no position" in view.alternative
    assert "Moscow" in view.alternative
    unknown = table.frame[table.frame["Position"].map(str) == "not known"]
    assert len(unknown) == missing


def test_every_part_of_the_map_names_places_inside_it(book):
    view = gazetteer.places_map(book)
    assert [n.text for n in view.plot.layout.annotations] == [
        note["text"] for note in view.buttons[0].layout["annotations"]
    ]
    named = {b.label: {note["text"] for note in b.layout["annotations"]} for b in view.buttons}
    assert {"Urga", "Kyakhta", "Peking"} <= named["the whole region"]
    assert {"Kobdo", "Uliastai"} <= named["the west"]
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
    assert (
        basemap.names([("A name that is much longer than the map is wide" * 2, 5, 5, 10)], view)
        == []
    )


def test_the_key_of_the_map_says_what_the_size_of_a_mark_means(book):
    view = gazetteer.places_map(book)
    keys = {t.name: t.marker.size for t in view.plot.data if t.name and t.x[0] is None}
    assert keys["10 events or more"] > keys["1 event or none"]
    sizes = [size for trace in drawn_marks(view) for size in trace.marker.size]
    assert {min(sizes), max(sizes)} == {keys["1 event or none"], keys["10 events or more"]}
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
    linked = {
        href.removeprefix("disagreements.html#")
        for cell in cases.frame["Claims"]
        if cell != "none"
        for _, href in cell.links
    }
    assert linked <= set(claims.row_ids)


def test_a_case_marks_the_claims_that_its_verdict_follows(book):
    rows = book.verdicts.to_dict("records")
    for row, cell in zip(rows, disagreements.cases(book).frame["Claims"], strict=True):
        words = [text for text, _ in cell.links] if cell != "none" else []
        marked = {text.split()[0] for text in words if text.endswith("(followed)")}
        listed = {text.split()[0] for text in words}
        assert marked == set(row["claims_followed"]) & listed, row["case_id"]


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
    marks = drawn_marks(view)
    assert sum(len(trace.x) for trace in marks) == len(frame) == len(view.table.frame)
    assert all(-0.01 <= x <= 1.01 for trace in marks for x in trace.x)
    bakich = frame[frame["case_id"] == "D-16"].sort_values("date")
    assert [date.text for date in bakich["date"]] == ["1922-06-08", "1922-06-17", "1922-06-17"]
    assert list(bakich["followed"]) == [False, True, True]


def test_a_date_without_a_source_is_a_cross_not_a_plain_mark(book):
    view = disagreements.dates(book)
    symbols = [symbol for trace in drawn_marks(view) for symbol in trace.marker.symbol]
    frame = disagreements.disputed_dates(book)
    weak = frame["evidence"].isin(WEAK_LEVELS)
    assert symbols.count("x-open") == int((weak & ~frame["followed"]).sum()) > 0
    assert symbols.count("x") == int((weak & frame["followed"]).sum())
    hollow = sum(symbol.endswith("-open") for symbol in symbols)
    assert hollow == int((~frame["followed"]).sum()), "hollow means not followed, crosses too"


def test_the_key_of_the_disputed_dates_explains_hollow_and_cross(book):
    names = {trace.name for trace in disagreements.dates(book).plot.data if trace.name}
    assert names == {
        "filled: followed",
        "hollow: not followed",
        "cross: no source seen",
        "a span of days",
    }


def test_a_part_of_the_disputed_dates_is_as_high_as_its_rows(book):
    view = disagreements.dates(book)
    whole, first, *_ = view.buttons
    assert whole.layout["height"] == view.plot.layout.height
    low, high = first.layout["yaxis.range"]
    rows = [
        (b.layout["height"] - disagreements.AROUND) / disagreements.DATE_ROW for b in view.buttons
    ]
    assert rows[1] == round(high - low) == 10
    assert sum(rows[1:]) == rows[0]


def test_numbers_keep_clear_of_their_marks_and_of_each_other_on_a_phone(book):
    plot = disagreements.numbers(book).plot
    names = [note for note in plot.layout.annotations if note.xref != "paper"]
    assert len(names) == len(disagreements.disputed_numbers(book))
    boxes = []
    for note in names:
        # A mark reaches 7 pixels from its middle, and words of this size as far from theirs.
        assert abs(note.yshift) - 7 - 7 >= 6
        half = len(note.text) * disagreements.LETTER / 2
        middle = note.x * disagreements.NARROW
        boxes.append((note.y, note.yshift, middle - half, middle + half))
    for y, side, left, right in boxes:
        others = [b for b in boxes if b[:2] == (y, side) and b != (y, side, left, right)]
        assert all(right <= start or end <= left for *_, start, end in others)


def test_a_disputed_number_with_a_range_is_drawn_as_a_range(book):
    frame = disagreements.disputed_numbers(book)
    garrison = frame[frame["subject"] == "Chinese garrison of Urga"]
    assert set(zip(garrison["low"], garrison["high"], strict=True)) >= {
        (7000, 7000),
        (15000, 18000),
    }
    view = disagreements.numbers(book)
    line = next(trace for trace in view.plot.data if trace.mode == "lines")
    ranges = int((frame["low"] < frame["high"]).sum())
    assert len(line.x) == 3 * ranges > 0


def test_one_case_can_be_opened_and_an_unknown_one_is_an_error(book):
    view = disagreements.claims_table(book, "D-16")
    addresses = [identifiers.address("claim", f"C{n:03}") for n in range(86, 92)]
    assert [cell.href for cell in view.frame["What is said"]] == addresses
    assert "About" in view.frame, "the case has several subjects"
    assert disagreements.claims_table(book, "D-01").caption.endswith(
        "who led the Mongolian mission"
    )
    assert "Where" in view.frame
    assert "Where" not in disagreements.claims_table(book, "D-40").frame, "it is empty in every row"
    with pytest.raises(ValueError, match="no case 'D-99'"):
        disagreements.claims_table(book, "D-99")


@pytest.mark.parametrize("written", ["d-26", "D26", "d 26", " D-26 "])
def test_a_case_may_be_written_without_capitals_and_hyphen(book, written):
    view = disagreements.claims_table(book, written)
    assert view.caption.startswith("Claims of case D-26")
    spans = {"all": ("1921-01-01", "1922-01-01")}
    drawn = voices.by_source(book, written, spans).plot
    assert drawn == voices.by_source(book, ("D-26",), spans).plot


def test_a_case_that_there_is_not_is_told_with_the_nearest(book):
    with pytest.raises(ValueError, match="run from D-01 to T-17; did you mean 'T-17'"):
        disagreements.claims_table(book, "T-18")
    with pytest.raises(ValueError, match="no case 'D-99'"):
        voices.dated_claims(book, ("D-26", "D-99"))
    with pytest.raises(ValueError, match="no case 26"):
        disagreements.claims_table(book, 26)


def test_a_person_is_one_key_or_several_and_a_near_one_is_named(book):
    assert len(days.delegation(book, "danzan").frame) == 1
    assert len(days.delegation(book, ("danzan", "bodoo")).frame) == 2
    with pytest.raises(ValueError, match=r"'sukhbator' in people\.csv; did you mean 'sukhbaatar'"):
        days.delegation(book, ("sukhbator",))


def test_without_numbers_that_differ_there_is_an_empty_table_and_no_figure(tmp_path):
    empty = workshop.new(tmp_path / "x", "Gym", "GYM-2026", {"A": "A", "B": "B"}, {"t": "Talks"})
    frame = disagreements.disputed_numbers(empty)
    assert frame.empty
    assert {"case_id", "subject", "low", "high", "source"} <= set(frame.columns)
    with pytest.raises(ValueError, match="no two claims of a case give different numbers"):
        disagreements.numbers(empty)
    with pytest.raises(ValueError, match="there is no case yet"):
        disagreements.claims_table(empty, "D-01")
