"""The views of the chapters: what is known of a day, who gives which date, who promised what."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import pytest
from test_views import contrast, drawn
from treatybook.display import style
from treatybook.display.content import FigureView
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.teaching import workshop
from treatybook.views import days, status, voices

AUTUMN = ("1921-09-05", "1921-11-20")
SPANS = {"1925": ("1925-01-01", "1926-12-31")}


CASES = ("D-21", "D-22", "D-24")
CROSS = "given by a source, not followed"
DOUBTFUL = "day uncertain or weakly attested"


@pytest.fixture(scope="module")
def autumn(book) -> FigureView:
    return days.calendar(book, *AUTUMN)


def day_of(title: str) -> dt.date:
    return dt.datetime.strptime(title, "%d %B %Y").date()


def test_only_a_sure_day_is_filled_in_the_calendar(book, autumn):
    known = drawn(autumn, "day known").set_index("title")["text"]
    assert "signed" in known["5 November 1921"]
    events = book.events.set_index("title_en")
    named = events.loc[[title for text in known for title in text.split("<br>")[1:]]]
    assert {(date.days, date.uncertain) for date in named["date"]} == {(1, False)}
    assert not set(named["evidence"]) & set(WEAK_LEVELS)
    assert "14 September 1921" in set(drawn(autumn, DOUBTFUL)["title"])


def test_a_month_fills_its_days_with_dots_and_the_other_date_is_a_cross(autumn):
    dots = drawn(autumn, "one of several possible days")
    october = dots["title"].str.endswith("October 1921")
    assert (october & dots["text"].str.contains("mission in Moscow")).sum() == 31
    crosses = drawn(autumn, CROSS)
    # The day that the book follows is none of them.
    sources = dict(zip(crosses["title"], crosses["text"], strict=True))
    assert set(sources) == {"2 November 1921", "23 October 1921"}
    assert "LCW42" in sources["2 November 1921"]


def test_what_only_bears_on_an_event_is_no_other_day_of_it(book, tmp_path):
    mine = workshop.copy(book, tmp_path / "mine")
    row = {"events": "mongol-mission-moscow-1921", "field": "date", "subject": "a visit"}
    row |= {"source": "LCW42", "evidence": "secondary"}
    for number, day, stance in ((1, "1921-11-12", "bears-on"), (2, "1921-11-13", "attests")):
        own = {"claim_id": f"X{number}", "value": day, "date": day, "stance": stance}
        mine = workshop.add(mine, "claims", row, **own)
    crosses = set(drawn(days.calendar(mine, *AUTUMN), CROSS)["title"])
    assert "13 November 1921" in crosses and "12 November 1921" not in crosses


def test_a_day_that_the_compilers_trust_little_is_hollow(book):
    view = days.calendar(book, "1920-09-01", "1920-09-30", "ungern")
    low = book.events.set_index("event_id").loc["cossack-recon-urga-1920"]
    doubts = (low["confidence"], low["date"].text, low["evidence"])
    assert doubts == ("low", "1920-09-12", "secondary")
    assert any(low["title_en"] in text for text in drawn(view, DOUBTFUL)["text"])


def test_marks_of_a_day_stay_in_its_cell_and_its_number_lies_on_top(autumn):
    for mark in drawn(autumn).itertuples():
        day = day_of(mark.title)
        week = (day - dt.date(1921, 9, 5)).days // 7
        assert max(abs(mark.x - day.weekday()), abs(mark.y + week)) < 0.4, mark.text
        assert mark.outline, "the grey outline of plotly vanishes in the dark"
    known = drawn(autumn, "day known")
    assert list(known["x"]) == [day_of(title).weekday() for title in known["title"]]
    assert autumn.plot.data[-1].mode == "text"
    lines = [(s.x0, s.x1, s.y0, s.y1) for s in autumn.plot.layout.shapes]
    assert (-0.5, 6.5, 0.5, 0.5) in lines and (6.5, 6.5, 0.5, -10.5) in lines


def test_the_number_of_a_known_day_is_legible_in_both_themes():
    for text, ground in ((0x222832, 0xFFFFFF), (0xCED6DD, 0x14181E)):
        over = int(style.THREAD_COLOURS["moscow"][1:], 16)
        mixed = [
            days.FILLING * (over >> bits & 255) + (1 - days.FILLING) * (ground >> bits & 255)
            for bits in (16, 8, 0)
        ]
        square = "#" + "".join(f"{round(part):02x}" for part in mixed)
        assert contrast(f"#{text:06x}", square) >= 4.5


def test_a_month_of_the_calendar_is_as_high_as_its_weeks(autumn):
    assert autumn.buttons[0].layout["height"] == autumn.plot.layout.height
    for button in autumn.buttons:
        low, high = button.layout["yaxis.range"]
        weeks = (button.layout["height"] - days.AROUND) / days.WEEK
        assert weeks == round(high - low) > 0


def test_every_dated_claim_of_the_cases_has_its_marks_in_the_row_of_its_source(book):
    claims = voices.dated_claims(book, CASES)
    view = voices.by_source(book, CASES, SPANS)
    marks = drawn(view)
    assert len(marks) == sum(1 if date.days == 1 else 2 for date in claims["date"])
    assert len(view.table.frame) == len(claims)
    heights = marks["y"].round().groupby(marks["title"]).nunique()
    assert dict(heights) == dict.fromkeys(claims["source"], 1)


def test_a_mark_stays_in_its_lane_and_hides_no_other(book):
    spans = {"1911 to 1919": ("1911-06-01", "1920-02-01")}
    marks = drawn(voices.by_source(book, ("D-32", "D-33", "D-34", "D-35", "D-36"), spans))
    beside = marks["y"] - marks["y"].round()
    assert beside.between(-0.38, 0.3, inclusive="neither").all(), "on a line or on the name"
    assert not marks.duplicated(["x", "y"]).any()
    assert (beside.round(6) == voices.CENTRE).sum() > len(marks) / 2


def test_a_date_without_an_end_leads_on(book):
    spans = {"1925 and 1926": ("1924-12-15", "1927-01-15")}
    view = voices.by_source(book, CASES, spans)
    marks = drawn(view)
    (arrow,) = marks[marks["symbol"].str.startswith(voices.OPEN_END)].itertuples()
    assert (arrow.x, arrow.title) == ("1927-01-15", "LOC-ARMY")
    assert "gives no end" in view.caption
    first, last = view.plot.layout.xaxis.range
    assert first < "1924-12-15" and last > "1927-01-15", "no mark is cut by the edge"


def test_the_legend_shows_a_filled_mark_where_there_is_one(book):
    said = voices.by_source(book, ("D-34", "D-35", "D-36"), {"1919": ("1919-01-01", "1919-12-31")})
    for trace in said.plot.data:
        if trace.mode == "markers" and isinstance(trace.marker.symbol, tuple):
            hollow = [symbol.endswith("-open") for symbol in trace.marker.symbol]
            assert hollow == sorted(hollow), trace.name
    assert "hollow mark" in said.caption


def test_a_month_is_a_bar_among_the_voices(book):
    view = voices.by_source(book, CASES, SPANS)
    bars = [trace for trace in view.plot.data if trace.mode == "lines"]
    ends = {(t.x[n], t.x[n + 1]) for t in bars for n in range(0, len(t.x), 3)}
    assert ("1925-02-01", "1925-02-28") in ends
    marks = set(drawn(view)["x"])
    assert {"1925-02-01", "1925-02-28"} <= marks
    assert not {"1925-02-14", "1925-02-15"} & marks, "the middle of a month is nobody's date"


def test_the_promises_stand_in_the_lane_of_their_parties(book):
    lanes = dict(status.instruments_on_mongolia(book).set_index("treaty_id")["lane"])
    assert lanes["RSFSR-MONGOLIA-1921"] == "mongolia"
    assert lanes["CNSU-1924-GENPRINC"] == "china"
    assert lanes["CNRUMN-1915-KIAKHTA"] == "all"
    assert "RSFSR-PERSIA-1921" not in lanes
    view = status.promises(book)
    names = [text for trace in view.plot.data for text in trace.text]
    assert len(names) == len(lanes) == len(view.table.frame)
    unseen = next(trace for trace in view.plot.data if "not seen" in trace.name.lower())
    assert unseen.marker.symbol != "circle", "not seen must not look like a recognition"


def test_two_texts_side_by_side_name_the_level_of_each_clause(book):
    frame = status.side_by_side(book).frame
    cells = " ".join(frame["Mongolia 1921"])
    assert "(text read)" in cells and "(not checked)" in cells
    assert "nothing under this topic" in cells


def test_a_calendar_says_which_threads_it_draws_if_they_were_chosen(book, autumn):
    assert autumn.alternative[0].isdigit()
    one = days.calendar(book, *AUTUMN, "moscow")
    assert one.plot == days.calendar(book, *AUTUMN, ("moscow",)).plot
    assert one.alternative.startswith(f"Thread: {book.labels('thread')['moscow']}. ")
    several = days.calendar(book, *AUTUMN, ("moscow", "peking")).alternative
    assert several.startswith("Threads: ") and book.labels("thread")["moscow"] in several


def test_dates_of_one_lane_that_would_meet_stand_at_heights_of_their_own(book):
    cases = ("D-32", "D-33", "D-34", "D-35", "D-36")
    view = voices.by_source(book, cases, {"all": ("1911-01-01", "1921-12-31")})
    marks = [trace for trace in view.plot.data if trace.mode == "markers" and trace.name]
    spots = [
        (trace.name, round(y), dt.date.fromisoformat(x), y)
        for trace in marks
        for x, y in zip(trace.x, trace.y, strict=True)
    ]
    near = [
        (y, other_y)
        for (name, lane, day, y), (other, other_lane, other_day, other_y) in combinations(spots, 2)
        if name != other and lane == other_lane and abs((day - other_day).days) < 60
    ]
    assert near and all(y != other for y, other in near)
