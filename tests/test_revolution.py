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
    bars = next(trace for trace in view.plot.data if trace.mode == "lines")
    assert ends in zip(bars.x[::3], bars.x[1::3], strict=True)


def test_events_stand_in_the_lane_of_their_place(book):
    lanes = revolution.in_lanes(book).set_index("event_id")["lane"]
    assert lanes["seven-in-irkutsk-1920"] == "irkutsk"
    assert lanes["provisional-government-1921"] == "border"
    assert lanes["china-rejects-help-1920"] == "peking"


def test_an_event_that_may_lie_outside_the_days_is_left_out(book):
    found = revolution.in_lanes(book, "1921-01-01", "1921-07-31")
    assert "zhang-two-divisions-1921" not in set(found["event_id"])
