"""Figures and tables mean what they say: no more precision than the source, counts equal the data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd
import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from IPython.core.interactiveshell import InteractiveShell
from treatybook.display import cells, output, rendering, style
from treatybook.display.content import Cell, FigureView, TableView, linked
from treatybook.display.markdown import notebook_files, plain_markdown
from treatybook.evidence import attestation, counts, identifiers, tables, wording
from treatybook.teaching import quizzes
from treatybook.views import (
    army,
    audit,
    campaign,
    clauses,
    codings,
    comparison,
    days,
    dictionary,
    disagreements,
    forces,
    gazetteer,
    intercoder,
    origins,
    people,
    presence,
    revolution,
    sources,
    status,
    timeline,
    voices,
)

SIGNED = "soviet-mongolian-agreement-1921"
GROUNDS = (style.GROUND, "#14181e")  # of a page in the light and in the dark theme


def drawn(figure: FigureView | go.Frame, trace: str = "") -> pd.DataFrame:
    """Every mark that is drawn, or those of one trace: place, sign, words and their title."""
    columns = {"x": "x", "y": "y", "text": "hovertext", "symbol": "marker.symbol"}
    columns |= {"colour": "marker.color", "outline": "marker.line.color", "size": "marker.size"}
    traces = figure.plot.data if isinstance(figure, FigureView) else figure.data
    found = pd.concat(
        pd.DataFrame({column: t[part] for column, part in columns.items()})
        for t in traces
        # The marks of the key have no place.
        if t.type == "scatter" and t.mode == "markers" and None not in t.x and trace in ("", t.name)
    )
    return found.assign(title=found["text"].str.extract("^<b>(.*?)</b>", expand=False))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def dates_of(book) -> dict:
    return dict(zip(book.events["title_en"], book.events["date"], strict=True))


@pytest.fixture(scope="module")
def line(book) -> FigureView:
    return timeline.timeline(book)


@pytest.fixture
def shown(monkeypatch) -> list:
    """What a notebook is given to show."""
    given: list = []
    monkeypatch.delenv(output.PAGE_VARIABLE, raising=False)
    monkeypatch.setattr(
        output, "display", lambda item, **_: given.append(getattr(item, "data", item))
    )
    return given


def test_every_event_of_1921_is_on_the_opening_timeline_once(book, line):
    start, end = dt.date(1921, 1, 1), dt.date(1922, 1, 1)
    wanted = sum(d.earliest < end and d.latest >= start for d in book.events["date"])
    assert wanted == len(line.table.frame)
    assert f"{wanted} events from" in line.alternative
    assert line.buttons[0].label == "1921"


def test_the_opening_figure_names_its_events_and_the_day_of_the_agreement(book, line):
    named = book.events[book.events["label_en"] != ""]
    (names,) = (
        trace for trace in line.plot.data if trace.type == "scatter" and trace.mode == "text"
    )
    assert len(names.text) == len(named) == 8
    assert {text.strip() for text in names.text} == set(named["label_en"])
    assert "5 November 1921: the agreement" in " ".join(
        n.text for n in line.plot.layout.annotations
    )
    days = [shape.x0 for shape in line.plot.layout.shapes if shape.x0 == shape.x1]
    assert days == ["1921-11-05"]


def test_the_headline_of_the_timeline_counts_what_is_attested_before_the_agreement(book, line):
    shown = {cell.href for cell in line.table.frame["Event"]}
    events = book.events.assign(
        address=[identifiers.address("event", e) for e in book.events["event_id"]]
    )
    known = events[
        events["address"].isin(shown) & ~events["evidence"].isin(attestation.WEAK_LEVELS)
    ]
    before = sum(date.latest < dt.date(1921, 11, 5) for date in known["date"])
    assert line.headline.startswith(f"{before} of {len(known)} events come before the agreement")


def test_a_lane_without_an_event_is_not_drawn(book):
    view = timeline.timeline(book, "1922-01-01", "1922-07-01")
    names = {re.sub("</?b>", "", note.text) for note in view.plot.layout.annotations}
    assert names == set(view.table.frame["Thread"]) < set(book.labels("thread").values())


def test_only_a_day_is_a_mark_and_a_bar_covers_all_its_days(book, line):
    dates = dates_of(book)
    assert {dates[title].days for title in drawn(line)["title"]} == {1}
    (bar,) = (trace for trace in line.plot.data if trace.type == "bar")
    for base, width, text in zip(bar.base, bar.x, bar.hovertext, strict=True):
        date = dates[re.match("<b>(.*?)</b>", text)[1]]
        assert date.days > 1
        assert (base, width) == (date.earliest.isoformat(), date.days * style.DAY_MS)


def test_a_doubtful_day_is_a_diamond_and_the_fill_is_the_evidence(book, line):
    rows, seen = book.events.set_index("title_en"), set()
    for mark in drawn(line).itertuples():
        row = rows.loc[mark.title]
        doubted = row["date"].uncertain or row["date"].approximate
        assert mark.symbol == style.filled(row["evidence"], "diamond" if doubted else "circle")
        assert mark.colour == style.party_colours(book, "thread")[row["thread"]]
        seen.add(doubted)
    assert seen == {False, True}


def keys(view: FigureView) -> set[str]:
    return {trace.name for trace in view.plot.data if trace.name and trace.x[0] is None}


def test_the_key_of_the_timeline_says_what_is_drawn_and_nothing_else(book, line):
    ways = {"about or uncertain", "a span of days"}
    assert keys(line) == ways | {style.READ, style.REPORTED, style.OPEN}
    assert keys(timeline.timeline(book, "1911-12-01", "1911-12-31")) == {style.REPORTED}


def test_marks_of_a_lane_lie_apart_and_inside_it(line):
    plot = line.plot
    names = sorted((note.y for note in plot.layout.annotations), reverse=True)
    rows = [y for trace in plot.data if trace.x[0] is not None for y in trace.y]
    low, high = plot.layout.yaxis.range
    assert low < min(rows) < max(rows) < high
    # A row is at least as far from the next as a mark is high, and from the name of its lane too.
    pixels = (plot.layout.height - timeline.AROUND) / -low
    steps = {round(abs(a - b), 6) for a in rows for b in rows if round(abs(a - b), 6)}
    assert min(steps) * pixels >= 11
    assert min(abs(y - name) for y in rows for name in names) * pixels >= 11


def test_the_axis_of_the_timeline_has_days_before_months_and_the_year(line):
    stops = line.plot.layout.xaxis.tickformatstops
    assert stops[0].value.startswith("%-d %b")
    assert all("%Y" in stop.value for stop in stops)


def test_one_marked_date_is_a_singular(book):
    view = timeline.timeline(book, "1922-01-01", "1922-07-01")
    assert "; 1 date is marked" in view.alternative
    assert " dates are marked" in timeline.timeline(book).alternative


def test_hover_names_evidence_and_sources(book, line):
    marks = drawn(line)
    (text,) = marks[marks["title"] == identifiers.reference(book, "event", SIGNED).text]["text"]
    assert "Evidence: text read in part" in text
    assert "AIRAPETOV" in text or " more" in text


def test_the_first_day_of_a_timeline_is_shown_and_the_last_is_not(book):
    address = identifiers.address("event", SIGNED)
    for first, last, shown in (("05", "06", True), ("01", "05", False)):
        view = timeline.timeline(book, f"1921-11-{first}", f"1921-11-{last}")
        assert (address in {cell.href for cell in view.table.frame["Event"]}) == shown


def test_the_chronology_has_every_event_with_its_anchor(book):
    table = timeline.chronology(book)
    assert len(table.frame) == len(book.events)
    assert set(table.row_ids) == {
        identifiers.anchor("event", key) for key in book.events["event_id"]
    }
    keys = [cell.sort for cell in table.frame["Date"]]
    assert keys == sorted(keys)


def test_the_chronology_says_of_each_event_what_is_disputed_unchecked_and_connected(book):
    rows = {row["Event"]: row for row in timeline.chronology(book).frame.to_dict("records")}
    disputed = counts.disputed_events(book)
    for event in book.events.to_dict("records"):
        row = rows[event["title_en"]]
        assert row["Sources disagree"] == ("yes" if event["event_id"] in disputed else "no")
        addresses = {address for _, address in row["See also"].links}
        assert {identifiers.address("place", key) for key in event["places"]} <= addresses
        assert {identifiers.address("treaty", key) for key in event["treaties"]} <= addresses
        assert ("Not checked: " in row["What happened"]) == bool(event["unverified_part"])


def test_old_style_is_shown_beside_new_style(book):
    table = timeline.chronology(book)
    shown = [cell.text for cell in table.frame["Date"] if "Old Style" in cell.text]
    assert len(shown) == sum(book.events["date_old_style"] != "")
    assert "7 June 1915 (Old Style 1915-05-25)" in shown


def test_the_matrix_has_one_mark_per_clause_and_topic(book):
    view = clauses.clause_matrix(book)
    wanted = sum(len(topics) for topics in clauses.coded(book)["topics"])
    assert len(view.table.frame) == wanted
    symbols = {trace.name: trace.marker.symbol for trace in view.plot.data}
    assert symbols == {fill: "circle" + style.MARK_FILLS[fill] for fill in symbols}
    sizes = [size for trace in view.plot.data for size in trace.marker.size]
    assert sizes.count(max(sizes)) == len(clauses.coded(book)), "one main topic in each clause"


def test_obligations_count_only_what_is_known(book):
    view = clauses.obligations(book)
    coded = clauses.coded(book)
    sure = int((~coded["evidence"].isin(attestation.WEAK_LEVELS)).sum())
    assert f"Of {len(coded)} clauses, {sure} are known" in view.alternative
    assert f" of {sure} known clauses" in view.headline
    told = view.alternative.partition(": ")[2].partition(".")[0]
    assert sum(map(int, re.findall(r"\d+", told))) == sure
    symbols = list(view.plot.data[0].marker.symbol)
    assert len(symbols) == len(coded)
    assert symbols.count("square-open") == len(coded) - sure


def test_a_block_has_the_colour_of_the_party_it_binds_and_the_legend_says_so(book):
    plot = clauses.obligations(book, "CNRUMN-1915-KIAKHTA").plot
    colours = style.party_colours(book, "direction")
    coded = clauses.coded(book, "CNRUMN-1915-KIAKHTA")
    drawn = Counter(plot.data[0].marker.color)
    assert drawn == Counter(coded["direction"].map(colours))
    explained = {trace.marker.color for trace in plot.data if trace.name}
    assert set(drawn) <= explained


def test_words_about_hollow_blocks_stand_only_where_there_are_some(book):
    assert "drawn hollow" in clauses.obligations(book).alternative
    levels = clauses.all_coded(book).groupby("treaty_id")["evidence"].agg(set)
    known = levels[levels.map(set(attestation.WEAK_LEVELS).isdisjoint)].index[0]
    view = clauses.obligations(book, known)
    assert "hollow" not in view.alternative + view.caption


def test_a_block_says_that_its_number_is_an_article_where_it_has_room(book):
    def blocks(treaty: str = "") -> list[str]:
        return list(clauses.obligations(book, treaty).plot.data[0].text)

    assert {"3(1)", "Pr."} <= set(blocks())
    rows = clauses.all_coded(book).value_counts(["treaty_id", "direction"])
    longest = rows.groupby(level=0).max()
    few = longest[longest <= clauses.FEW_BLOCKS].index[0]
    assert any(text.startswith("Art. ") for text in blocks(few))


def test_grids_fit_on_a_phone_whatever_the_treaty(book):
    for treaty in clauses.all_coded(book)["treaty_id"].unique():
        for view in (clauses.clause_matrix(book, treaty), clauses.obligations(book, treaty)):
            assert view.plot.layout.height <= 560, (view.name, treaty)
    matrix = clauses.clause_matrix(book, "RSFSR-PERSIA-1921")
    topics = matrix.table.frame["Topic"].nunique()
    assert f"the table has all {topics}" in matrix.caption


def test_any_coded_treaty_can_be_drawn(book):
    for treaty in ("CNRUMN-1915-KIAKHTA", "RSFSR-PERSIA-1921", "CNSU-1924-GENPRINC"):
        assert len(clauses.clause_matrix(book, treaty).table.frame) > 10
        assert clauses.obligations(book, treaty).alternative


def test_clauses_and_answers_stand_in_the_order_of_signature(book):
    signed = list(dict.fromkeys(clauses.all_coded(book)["signed"]))
    assert signed == sorted(signed)
    for question in book.labels("question"):
        days_of = [cell.sort for cell in clauses.answers_table(book, question).frame["Signed"]]
        assert days_of == sorted(days_of), question


def test_signs_are_explained_beside_the_figure_in_letters_of_the_book(book):
    view = presence.words_and_boots(book)
    names = " ".join(note.text for note in view.plot.layout.annotations)
    for sign in (presence.TEXT, presence.UNIT):
        assert f"<b>{sign} " in names and f"ith {sign}:" in view.caption
    assert "thin line" in view.caption
    assert "large mark" in clauses.clause_matrix(book).caption
    assert clauses.whole() in clauses.point_levels(book).caption


def test_the_points_of_one_clause_are_listed_alone(book):
    clause = f"{book.agreement}/3/1"
    own = book.points[book.points["clause_id"] == clause]["point"]
    assert list(clauses.point_table(book, clause).frame["Point"]) == list(own) != []
    assert len(clauses.point_table(book).frame) == len(book.points)


def test_point_levels_add_up_and_the_headline_counts_what_was_read(book):
    view = clauses.point_levels(book)
    traces = {trace.name: trace for trace in view.plot.data}
    assert sum(sum(trace.y) for trace in traces.values()) == len(book.points)
    read = int(book.points["evidence"].isin(["text", "text-part"]).sum())
    assert sum(traces[style.READ].y) == read
    assert f"{read} of {len(book.points)}" in view.headline
    assert traces[style.OPEN].marker.color == style.HOLLOW


def test_the_buttons_of_the_matrix_take_away_the_weakest_evidence_first(book):
    view = clauses.clause_matrix(book)
    left = {
        b.label: {t.name for t, seen in zip(view.plot.data, b.data["visible"], strict=True) if seen}
        for b in view.buttons
    }
    assert left["read"] < left["read or reported"] < left["everything"]
    assert left["read"] == {style.READ}
    assert style.OPEN not in left["read or reported"]
    assert style.OPEN in left["everything"]


def test_words_and_boots_keep_unknown_strength_unknown(book):
    view = presence.words_and_boots(book)
    reports = view.table.frame[view.table.frame["Kind"] == "reported unit"]
    assert len(reports) == len(book.presence)
    unknown = int(book.presence["strength_low"].isna().sum())
    assert sum(reports["Strength"] == "not given") == unknown > 0
    names = [note.text for note in view.plot.layout.annotations]
    assert sum("? men" in name for name in names) == unknown
    assert f"{unknown} of {len(reports)} reports" in view.headline


def test_what_has_no_known_end_is_a_thin_line_and_never_a_bar(book):
    view = presence.words_and_boots(book)
    bars = [trace for trace in view.plot.data if trace.type == "bar"]
    thick = " ".join(bar.hovertext for bar in bars if bar.width == presence.THICK)
    assert "One rifle regiment" not in thick and "Mongolia 1921" not in thick
    thin = " ".join(bar.hovertext for bar in bars if bar.width == presence.THIN)
    assert "One rifle regiment" in thin and "Mongolia 1921" in thin


def test_words_and_boots_cover_the_last_day_and_name_the_silent_texts(book):
    view = presence.words_and_boots(book)
    bars = [trace for trace in view.plot.data if trace.type == "bar"]
    corps = next(bar for bar in bars if "Expeditionary Corps" in bar.hovertext)
    assert corps.base == ("1921-06-26",)
    assert corps.x[0] == 81 * style.DAY_MS, "from 26 June to 14 September, both included"
    (silent,) = re.findall(r"no clause on troops was seen: ([^.]*)\.", view.alternative)
    rows = view.table.frame[view.table.frame["Kind"] == "treaty text"]
    yes = book.labels("answer")["yes"]
    answers = zip(rows["Line"], rows["Troops clause"], strict=True)
    assert silent == ", ".join(line for line, answer in answers if answer != yes)


def test_strengths_are_ranges():
    assert presence.strength_words(10000, 11000) == "10,000 to 11,000 men"
    assert presence.strength_words(10000, 10000) == "10,000 men"
    assert presence.strength_words(pd.NA, pd.NA) == "not given"
    assert presence.strength_words(pd.NA, 400) == presence.strength_words(400, pd.NA) == "400 men"


def test_disputed_is_computed_from_the_claims(book):
    disputed = counts.disputed_events(book)
    assert "mongol-mission-moscow-1921" in disputed
    claims = book.claims[book.claims["stance"] != "bears-on"]
    claims = claims[claims["field"] != "account"]
    dates = claims["date"].map(lambda date: date.text if date else None)
    said = claims.assign(words=dates.fillna(claims["value"].str.lower())).explode("events")
    different = said.groupby(["events", "field"])["words"].nunique()
    assert disputed == {event for event, _ in different[different > 1].index}
    assert counts.COUNTS["disputed-events"](book) == len(disputed) < len(book.events)


def test_a_person_with_one_date_is_not_without_dates(book):
    missing = book.people[["born", "died"]].isna().sum(axis=1)
    assert counts.COUNTS["people-without-dates"](book) == (missing == 2).sum()
    assert (missing == 1).any()


def test_sources_beyond_the_limit_are_counted_and_a_full_list_is_not_cut():
    assert cells.sources_text(["A", "B", "C"], limit=3) == "A, B, C"
    assert cells.sources_text(["A", "B", "C", "D"], limit=3) == "A, B, C and 1 more"
    assert cells.sources_text([]) == "no source seen"


def test_unknown_references_name_the_nearest(book):
    with pytest.raises(identifiers.UnknownReference, match=SIGNED):
        identifiers.reference(book, "event", SIGNED.removesuffix("1"))


def test_roles_become_words_in_notebooks(book):
    text = "On {date}`soviet-mongolian-agreement-1921` in {place}`moscow`, see {cite}`AIRAPETOV`."
    plain = plain_markdown(text, book)
    assert "5 November 1921" in plain
    assert plain.endswith(f"see ([AIRAPETOV]({notebook_files()['sources']})).")
    assert "{" not in plain
    folded = plain_markdown("1. Ask\n\n   ```{dropdown} Hint\n   Look.\n   ```\n", book)
    assert "<details><summary>Hint</summary>" in folded
    assert "```" not in folded


def test_every_source_is_counted_once_by_extent(book):
    view = sources.read_extent(book)
    assert sum(view.plot.data[0].x) == len(book.bibliography.entries)


def test_the_dictionary_counts_rows(book):
    table = dictionary.table_list(book).frame
    assert dict(zip(table["Table"], table["Rows"], strict=True))["events"] == len(book.events)
    assert dictionary.code_list(book, "verdict_type").caption == "Labels of the list: verdict type"


@pytest.mark.parametrize("part", ["name", "caption", "alternative", "table", "player"])
def test_a_figure_cannot_lack_its_words_its_table_or_the_player_of_its_frames(line, part):
    empty = TableView("t", "c", pd.DataFrame({"a": []}))
    wrong = {"table": (empty, "no data table"), "player": ("Month", "frames need a player")}
    value, words = wrong.get(part, (" ", part))
    with pytest.raises(ValueError, match=words):
        dataclasses.replace(line, **{part: value})


def test_words_that_a_learner_is_to_find_can_be_left_out_of_a_table():
    view = TableView("t", "c", pd.DataFrame({"a": ["one: the same", "two"], "n": [1, 2]}))
    assert view.without(": the same").frame.to_numpy().tolist() == [["one", 1], ["two", 2]]
    assert view.frame["a"][0] == "one: the same"


def test_the_same_view_gives_the_same_page(book):
    one, other = (output.figure_html(timeline.timeline(book)) for _ in range(2))
    assert one == other


def test_in_a_notebook_plotlys_own_type_is_used(line, shown):
    output.show(line)
    bundle = next(item for item in shown if isinstance(item, dict))
    assert bundle["application/vnd.plotly.v1+json"]["data"]
    json.dumps(bundle)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (timeline.timeline, "FigureView('timeline', 'One lane for each thread of the "),
        (timeline.chronology, "TableView('chronology-table', 'Chronology, 1911 to 19"),
        (lambda book: quizzes.of_page(book, "mission"), "QuizView('quiz-mission', '2 questions')"),
    ],
)
def test_a_view_as_the_last_line_of_a_cell_is_shown_and_not_printed(book, make, words, shown):
    view = make(book)
    output.show(view)  # the first figure of a kernel brings the settings of all with it
    shown.clear()
    output.show(view)
    by_show, shown[:] = list(shown), []
    # With this method IPython prints nothing of its own.
    assert InteractiveShell().display_formatter.format(view) == ({}, {})
    assert shown == by_show != []
    assert repr(view).startswith(words)
    assert len(repr(view)) < 200


def test_marks_are_opaque_and_outlined_in_the_colour_of_the_page(line):
    (marker,) = (item.marker for item in line.plot.layout.template.data.scatter)
    assert marker.line.color == style.GROUND
    assert marker.opacity == 1, "plotly fades marks of several sizes"
    script = (ROOT / "book" / "_static" / "treatybook.js").read_text(encoding="utf-8")
    assert script.count("template.data.scatter[0].marker.line.color") == 1


def test_clauses_lead_to_their_events_and_say_how_they_belong(book):
    table = clauses.clause_table(book)
    linked = [cell for cell in table.frame["Events"] if cell]
    assert sum(len(cell.links) for cell in linked) == len(book.links)
    events = {identifiers.address("event", key) for key in book.events["event_id"]}
    for words, address in (link for cell in linked for link in cell.links):
        assert address in events
        assert words.startswith(("goes back to:", "was followed by:"))


def test_a_hover_text_is_broken_between_words_and_loses_none():
    text = "<b>A title of many words that goes on and on</b><br>5 November 1921<br>ENWIKI-URGA"
    short = style.short_hovers({"data": [{"hovertext": [text, None]}], "title": text})
    broken, nothing = short["data"][0]["hovertext"]
    assert broken.replace("<br>", " ") == text.replace("<br>", " ")
    assert broken.endswith("<br>5 November 1921<br>ENWIKI-URGA")
    assert (nothing, short["title"]) == (None, text)


def links_table(number: int) -> TableView:
    links = [(f"The event number {key} of many", f"there.html#{key}") for key in range(number)]
    frame = pd.DataFrame({"Name": ["a"], "Events told": [linked(links)]})
    return TableView("t", "A table", frame)


def test_a_cell_of_many_links_folds_and_says_how_many():
    table = BeautifulSoup(output.table_html(links_table(9)), "html.parser")
    folded = table.select_one("td details")
    assert folded.summary.get_text() == "9 events"
    assert len(folded.select("a[href]")) == 9
    assert "<details" not in output.table_html(links_table(3))
    assert "<details" not in output.table_html(links_table(9), links=False), "for paper"


def test_rows_that_become_cards_keep_their_roles_and_name_their_columns():
    frame = pd.DataFrame({"Topic": ["a"], "Mongolia": ["long " * 20], "China": [""]})
    table = BeautifulSoup(output.table_html(TableView("t", "T", frame)), "html.parser")
    assert table.select_one(".tb-cards table")["role"] == "table"
    for tag, role in (("thead th", "columnheader"), ("tbody th", "rowheader"), ("td", "cell")):
        assert {part["role"] for part in table.select(tag)} == {role}
    assert {part["role"] for part in table.select("tr")} == {"row"}
    assert [cell["data-label"] for cell in table.select("td")] == ["Mongolia", "China"]
    short = frame.replace("long " * 20, "short")
    assert "role=" not in output.table_html(TableView("t", "T", short)), "fits on any screen"


def jumps(view: TableView) -> dict[str, str]:
    """Words of the links above a table, and the head of the row to which each leads."""
    table = BeautifulSoup(output.table_html(view), "html.parser")
    links = table.select("nav a")
    return {link.get_text(): table.find(id=link["href"][1:]).th.get_text() for link in links}


def test_a_long_table_in_the_order_of_its_dates_has_links_to_its_years():
    dates = [f"{year}-0{month}-01" for year in (1921, 1922, 1924) for month in range(1, 10)] * 2
    frame = pd.DataFrame({"Event": [f"e{n}" for n in range(54)], "Date": sorted(dates)})
    frame["Date"] = [Cell(date, sort=date) for date in frame["Date"]]
    assert jumps(TableView("t", "T", frame)) == {"1921": "e0", "1922": "e18", "1924": "e36"}
    assert jumps(TableView("t", "T", frame.head(20))) == {}, "short"
    assert jumps(TableView("t", "T", frame.sample(frac=1, random_state=1))) == {}, "no order"


def test_a_table_by_letters_takes_its_rows_with_their_addresses_and_lists():
    names = ["Ölgii", "Urga", "ono", "Kyakhta"] * 10
    lists = {"Name": [["Place", name] for name in names]}
    ids = [f"row-{number}" for number in range(40)]
    view = TableView("t", "T", pd.DataFrame({"Name": names}), ids, ("Name",), True, lists, "Name")
    assert jumps(view) == {"K": "Kyakhta", "O": "Ölgii", "U": "Urga"}
    table = BeautifulSoup(output.table_html(view), "html.parser")
    for row in table.select("tbody tr"):
        assert row.th.get_text() == names[int(row["id"][4:])]
        assert row.th["data-items"] == f"Place|{row.th.get_text()}"


def test_of_a_very_long_table_a_page_shows_the_first_rows_and_says_so():
    frame = pd.DataFrame({"Number": range(rendering.MOST_ROWS + 5)})
    table = BeautifulSoup(output.table_html(TableView("t", "All numbers", frame)), "html.parser")
    assert len(table.select("tbody tr")) == rendering.MOST_ROWS
    assert f"the first {rendering.MOST_ROWS} of {len(frame)} rows" in table.caption.get_text()
    assert table.caption.a["href"] == "data.html"
    plain = output.table_html(TableView("t", "All numbers", frame), links=False)
    assert "<a" not in plain


def test_a_row_has_its_address_and_the_words_that_prose_gives_it(book):
    assert identifiers.address("clause", "RSFSR-MONGOLIA-1921/3/1") == "clauses.html#clause-3-1"
    other = identifiers.address("clause", "CNRUMN-1915-KIAKHTA/3/1")
    assert other == "comparison.html#clause-cnrumn-1915-kiakhta-3-1"
    assert identifiers.reference(book, "event", SIGNED, "the treaty").text == "the treaty"
    assert (
        identifiers.reference(book, "event", SIGNED).text == book.rows("events")[SIGNED]["title_en"]
    )


def test_a_year_that_is_only_remembered_carries_a_question_mark(book):
    remembered = [s for s in book.sources.values() if s.field("yearcheck") and s.field("year")]
    assert remembered and all(source.year.endswith("?") for source in remembered)
    assert not any(s.year.endswith("?") for s in book.sources.values() if s not in remembered)


# Whole views in the other language -------------------------------------------------------------

# What stays in Latin letters in Russian: a form of dates, the account that is tested, a file; and
# the legend of the base map, which is not translated yet.
LATIN = set(
    "EDTF AIRAPETOV Airapetov csv events borders of today railways course not checked".split()
)
SPAN = ("1921-09-10", "1921-11-20")
MADE = {
    "army": [army.what_is_counted, army.witnesses],
    "audit": [audit.by_table, audit.one_source, audit.tested, audit.open_questions],
    "campaign": [campaign.campaign],
    "clauses": [
        clauses.clause_matrix,
        clauses.obligations,
        clauses.clause_table,
        clauses.point_table,
        clauses.point_levels,
        lambda book: clauses.answers_table(book, "troops"),
    ],
    "codings": [codings.task, codings.task_answers],
    "comparison": [
        comparison.burdens,
        comparison.topic_grid,
        comparison.question_grid,
        comparison.instruments,
        comparison.other_clauses,
        lambda book: comparison.only_in_one(book, "RSFSR-PERSIA-1921"),
        lambda book: comparison.like_clauses(book, "RSFSR-MONGOLIA-1921/3/1"),
    ],
    "days": [lambda book: days.calendar(book, *SPAN)],
    "dictionary": [dictionary.table_list, lambda book: dictionary.columns(book, "events")],
    "disagreements": [
        disagreements.cases,
        disagreements.claims_table,
        disagreements.dates,
        disagreements.numbers,
        lambda book: disagreements.claims_table(book, "D-01"),
    ],
    "forces": [forces.strengths],
    "gazetteer": [gazetteer.places_map, gazetteer.places_table],
    "intercoder": [
        intercoder.by_field,
        intercoder.by_topic,
        intercoder.differences,
        intercoder.grid,
        lambda book: intercoder.by_group(book, "difficulty"),
    ],
    "origins": [origins.at_the_table, origins.two_calendars],
    "people": [people.cards, people.lifelines],
    "presence": [presence.words_and_boots],
    "revolution": [revolution.where],
    "sources": [sources.read_extent, sources.most_used],
    "status": [status.promises, status.status_words, status.side_by_side],
    "timeline": [timeline.timeline, timeline.chronology],
    "voices": [lambda book: voices.by_source(book, "D-32", {"1911": ("1911-06-01", "1920-02-01")})],
}


def said_by(view: FigureView | TableView) -> Iterator[str]:
    """What a reader sees of a view apart from the rows of its table."""
    table = view.table if isinstance(view, FigureView) else view
    yield from (view.caption, table.caption, *table.frame.columns)
    if isinstance(view, FigureView):
        yield from (view.headline, view.alternative, view.player)
        yield from (button.label for button in view.buttons)
        yield from (
            trace.name for trace in view.plot.data if trace.name and trace.showlegend is not False
        )


@pytest.fixture(scope="module")
def russian_book() -> tables.Book:
    return tables.read(language="ru")


@pytest.fixture
def russian(russian_book: tables.Book) -> Iterator[tables.Book]:
    wording.speak("ru")
    yield russian_book
    wording.speak("en")


@pytest.mark.parametrize("name", MADE)
def test_a_view_speaks_the_language_of_the_reader(russian, name):
    # Words of the tables are English where nobody has translated them.
    claims, cases, figures = russian.claims, russian.verdicts, russian.forces
    subjects = [*claims["subject"], *cases["subject"], *figures["unit"], *figures["estimate_of"]]
    own = {word for text in subjects for word in re.findall("[A-Za-z]+", text)}
    own |= {word for one in russian.sources.values() for word in one.extent.split()}
    for make in MADE[name]:
        view = make(russian)
        text = re.sub("<[^>]+>", " ", " ".join(map(str, said_by(view))))
        assert set(re.findall("[A-Za-z]{2,}", text)) - own - LATIN == set(), view
