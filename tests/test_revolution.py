"""The revolution in lanes of places: nothing dropped, nothing made more exact."""

from __future__ import annotations

import pytest
from treatybook.views import revolution


def marks(view) -> list[tuple[str, str]]:
    return [
        (x, text)
        for trace in view.plot.data
        if trace.mode == "markers"
        for x, text in zip(trace.x, trace.hovertext, strict=True)
    ]


def test_every_event_of_the_span_is_in_the_table_and_drawn_where_it_has_a_lane(book):
    view = revolution.where(book)
    events = revolution.in_lanes(book)
    assert len(view.table.frame) == len(events)
    drawn = {text.split("</b>")[0].removeprefix("<b>") for _, text in marks(view)}
    assert drawn == set(events[events["lane"] != ""]["title_en"])


def test_a_span_has_marks_at_its_ends_and_a_bar_between(book):
    view = revolution.where(book)
    conference = {x for x, text in marks(view) if "1 to 3 March 1921" in text}
    assert conference == {"1921-03-01", "1921-03-03"}
    bars = next(trace for trace in view.plot.data if trace.mode == "lines")
    assert ("1921-03-01", "1921-03-03") in {
        (bars.x[n], bars.x[n + 1]) for n in range(0, len(bars.x), 3)
    }


def test_events_stand_in_the_lane_of_their_place(book):
    lanes = revolution.in_lanes(book).set_index("event_id")["lane"]
    assert lanes["seven-in-irkutsk-1920"] == "irkutsk"
    assert lanes["provisional-government-1921"] == "border"
    assert lanes["china-rejects-help-1920"] == "peking"


def test_an_event_that_may_lie_outside_the_days_is_left_out_and_an_empty_span_is_an_error(book):
    found = revolution.in_lanes(book, "1921-01-01", "1921-07-31")
    assert "zhang-two-divisions-1921" not in set(found["event_id"])
    with pytest.raises(ValueError, match="no event"):
        revolution.in_lanes(book, "1901-01-01", "1901-12-31")
