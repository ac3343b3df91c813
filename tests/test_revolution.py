"""The revolution in lanes of places: nothing dropped, nothing made more exact."""

from __future__ import annotations

from test_views import drawn
from treatybook.views import revolution


def test_every_event_of_the_span_is_in_the_table_and_drawn_where_it_has_a_lane(book):
    view = revolution.where(book)
    events = revolution.in_lanes(book)
    assert len(view.table.frame) == len(events)
    assert set(drawn(view)["title"]) == set(events[events["lane"] != ""]["title_en"])


def test_a_span_has_marks_at_its_ends_and_a_bar_between(book):
    view = revolution.where(book)
    marks, ends = drawn(view), ("1921-03-01", "1921-03-03")
    assert set(marks[marks["text"].str.contains("1 to 3 March 1921")]["x"]) == set(ends)
    bars = next(trace for trace in view.plot.data if trace.name == "a span of days")
    assert ends in zip(bars.x[::3], bars.x[1::3], strict=True)


def test_events_stand_in_the_lane_of_their_place(book):
    lanes = revolution.in_lanes(book).set_index("event_id")["lane"]
    assert lanes["seven-in-irkutsk-1920"] == "irkutsk"
    assert lanes["provisional-government-1921"] == "border"
    assert lanes["china-rejects-help-1920"] == "peking"


def test_an_event_that_may_lie_outside_the_days_is_left_out(book):
    found = revolution.in_lanes(book, "1921-01-01", "1921-07-31")
    assert "zhang-two-divisions-1921" not in set(found["event_id"])


def test_the_way_of_the_revolutionaries_goes_through_their_steps_in_order_of_time(book):
    view = revolution.where(book)
    line = next(
        trace
        for trace in view.plot.data
        if trace.name == "the way of the Mongolian revolutionaries"
    )
    assert list(line.x) == sorted(line.x)
    marks = drawn(view)
    steps = set(marks[marks["size"] == revolution.ON_WAY]["title"])
    assert {
        "Seven Mongolian envoys negotiate at Irkutsk",
        "Party conference at Troitskosavsk",
    } < steps
    assert "Ungern takes Urga" not in steps
    assert "Soviet Russia and Persia sign a treaty" not in steps


def test_a_name_stands_at_each_turn_of_the_way(book):
    view = revolution.where(book)
    names = {note.text.replace("<br>", " ") for note in view.plot.layout.annotations}
    titles = set(book.events["title_en"])
    assert "The first Mongolian envoys reach Verkhneudinsk" in names
    assert len(names & titles) == 4
    for button in view.buttons:
        first, last = button.layout["xaxis.range"]
        turns = [
            n for n in button.layout["annotations"] if n["text"].replace("<br>", " ") in titles
        ]
        assert all(first <= note["x"] <= last for note in turns)


def test_the_headline_of_where_counts_the_steps_of_the_way(book):
    view = revolution.where(book)
    assert view.headline == (
        "9 of 10 steps of the Mongolian revolutionaries before July 1921 were taken outside Urga "
        "and the steppe"
    )
