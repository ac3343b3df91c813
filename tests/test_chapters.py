"""The views of the chapters: what is known of a day, who gives which date, who promised what."""

from __future__ import annotations

import datetime as dt

import pytest
from test_views import luminance
from treatybook.display import style
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.views import days, forces, revolution, status, voices

AUTUMN = ("1921-09-05", "1921-11-20")
SPANS = {"1925": ("1925-01-01", "1926-12-31")}


def marks(view, name: str) -> list[str]:
    return [text for trace in view.plot.data if trace.name == name for text in trace.hovertext]


def test_only_a_sure_day_is_filled_in_the_calendar(book):
    view = days.calendar(book, *AUTUMN)
    known, doubtful = marks(view, "day known"), marks(view, "day uncertain or weakly attested")
    assert any("5 November 1921" in text and "signed" in text for text in known)
    events = {row["title_en"]: row for row in book.events.to_dict("records")}
    for text in known:
        for title in text.split("<br>")[1:]:
            row = events[title]
            assert row["date"].days == 1 and not row["date"].uncertain
            assert row["evidence"] not in WEAK_LEVELS
    assert any("14 September 1921" in text for text in doubtful)


def test_a_month_fills_its_days_with_dots_and_the_other_date_is_a_cross(book):
    view = days.calendar(book, *AUTUMN)
    dots = marks(view, "one of several possible days")
    october = [text for text in dots if "October 1921" in text and "mission in Moscow" in text]
    assert len(october) == 31
    crosses = marks(view, "given by a source, not followed")
    assert any("2 November 1921" in text and "LCW42" in text for text in crosses)


def test_a_day_that_the_date_of_the_event_allows_is_no_cross(book):
    view = days.calendar(book, *AUTUMN)
    crosses = marks(view, "given by a source, not followed")
    assert not any("5 November 1921" in text for text in crosses), "the day that the book follows"
    assert [text.split("<br>")[0] for text in crosses] == ["<b>2 November 1921</b>"]


def test_a_day_that_the_compilers_trust_little_is_hollow(book):
    view = days.calendar(book, "1920-09-01", "1920-09-30", "ungern")
    low = book.events.set_index("event_id").loc["cossack-recon-urga-1920"]
    assert (low["confidence"], low["date"].text, low["evidence"]) == (
        "low",
        "1920-09-12",
        "secondary",
    )
    assert any(low["title_en"] in text for text in marks(view, "day uncertain or weakly attested"))


def test_days_stand_under_their_weekday(book):
    view = days.calendar(book, *AUTUMN)
    trace = next(t for t in view.plot.data if t.name == "day known")
    for x, text in zip(trace.x, trace.hovertext, strict=True):
        day = dt.datetime.strptime(text.split("</b>")[0].removeprefix("<b>"), "%d %B %Y")
        assert x == day.weekday()


def test_marks_of_a_day_stay_in_its_cell_and_its_number_lies_on_top(book):
    view = days.calendar(book, *AUTUMN)
    monday = dt.date(1921, 9, 5)
    for trace in view.plot.data[:-1]:
        for x, y, text in zip(trace.x, trace.y, trace.hovertext, strict=True):
            day = dt.datetime.strptime(text.split("</b>")[0].removeprefix("<b>"), "%d %B %Y").date()
            middle = (day.weekday(), -((day - monday).days // 7))
            assert max(abs(x - middle[0]), abs(y - middle[1])) < 0.4, text
        assert trace.marker.line.color, "the grey outline of plotly vanishes in the dark"
    assert view.plot.data[-1].mode == "text"
    lines = [(s.x0, s.x1, s.y0, s.y1) for s in view.plot.layout.shapes]
    assert (-0.5, 6.5, 0.5, 0.5) in lines and (6.5, 6.5, 0.5, -10.5) in lines


def test_the_number_of_a_known_day_is_legible_in_both_themes():
    for text, ground in ((0x222832, 0xFFFFFF), (0xCED6DD, 0x14181E)):
        over = int(style.THREAD_COLOURS["moscow"][1:], 16)
        mixed = [
            days.FILLING * (over >> bits & 255) + (1 - days.FILLING) * (ground >> bits & 255)
            for bits in (16, 8, 0)
        ]
        square = luminance("#" + "".join(f"{round(part):02x}" for part in mixed))
        light, dark = sorted([luminance(f"#{text:06x}"), square], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_month_of_the_calendar_is_as_high_as_its_weeks(book):
    view = days.calendar(book, *AUTUMN)
    whole, *months = view.buttons
    assert whole.layout["height"] == view.plot.layout.height
    for button in (whole, *months):
        low, high = button.layout["yaxis.range"]
        weeks = (button.layout["height"] - days.AROUND) / days.WEEK
        assert weeks == round(high - low) > 0


def test_a_calendar_without_events_and_an_unknown_person_are_errors(book):
    with pytest.raises(ValueError, match="no event"):
        days.calendar(book, "1850-01-01", "1850-02-01")
    with pytest.raises(ValueError, match="trotsky"):
        days.delegation(book, ("danzan", "trotsky"))


def test_every_dated_claim_of_the_cases_has_its_marks_in_the_row_of_its_source(book):
    claims = voices.dated_claims(book, ("D-21", "D-22", "D-24"))
    view = voices.by_source(book, ("D-21", "D-22", "D-24"), SPANS)
    drawn = [t for trace in view.plot.data if trace.mode == "markers" for t in trace.hovertext]
    ends = sum(1 if date.days == 1 else 2 for date in claims["date"])
    assert len(drawn) == ends
    assert len(view.table.frame) == len(claims)
    for source in set(claims["source"]):
        heights = {
            round(y)
            for trace in view.plot.data
            if trace.mode == "markers"
            for y, text in zip(trace.y, trace.hovertext, strict=True)
            if f"<b>{source}</b>" in text
        }
        assert len(heights) == 1, source


def test_a_mark_stays_in_its_lane_and_hides_no_other(book):
    spans = {"1911 to 1919": ("1911-06-01", "1920-02-01")}
    view = voices.by_source(book, ("D-32", "D-33", "D-34", "D-35", "D-36"), spans)
    seen, middles = set(), 0
    for trace in view.plot.data:
        if trace.mode == "markers":
            for x, y, text in zip(trace.x, trace.y, trace.hovertext, strict=True):
                assert -0.38 < y - round(y) < 0.3, "on a line or on the name"
                assert (x, y) not in seen, text
                seen.add((x, y))
                middles += round(y - round(y), 6) == voices.CENTRE
    assert middles > len(seen) / 2


def test_a_date_without_an_end_leads_on(book):
    spans = {"1925 and 1926": ("1924-12-15", "1927-01-15")}
    view = voices.by_source(book, ("D-21", "D-22", "D-24"), spans)
    arrows = [
        (x, text)
        for trace in view.plot.data
        if trace.mode == "markers"
        for x, text, symbol in zip(trace.x, trace.hovertext, trace.marker.symbol, strict=True)
        if symbol.startswith(voices.OPEN_END)
    ]
    assert [x for x, _ in arrows] == ["1927-01-15"]
    assert "LOC-ARMY" in arrows[0][1]
    assert "gives no end" in view.caption
    first, last = view.plot.layout.xaxis.range
    assert first < "1924-12-15" and last > "1927-01-15", "no mark is cut by the edge"


def test_the_legend_shows_a_filled_mark_where_there_is_one(book):
    for view in (
        revolution.where(book),
        forces.strengths(book),
        voices.by_source(book, ("D-34", "D-35", "D-36"), {"1919": ("1919-01-01", "1919-12-31")}),
    ):
        for trace in view.plot.data:
            if trace.mode == "markers" and isinstance(trace.marker.symbol, tuple):
                hollow = [symbol.endswith("-open") for symbol in trace.marker.symbol]
                assert hollow == sorted(hollow), trace.name
        assert "hollow mark" in view.caption


def test_a_month_is_a_bar_among_the_voices(book):
    view = voices.by_source(book, ("D-21", "D-22", "D-24"), SPANS)
    bars = [trace for trace in view.plot.data if trace.mode == "lines"]
    ends = {(t.x[n], t.x[n + 1]) for t in bars for n in range(0, len(t.x), 3)}
    assert ("1925-02-01", "1925-02-28") in ends
    marks = {x for trace in view.plot.data if trace.mode == "markers" for x in trace.x}
    assert {"1925-02-01", "1925-02-28"} <= marks
    assert not {"1925-02-14", "1925-02-15"} & marks, "the middle of a month is nobody's date"
    with pytest.raises(ValueError, match="states a date"):
        voices.by_source(book, ("D-56",), SPANS)


def test_the_promises_stand_in_the_lane_of_their_parties(book):
    lanes = dict(
        zip(
            status.instruments_on_mongolia(book)["treaty_id"],
            status.instruments_on_mongolia(book)["lane"],
            strict=True,
        )
    )
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
    with pytest.raises(ValueError, match="was coded"):
        status.side_by_side(book, "RSFSR-MONGOLIA-1921", "SUMN-1929-PRINC")


def test_a_calendar_says_which_threads_it_draws_if_they_were_chosen(book):
    span = ("1921-09-05", "1921-11-20")
    plain = days.calendar(book, *span)
    assert plain.alternative[0].isdigit()
    one = days.calendar(book, *span, "moscow")
    assert one.plot == days.calendar(book, *span, ("moscow",)).plot
    assert one.alternative.startswith(f"Thread: {book.labels('thread')['moscow']}. ")
    several = days.calendar(book, *span, ("moscow", "peking")).alternative
    assert several.startswith("Threads: ") and book.labels("thread")["moscow"] in several


def test_an_unknown_thread_is_refused_with_the_nearest_and_all_others(book):
    with pytest.raises(ValueError, match=r"no thread 'pekng'; there are: .*'peking'\?$") as told:
        days.calendar(book, "1921-09-05", "1921-11-20", ("moscow", "pekng"))
    assert all(thread in str(told.value) for thread in book.labels("thread"))
    with pytest.raises(ValueError, match="'1921-9-5' is not a whole day"):
        days.calendar(book, "1921-9-5", "1921-11-20")
