"""Tables that no view makes: those of the prose, and frames as pandas writes them."""

from __future__ import annotations

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from treatybook.display.content import TableView
from treatybook.display.rendering import table_html
from treatybook.site.prose_tables import rewritten

HEADING = '<h2>Look: count &amp; compare<a class="headerlink" href="#x">#</a></h2>'
EVENTS = pd.DataFrame({"thread": ["war", "war", "army"], "level": ["text", "topic", "text"]})
COUNTED = EVENTS.groupby(["thread", "level"]).size()


def written(frame: pd.DataFrame) -> Tag:
    return BeautifulSoup(rewritten(HEADING + frame._repr_html_()), "html.parser")


@pytest.mark.parametrize(
    ("frame", "heads", "first"),
    [
        (EVENTS, ["thread", "level"], ["war", "text"]),
        (EVENTS.groupby("thread").size().to_frame("events"), ["thread", "events"], ["army", "1"]),
        (COUNTED.unstack(fill_value=0), ["level / thread", "text", "topic"], ["army", "1", "0"]),
    ],
)
def test_a_frame_gets_the_heading_above_it_and_one_line_of_heads(frame, heads, first):
    page = written(frame)
    assert page.caption.get_text() == "Look: count & compare"
    assert [head.get_text() for head in page.select("thead th[scope=col]")] == heads
    assert [cell.get_text() for cell in page.tbody.tr.find_all(["th", "td"])] == first
    assert page.select_one("tbody th[scope=row]")
    assert not page.select("style")


def test_a_frame_whose_cells_span_rows_can_be_reached_by_keys_where_it_scrolls():
    page = written(COUNTED.to_frame("events"))
    assert page.caption.get_text() == "Look: count & compare"
    assert page.select_one(".tb-scrolls")["tabindex"] == "0"
    assert {head["scope"] for head in page.select("th")} == {"col", "row", "rowgroup"}


def test_a_table_of_the_prose_keeps_its_links_and_what_stands_after_it():
    words = "<p>Read <a href='war.html'>the war</a> " + "and say what you read " * 5 + "</p>"
    heads = "<thead><tr><th>min</th><th>what</th></tr></thead>"
    table = f"<table>{heads}<tbody><tr><td>5</td><td>{words}</td></tr></tbody></table>"
    box = f'{HEADING}<div class="pst-scrollable-table-container">{table}\n</div><p>After.</p>'
    page = BeautifulSoup(rewritten(box), "html.parser")
    assert page.select_one(".tb-table td a")["href"] == "war.html"
    assert not page.select(".pst-scrollable-table-container")
    assert page.find_all("p")[-1].get_text() == "After."


def test_a_table_of_a_view_stays_as_it_is():
    own = str(table_html(TableView("t", "A caption", EVENTS)))
    assert rewritten(HEADING + own) == HEADING + own
