"""The war: a map that never says more than a date, and numbers as their sources give them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest
from test_views import dates_of, drawn
from treatybook.display import output, style
from treatybook.teaching import workshop
from treatybook.views import basemap, campaign, forces


@pytest.fixture(scope="module")
def war(book):
    return campaign.campaign(book)


def frame(war, name):
    return next(frame for frame in war.plot.frames if frame.name == name)


def shown(frame) -> pd.DataFrame:
    """Events that a frame marks as of its month."""
    return marks_of(frame.data[1])


def marks_of(trace) -> pd.DataFrame:
    """The marks of a trace, which may have none."""
    if not trace.x:
        return pd.DataFrame(columns=["x", "y", "title", "symbol"])
    return drawn(go.Frame(data=[trace]))


def symbol(frame, title: str) -> str:
    marks = shown(frame)
    (sign,) = marks[marks["title"].str.contains(title)]["symbol"]
    return sign


def test_every_frame_moves_the_same_traces_of_the_figure(war):
    moved = list(war.plot.frames[0].traces)
    names = [war.plot.data[n].name for n in moved]
    for other in war.plot.frames:
        assert list(other.traces) == moved
        assert [trace.name for trace in other.data] == names
    assert len(war.plot.data) == max(moved) + 1


def test_an_event_is_strong_only_in_months_it_can_lie_in(book, war):
    dates = dates_of(book)
    spans = campaign.months("1920-10", "1922-06")
    for step, (start, end) in zip(war.plot.frames, spans, strict=True):
        for title in shown(step)["title"]:
            assert dates[title].earliest <= end and dates[title].latest >= start


def test_a_date_that_reaches_beyond_the_month_is_a_diamond(war):
    assert symbol(frame(war, "May 1921"), "first raid").startswith("diamond")
    assert symbol(frame(war, "June 1921"), "first raid").startswith("diamond")
    assert symbol(frame(war, "July 1921"), "enter Urga").startswith("circle")


def test_a_day_that_is_only_about_right_is_a_diamond(book, tmp_path):
    row = book.events[book.events["event_id"] == "urga-taken-by-ungern-1921"].iloc[0]
    about = {"thread": "ungern", "places": row["places"]}
    mine = workshop.copy(book, tmp_path / "mine")
    for key, date in (("sure", "1921-03-10"), ("about", "1921-03-10~")):
        cells = about | {"event_id": key, "title_en": key, "date": date, "evidence": "secondary"}
        mine = workshop.add(mine, "events", cells)
    march = frame(campaign.campaign(mine, "1921-03", "1921-03"), "March 1921")
    assert symbol(march, "sure") == style.filled("secondary")
    assert symbol(march, "about") == style.filled("secondary", "diamond")


def test_the_number_at_a_place_is_that_of_the_list(war):
    for step in war.plot.frames:
        listed = step.data[-1].text[0].replace("<br>   ", " ").split("<br>")
        numbered = [line for line in listed if line.startswith("<b>") and line[3].isdigit()]
        marks = shown(step)
        assert len(numbered) == len(marks), step.name
        at_places = [n for text in step.data[2].text for n in text.split(",")]
        assert sorted(int(n) for n in at_places) == list(range(1, len(marks) + 1)), step.name
        for y, text in zip(step.data[2].y, step.data[2].text, strict=True):
            titles = {
                line.split(": ", 1)[1]
                for line in numbered
                if line[3:].split("<")[0] in [n.strip() for n in text.split(",")]
            }
            assert titles <= set(marks[marks["y"] == y]["title"]), step.name


def test_the_legend_of_the_map_is_the_same_in_every_month(war):
    assert not any(t.name for step in war.plot.frames for t in step.data)
    assert "may lie in another month" in {t.name for t in war.plot.data}


def test_what_has_no_place_stands_in_the_list_and_in_the_table(war):
    august = frame(war, "August 1921")
    listed = august.data[-1].text[0].replace("<br>   ", " ")
    assert "Ungern is captured" in listed
    assert "Ungern is captured" not in set(shown(august)["title"])
    missing = {
        row["Event"].text: row["Not on the map"] for row in war.table.frame.to_dict("records")
    }
    assert missing["Ungern is captured"]
    marks = {title for step in war.plot.frames for title in shown(step)["title"]}
    assert len(marks) == list(missing.values()).count("")


def test_what_is_known_to_the_year_only_stands_in_the_table_and_in_no_month(war):
    rows = war.table.frame
    yearly = rows[rows["Not on the map"] == "known to the year only"]
    titles = {cell.text for cell in yearly["Event"]}
    assert titles
    for month in war.plot.frames:
        assert not any(title in month.data[-1].text[0].replace("<br>   ", " ") for title in titles)


def test_only_what_was_over_before_a_month_is_told_as_earlier(war):
    rows = war.table.frame[war.table.frame["Not on the map"] == ""].to_dict("records")
    spans = campaign.months("1920-10", "1922-06")
    for step, (start, _) in zip(war.plot.frames, spans, strict=True):
        over = {r["Event"].text for r in rows if r["Date"].sort.split()[1] < start.isoformat()}
        earlier = marks_of(step.data[0])
        assert set(earlier["title"]) <= over, step.name
        # Where something happens in the month, only that is drawn.
        assert not set(earlier["y"]) & set(shown(step)["y"]), step.name
        assert shown(step).size or set(earlier["title"]) == over, step.name


def test_marks_of_one_place_do_not_cover_each_other(war):
    for step in war.plot.frames:
        assert not shown(step)[["x", "y"]].astype(float).round(3).duplicated().any(), step.name


def test_names_on_the_map_stand_beside_their_marks_and_inside(war):
    west, east, south, north = campaign.FRAME
    scale = basemap.PHONE / (east - west)
    height = (north - south) * scale * basemap.STRETCH
    reach = {"left": 0, "center": 0.5, "right": 1, "bottom": 0, "middle": 0.5, "top": 1}
    notes = war.plot.layout.annotations
    assert {note.text for note in notes} >= {"Novonikolaevsk", "Irkutsk", "Urga", "Peking"}
    assert {note.text for note in notes} >= set(basemap.areas())
    notes = [note for note in notes if note.text not in basemap.areas()]
    for note in notes:
        x = (note.x - west) * scale + note.xshift
        y = (note.y - south) * scale * basemap.STRETCH + note.yshift
        length = len(note.text) * basemap.LETTER
        left, low = x - length * reach[note.xanchor], y - basemap.NAME_SIZE * reach[note.yanchor]
        assert 0 <= left <= basemap.PHONE - length, note.text
        assert 0 <= low <= height - basemap.NAME_SIZE, note.text
        # Marks of one place lie side by side, so a name stands above or below them.
        assert note.yanchor != "middle", note.text
        assert abs(note.yshift) >= campaign.MARK / 2, note.text


def test_a_range_is_a_bar_with_two_ends_and_no_middle(book):
    view = forces.strengths(book)
    bars = next(trace for trace in view.plot.data if trace.name == "a range")
    assert (15000, 18000) in {(bars.x[n], bars.x[n + 1]) for n in range(0, len(bars.x), 3)}
    assert set(drawn(view)["x"]) <= set(book.forces["low"]) | set(book.forces["high"])


def heights(button) -> list:
    """Heights of the marks that a view of the strengths shows."""
    return [y for y in button.data["y"][1] if y is not None]


def test_a_view_of_the_strengths_has_a_named_row_for_each_force_and_fits_a_phone(book):
    for choice in ((), ("1921-03-01", "1921-07-06", 200)):
        view = forces.strengths(book, *choice)
        for button in view.buttons:
            names = [note["text"] for note in button.layout["annotations"]]
            assert len(set(names)) == len(names) == len(set(heights(button))) <= forces.MOST
            assert button.layout["height"] == forces.AROUND + forces.ROW * len(names) <= 560
        assert view.plot.layout.height == view.buttons[0].layout["height"]


def test_every_number_of_a_side_has_a_row_in_its_view(book):
    view = forces.strengths(book)
    rows = forces.between(book, "1920-09-01", "1921-12-31")
    men = rows[rows["measure"].isin(forces.HEADS) & (rows["force_group"] != "")]
    men = men[men["high"] >= forces.LEAST]
    assert len(view.table.frame) == len(rows)
    assert set(men["force_group"]) == set(book.labels("force_group"))
    ends = men.groupby("force_group")[["low", "high"]].apply(
        lambda part: sum(len({row.low, row.high}) for row in part.itertuples())
    )
    shown = {button.label: len(heights(button)) for button in view.buttons}
    for key, label in book.labels("force_group").items():
        assert shown[label] <= ends[key]
        assert shown[label] == ends[key] or f"{forces.MOST} largest" in view.caption


def test_numbers_of_one_force_at_one_time_stand_on_one_row_with_their_sources(book):
    first = forces.strengths(book).buttons[0]
    plot = forces.strengths(book).plot
    marks, words = plot.data[1], plot.data[2]
    corps = {y for y, text in zip(marks.y, marks.hovertext, strict=True) if "Neumann" in text}
    (row,) = corps
    assert row in heights(first)
    said = dict(zip(words.y, words.text, strict=True))[row + forces.SOURCES_AT]
    assert said == "10,000 Shishov · 11,000 Iuzefovich"


def test_forces_belong_to_their_side(book):
    sides = {"F023": "chinese", "F034": "ungern", "F052": "west", "F038": "reds", "F068": ""}
    groups = book.by_key("forces", "force_group")
    assert {key: groups[key] for key in sides} == sides


def test_little_trusted_numbers_are_hollow_and_only_they(book):
    rows, seen = book.forces, set()
    for mark in drawn(forces.strengths(book)).itertuples():
        mine = (rows["unit"] == mark.title) & ((rows["low"] == mark.x) | (rows["high"] == mark.x))
        hollow = mark.symbol.endswith("-open")
        assert ("low" in set(rows[mine]["confidence"])) == hollow, mark.text
        seen.add(hollow)
    assert seen == {True, False}


def test_the_key_of_the_strengths_shows_no_group_hollow(book):
    view = forces.strengths(book)
    colours = {t.name: t.marker.color for t in view.plot.data if t.name and t.mode == "markers"}
    symbols = {t.name: t.marker.symbol for t in view.plot.data if t.name and t.mode == "markers"}
    for key, colour in style.party_colours(book, "force_group").items():
        (name,) = (name for name in colours if book.labels("force_group")[key] in name)
        assert colours[name] == colour
        assert symbols[name] is None


def test_a_figure_of_the_first_or_the_last_day_lies_between_them(book):
    dated = book.forces[[date.days == 1 for date in book.forces["date"]]].iloc[0]
    day = dated["date"].text[:10]
    for first, last in (("1911-01-01", day), (day, "1930-01-01"), (day, day)):
        assert dated["force_id"] in set(forces.between(book, first, last)["force_id"])


def test_in_jupyterlab_the_controls_get_room_of_their_own(war, monkeypatch):
    given = []
    monkeypatch.delenv(output.PAGE_VARIABLE, raising=False)
    monkeypatch.setattr(output, "display", lambda content, raw=False: given.append(content))
    output.show(war)
    bundle = next(content for content in given if isinstance(content, dict))
    layout, page = bundle["application/vnd.plotly.v1+json"]["layout"], war.plot.layout
    assert layout["height"] > page.height
    for side in "bt":
        assert layout["margin"][side] > page.margin[side]
    slider = layout["sliders"][0]
    assert slider["pad"]["t"] >= page.margin.b, "the slider lies below the legend"
    month = slider["steps"][slider["active"]]["label"]
    assert month == war.plot.frames[war.start].name == "July 1921"
    assert war.plot.data[-1].text == frame(war, month).data[-1].text, "it starts as it is drawn"
