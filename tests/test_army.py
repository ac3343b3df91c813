"""The army: a number only where a source has one, and witnesses counted as they are."""

from __future__ import annotations

import re

import pytest
from treatybook.display import style
from treatybook.display.content import FigureView
from treatybook.evidence.identifiers import address
from treatybook.views import army


@pytest.fixture(scope="module")
def counted(book) -> FigureView:
    return army.what_is_counted(book)


def fields(view: FigureView) -> dict[tuple, str]:
    """What is written on each field, by its year and row."""
    return {(note.x, note.y): note.text for note in view.plot.layout.annotations if note.x}


def test_a_field_shows_the_lowest_and_the_highest_figure_and_none_that_no_source_has(book, counted):
    wanted = {}
    for (aspect, year), rows in army.numbers(book).groupby(["aspect", "year"]):
        ends = sorted({rows["low"].min(), rows["high"].max()})
        place = (year, -list(book.labels("army_aspect").values()).index(aspect))
        wanted[place] = "–".join(f"{end:,.0f}" for end in ends)
    assert fields(counted) == wanted != {}
    stated = {f"{value:,.0f}" for column in ("low", "high") for value in book.forces[column]}
    assert {part for text in wanted.values() for part in text.split("–")} <= stated
    assert len(counted.plot.data[0].y) == len(wanted)
    assert counted.table.frame.shape == (len(book.labels("army_aspect")), 1 + 7), "seven years"


def test_what_nobody_counts_is_empty_and_said(counted):
    missing = next(
        trace for trace in counted.plot.data if trace.name == "no figure in what was read"
    )
    assert missing.marker.color == style.HOLLOW
    assert counted.headline.startswith(f"{len(missing.y)} of {10 * 7} numbers about the army")
    assert any("its rifles, 1924" in text for text in missing.hovertext)
    assert "its rifles" in counted.alternative
    table = counted.table.frame.set_index("Aspect")
    assert set(table.loc["its rifles"]) == {"no figure"}
    assert "2,560" in table.loc["men in the army or a part of it", "1923"]


def test_a_figure_of_a_whole_decade_says_nothing_about_one_year(book):
    wide = book.forces[book.forces["date"].map(lambda date: date.text == "192X")]
    assert not wide.empty
    assert not set(wide["force_id"]) & set(army.numbers(book)["force_id"])


def test_a_figure_of_two_years_stands_in_both(book):
    found = army.numbers(book)
    two = book.forces[[date.text == "1925/1926" for date in book.forces["date"]]]
    for force in two["force_id"]:
        assert set(found[found["force_id"] == force]["year"]) == {1925, 1926}, force


def test_an_event_with_a_second_source_does_not_rest_on_one_account(book):
    view = army.witnesses(book)
    rows = view.table.frame
    alone = [cell.text for cell in rows[rows["Sources"] == book.account]["Event"]]
    assert f"{len(alone)} of {len(rows)} events rest on Airapetov alone" in view.headline
    assert f"events rest on Airapetov alone: {'; '.join(alone)}." in view.alternative


def test_the_corps_of_1921_is_not_counted_as_a_delivery(book):
    found = army.numbers(book)
    aircraft = found[found["aspect"] == "aircraft from the Soviet Union"]
    assert set(aircraft["year"]) == {1925, 1926}


def test_the_tested_account_stands_first_and_has_its_name_from_the_bibliography(book):
    assert book.sources[book.account].people[0].startswith("Airapetov,")
    view = army.witnesses(book)
    tested = next(trace for trace in view.plot.data if "text" in trace.mode)
    assert (set(tested.x), {text.strip() for text in tested.text}) == ({1}, {"Airapetov"})
    assert "Airapetov" in {trace.name for trace in view.plot.data}, "the legend says it too"
    assert "An agreement of 1924" in view.alternative


def test_a_mark_of_a_witness_leads_to_its_event(book):
    addresses = {address("event", event) for event in book.events["event_id"]}
    marks = [trace for trace in army.witnesses(book).plot.data if trace.x != (None,)]
    assert marks and {place for trace in marks for place in trace.customdata} <= addresses


def test_of_many_events_the_first_are_seen_and_buttons_show_the_others(book):
    view = army.witnesses(book, "troops")
    assert len(view.table.frame) > army.EVENTS[0]
    assert view.plot.layout.height <= 560
    assert f"The first {army.EVENTS[0]} are shown" in view.caption
    seen = view.plot.layout.yaxis.range
    assert view.buttons[0].layout["yaxis.range"] == list(seen)
    ends = sorted(end for button in view.buttons for end in button.layout["yaxis.range"])
    assert ends[-1] - ends[0] == len(view.table.frame), "together they show every event"


def test_the_first_and_the_last_year_asked_for_are_counted(book):
    whole = army.numbers(book)
    assert {1924, 1925} <= set(whole["year"])
    part = army.numbers(book, 1924, 1925)
    assert part.equals(whole[whole["year"].isin([1924, 1925])].reset_index(drop=True))


SIDES = {"advisers": "RSFSR|USSR", "aircraft": "RSFSR|USSR", "garrison": "RSFSR|USSR"}


def test_a_figure_stands_for_an_aspect_only_of_the_side_that_it_counts(book):
    """The Empire's instructors are no Soviet ones, and a debt is no money for the army."""
    for row in book.forces.to_dict("records"):
        for aspect in row["army_aspect"]:
            assert re.match(SIDES.get(aspect.removesuffix("-men"), "Mongolia"), row["side"]), row
        if row["force_group"] == "reds":
            assert row["date"].latest.year >= 1921, "before there was a People's Government"
    assert not book.rows("forces")["FA030"]["army_aspect"], "nothing says that it was for arms"


def test_arms_taken_money_and_the_accused_are_no_troops(book):
    groups = book.by_key("forces", "force_group")
    assert {groups[key] for key in ("F012", "F060", "FA022", "FA030")} == {""}
