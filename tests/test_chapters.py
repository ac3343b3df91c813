"""The views of the chapters: what is known of a day, who gives which date, who promised what."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
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


def test_only_a_sure_day_is_known_in_the_calendar(book, autumn):
    known = drawn(autumn, "day known").set_index("title")["text"]
    assert "signed" in known["5 November 1921"]
    events = book.events.set_index("title_en")
    named = events.loc[[title for text in known for title in text.split("<br>")[1:]]]
    assert {(date.days, date.uncertain) for date in named["date"]} == {(1, False)}
    assert not set(named["evidence"]) & set(WEAK_LEVELS)
    assert "14 September 1921" in set(drawn(autumn, DOUBTFUL)["title"])


def test_a_month_is_a_bar_over_its_days_and_the_other_date_is_a_cross(book, autumn):
    (band,) = (trace for trace in autumn.plot.data if trace.type == "bar")
    assert sum("October 1921" in text for text in band.hovertext) == 31
    assert sum("mission in Moscow" in text for text in band.hovertext) == 31
    crosses = drawn(autumn, CROSS)
    # The day that the book follows is none of them, and neither is a slip about another treaty.
    assert "1921-10-23" in {date.text for date in book.claims["date"].dropna()}
    sources = dict(zip(crosses["title"], crosses["text"], strict=True))
    assert set(sources) == {"2 November 1921"}
    assert "LCW42" in sources["2 November 1921"]


def test_the_headline_of_the_calendar_counts_the_days_that_are_known(autumn):
    known = drawn(autumn, "day known")
    assert autumn.headline.startswith(f"On {len(known)} of 77 days")
    shades = [shape for shape in autumn.plot.layout.shapes if shape.fillcolor]
    assert len(shades) == len(known), "and their fields are shaded"


def test_a_long_calendar_begins_with_a_month_that_a_phone_can_show(book):
    year = days.calendar(book, "1921-01-01", "1921-12-31")
    assert year.plot.layout.height <= 560
    assert [button.label for button in year.buttons][:2] == ["January", "February"]
    assert year.buttons[0].layout["height"] == year.plot.layout.height


def test_what_only_bears_on_an_event_is_no_other_day_of_it(book, tmp_path):
    mine = workshop.copy(book, tmp_path / "mine")
    row = {"events": "mongol-mission-moscow-1921", "field": "date", "subject": "a visit"}
    row |= {"source": "LCW42", "evidence": "secondary", "cases": "D-26"}
    for number, day, stance in ((1, "1921-11-12", "bears-on"), (2, "1921-11-13", "attests")):
        own = {"claim_id": f"X{number}", "value": day, "date": day, "stance": stance}
        mine = workshop.add(mine, "claims", row, **own)
    crosses = set(drawn(days.calendar(mine, *AUTUMN), CROSS)["title"])
    assert "13 November 1921" in crosses and "12 November 1921" not in crosses


def test_a_day_that_the_compilers_trust_little_is_in_doubt(book):
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
        over = int(style.NEUTRAL[1:], 16)
        mixed = [
            days.SHADE * (over >> bits & 255) + (1 - days.SHADE) * (ground >> bits & 255)
            for bits in (16, 8, 0)
        ]
        shaded = "#" + "".join(f"{round(part):02x}" for part in mixed)
        assert contrast(f"#{text:06x}", shaded) >= 4.5


def test_a_month_of_the_calendar_is_as_high_as_its_weeks(autumn):
    assert autumn.buttons[0].layout["height"] == autumn.plot.layout.height
    for button in autumn.buttons:
        low, high = button.layout["yaxis.range"]
        weeks = (button.layout["height"] - days.AROUND) / days.WEEK
        assert weeks == round(high - low) > 0


def dated_marks(view) -> pd.DataFrame:
    """Every mark and bar of the voices: its height, and what it dates."""
    traces = [t for t in view.plot.data if t.type == "bar" or (t.mode == "markers" and t.x[0])]
    found = [(y, text) for t in traces for y, text in zip(t.y, t.hovertext, strict=True)]
    frame = pd.DataFrame(found, columns=["y", "text"])
    return frame.assign(subject=frame["text"].str.extract("^<b>(.*?)</b>", expand=False))


def test_every_dated_claim_of_the_cases_has_a_row_below_the_name_of_its_thing(book):
    claims = voices.dated_claims(book, CASES)
    view = voices.by_source(book, CASES, SPANS)
    marks = dated_marks(view)
    assert len(marks) == len(claims) == len(view.table.frame)
    assert not marks["y"].duplicated().any(), "no mark lies on another"
    heads = {note.text: round(note.y) for note in view.plot.layout.annotations}
    for subject, own in marks.groupby("subject"):
        below = set(range(heads[f"<b>{subject}</b>"] - len(own), heads[f"<b>{subject}</b>"]))
        assert set(own["y"]) == below


def test_a_button_of_the_voices_leaves_no_row_empty(book):
    spans = {"all": ("1911-06-01", "1920-02-01"), "1912": ("1912-10-10", "1912-11-20")}
    view = voices.by_source(book, ("D-32", "D-33", "D-34", "D-35", "D-36"), spans)
    low, high = view.buttons[1].layout["yaxis.range"]
    marks = dated_marks(view)
    shown = set(marks[marks["y"].between(low, high)]["subject"])
    assert shown == {"date of the agreement of 1912", "date of the protocol of 1912"}
    assert view.buttons[1].layout["height"] < view.plot.layout.height <= 560


def test_dates_that_may_be_one_do_not_differ_and_what_nothing_establishes_does_not_count(book):
    view = voices.by_source(book, ("D-35",), {"1919": ("1919-01-01", "1919-12-31")})
    assert view.headline == "For none of 1 things the sources give dates that differ"
    view = voices.by_source(book, CASES, SPANS)
    assert view.headline.startswith("For 2 of 4 things the sources give dates that differ")


def test_a_date_without_an_end_runs_to_the_last_day(book):
    spans = {"1925 and 1926": ("1924-12-15", "1927-01-15")}
    view = voices.by_source(book, CASES, spans)
    (names,) = (
        trace for trace in view.plot.data if trace.type == "scatter" and trace.mode == "text"
    )
    (name,) = (text.strip() for text in names.text if "from 1925" in text)
    assert name.startswith("from 1925, ")
    (bar,) = (trace for trace in view.plot.data if trace.type == "bar")
    ends = [
        dt.date.fromisoformat(base) + dt.timedelta(milliseconds=length)
        for base, length in zip(bar.base, bar.x, strict=True)
    ]
    assert max(ends) == dt.date(1927, 1, 16), "the last day is covered"
    first, last = view.plot.layout.xaxis.range
    assert first < "1924-12-15" and last > "1927-01-15", "no mark is cut by the edge"


def test_a_month_is_a_bar_among_the_voices(book):
    view = voices.by_source(book, CASES, SPANS)
    (bars,) = (trace for trace in view.plot.data if trace.type == "bar")
    assert ("1925-02-01", 28 * style.DAY_MS) in set(zip(bars.base, bars.x, strict=True))
    marks = [trace for trace in view.plot.data if trace.type == "scatter"]
    days = {day for trace in marks if trace.mode == "markers" for day in trace.x}
    assert not {"1925-02-14", "1925-02-15"} & days, "the middle of a month is nobody's date"


def test_the_promises_stand_in_the_lane_of_their_parties(book):
    lanes = dict(status.instruments_on_mongolia(book).set_index("treaty_id")["lane"])
    assert lanes["RSFSR-MONGOLIA-1921"] == "mongolia"
    assert lanes["CNSU-1924-GENPRINC"] == "china"
    assert lanes["CNRUMN-1915-KIAKHTA"] == "all"
    assert "RSFSR-PERSIA-1921" not in lanes
    view = status.promises(book)
    marks = view.plot.data[0]
    assert len(marks.text) == len(lanes) == len(view.table.frame)
    signs = set(zip(marks.marker.symbol, view.table.frame["Recognition"], strict=True))
    assert ("circle", "yes") in signs and (status.CROSS, "not seen") in signs
    assert ("circle", "not seen") not in signs, "not seen must not look like a recognition"
    assert not any(sign == status.CROSS and said == "yes" for sign, said in signs)


def test_the_headline_of_the_promises_leaves_out_what_was_not_examined(book):
    frame = status.promises(book).table.frame
    weak = [cell.sign in WEAK_LEVELS for cell in frame["Evidence"]]
    china, alone = re.findall(r"(\d+) of (\d+)", status.promises(book).headline)
    assert int(china[1]) + int(alone[1]) == len(frame) - sum(weak) < len(frame)
    seen = frame["Recognition"].isin(["yes", "partly"])
    assert int(china[0]) + int(alone[0]) == sum(seen)


def test_the_years_on_the_buttons_of_the_promises_are_those_of_the_data(book):
    years = [date.earliest.year for date in status.instruments_on_mongolia(book)["date"]]
    first, second, third = (button.label for button in status.promises(book).buttons)
    signed = book.rows("treaties")[book.agreement]["date"].earliest.year
    assert first == f"{min(years)} to {max(years)}"
    assert (second, third) == (f"{min(years)} to {signed}", f"{signed} to {max(years)}")


def test_two_texts_side_by_side_name_the_level_of_each_clause(book):
    view = status.side_by_side(book)
    assert view.caption == "What Mongolia 1921 and China 1924 say on each topic of this book"
    frame = view.frame
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
