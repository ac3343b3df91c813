"""A figure or frame of a learner's own: shown on a page and in a notebook, in words."""

from __future__ import annotations

import re

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup
from treatybook.display import learners, output, style
from treatybook.evidence.errors import WrongArgument
from treatybook.evidence.tables import Book, read
from treatybook.site import heads, translation
from treatybook.views import clauses

FOUND = "Building a state has most events"
PLOTLY = "application/vnd.plotly.v1+json"


@pytest.fixture
def given(monkeypatch) -> list:
    """What is given to be shown; a page, unless a test says otherwise."""
    found: list = []
    monkeypatch.setenv(output.PAGE_VARIABLE, "1")
    monkeypatch.setattr(
        output, "display", lambda item, **_: found.append(getattr(item, "data", item))
    )
    return found


@pytest.fixture
def notebook(given, monkeypatch) -> list:
    monkeypatch.delenv(output.PAGE_VARIABLE)
    monkeypatch.setattr(output, "_sent", [])
    for name in output.OWN_LIBRARY:
        monkeypatch.delenv(name, raising=False)
    return given


@pytest.fixture
def events() -> pd.DataFrame:
    return read().events


def drawn(shown: list) -> dict:
    """The drawing of a notebook as plotly's script gets it."""
    return next(item[PLOTLY] for item in shown if isinstance(item, dict))


def test_a_short_cell_makes_a_whole_figure(events, given):
    output.show(px.histogram(events, x="thread"), headline=FOUND, data=events, words="It has.")
    (html,) = given
    page = BeautifulSoup(html, "html.parser")
    assert page.figure["id"] == "building-a-state-has-most-events"
    assert page.select_one(".tb-headline").text == FOUND
    heads_of_table = [cell.text for cell in page.select("thead th")]
    assert heads_of_table == ["Event", "Thread"]
    assert len(page.select("tbody tr")) == len(events)
    assert page.select_one("tbody th a")["href"].startswith("chronology.html#event-")
    assert "Moscow and Urga" in html and '"moscow"' not in html
    assert f'"height": {output.learners.HEIGHT}' in html


def left(html: str) -> list[str]:
    """Words of the cells that the sheet of a table sets to the left."""
    page = BeautifulSoup(html, "html.parser")
    rule = page.style.extract().text.strip()
    while page.style:  # of pandas
        page.style.extract()
    if not rule.startswith(".tb-left"):
        return []
    return [cell.text for cell in page.select(rule.partition("{")[0])]


ROWS = pd.DataFrame({"who": ["Bodoo", "Danzan"], "events": [1200, 3], "where": ["Urga", "Moscow"]})


def test_in_a_notebook_the_text_of_a_table_is_to_the_left_and_numbers_are_not(notebook):
    output.show(ROWS)
    words = ["Who", "Where", "Bodoo", "Urga", "Danzan", "Moscow"]
    assert left(notebook[-1]) == words
    output.show(px.bar(ROWS, x="events", y="who"), data=ROWS)
    assert left(notebook[-1]) == words


def test_so_is_the_text_of_a_frame_that_is_the_last_line_of_a_cell():
    words = ["who", "where", "Bodoo", "Urga", "Danzan", "Moscow"]
    assert left(output.frame_html(ROWS)) == words
    counted = ROWS.groupby(["where", "who"]).sum()
    heads = ["", "", "where", "who"]
    assert left(output.frame_html(counted)) == [*heads, "Moscow", "Danzan", "Urga", "Bodoo"]
    assert left(output.frame_html(ROWS[["events"]])) == []
    many = pd.concat([ROWS.add_suffix(str(part)) for part in range(9)], axis="columns")
    with pd.option_context("display.max_columns", 20):
        found = left(output.frame_html(many))
    assert "who0" in found and "where8" in found and "..." in found
    assert not any(word.startswith("events") for word in found)


def test_a_page_has_a_sheet_of_its_own(given):
    output.show(ROWS, headline="Three")
    assert "<style" not in given[-1]


def test_the_table_of_a_frame_made_for_its_drawing_has_all_of_it(given):
    """Also what the drawing shows and does not name: here the axis has no title."""
    rows = pd.DataFrame({"value": ["yes", "no"], "sources": [4, 1], "witnesses": [3, 1]})
    plot = px.bar(rows, x="sources", y="value").update_xaxes(title="")
    output.show(plot, headline=FOUND, data=rows, words="It has.")
    page = BeautifulSoup(given[0], "html.parser")
    assert [cell.text for cell in page.select("thead th")] == ["Value", "Sources", "Witnesses"]
    assert page.select_one("tbody tr").get_text(" ", strip=True) == "yes 4 3"


@pytest.mark.parametrize(
    "make", [px.bar, lambda rows, x, y: go.Figure(go.Bar(x=rows[x], y=rows[y]))]
)
def test_axes_speak_the_words_of_descriptor_and_codebook(make, events, notebook, book: Book):
    rows = events.groupby("thread").size().reset_index(name="n")
    plot = make(rows, x="thread", y="n")
    output.show(plot, data=rows)
    (trace,), layout = drawn(notebook)["data"], drawn(notebook)["layout"]
    assert set(trace["x"]) == set(book.labels("thread").values())
    assert [layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == ["Thread", "Number"]
    assert plot.data[0].x[0] == "army", "the learner's figure stays as it is"


def test_a_title_of_the_descriptor_goes_before_the_name_of_a_column(notebook, book: Book):
    rows = book.forces
    output.show(px.histogram(rows, x="side", y="low"), data=rows)
    assert drawn(notebook)["layout"]["yaxis"]["title"]["text"] == "Sum of at least"


def test_evidence_is_fill_and_a_party_has_its_colour(notebook, book: Book):
    rows = book.events
    output.show(px.histogram(rows, x="thread", color="evidence"), data=rows)
    looks = {trace["name"]: trace["marker"] for trace in drawn(notebook)["data"]}
    assert looks["text read"]["color"] == style.NEUTRAL
    assert looks["subject only"]["color"] == style.HOLLOW
    notebook.clear()
    output.show(px.histogram(book.forces, x="measure", color="force_group"), data=book.forces)
    colours = {trace["name"]: trace["marker"]["color"] for trace in drawn(notebook)["data"]}
    assert colours["Chinese troops"] == style.PARTY_COLOURS["chinese"]


def test_what_belongs_to_no_party_never_has_the_colour_of_one(notebook, book: Book):
    rows = book.claims
    output.show(px.histogram(rows, x="evidence", color="stance"), data=rows)
    colours = [trace["marker"]["color"] for trace in drawn(notebook)["data"]]
    assert len(set(colours)) == len(colours) == rows["stance"].nunique()
    assert not set(colours) & {*style.PARTY_COLOURS.values(), *learners.EXPRESS_COLOURS}


def test_a_date_is_said_as_precisely_as_the_table_has_it(notebook, events):
    output.show(px.scatter(events, x="date", y="thread"), data=events)
    (trace,) = drawn(notebook)["data"]
    month = next(place for place, date in enumerate(events["date"]) if date.precision == "month")
    assert trace["hovertext"][month] == str(events["date"][month])
    assert "%{hovertext}" in trace["hovertemplate"]
    assert any("stands on its first day" in item for item in notebook if isinstance(item, str))


def test_a_notebook_draws_without_headline_and_without_rows(notebook, events):
    output.show(px.histogram(events, x="thread"))
    assert drawn(notebook)["layout"]["xaxis"]["title"]["text"] == "Thread"


def test_a_frame_or_series_is_shown_in_words(given, events, book: Book):
    output.show(pd.crosstab(events.thread, events.evidence), headline="Threads by evidence")
    output.show(events.thread.value_counts(), headline="Events by thread")
    tables = [BeautifulSoup(html, "html.parser") for html in given]
    first, second = ([cell.text for cell in table.select("thead th")] for table in tables)
    assert first[0] == "Thread" and "Text read in part" in first
    assert second == ["Thread", "Number"]
    assert {cell.text for cell in tables[1].select("tbody th")} == set(
        book.labels("thread").values()
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"data": pd.DataFrame({"a": [1]})}, r"^show: a figure on a page needs its headline=: "),
        ({"headline": FOUND}, r"^show: a figure on a page needs its data=: the rows"),
        ({"headline": FOUND, "data": pd.DataFrame({"a": []})}, "^show: data has no rows"),
        ({"headline": FOUND, "data": [1]}, "data must be a DataFrame or a Series"),
        ({"headlin": FOUND}, "unexpected keyword argument 'headlin'"),
    ],
)
def test_what_a_figure_of_a_page_lacks_is_told_in_one_line(more, words, given):
    with pytest.raises(WrongArgument, match=words) as caught:
        output.show(go.Figure(go.Bar(x=[1], y=[1])), **more)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_shown_is_told_with_what_can(given):
    with pytest.raises(WrongArgument, match=r"^show: it takes a figure.* and this is not: 5$"):
        output.show(5)


def test_the_paragraph_after_the_cell_is_the_words_of_the_figure(given, events):
    output.show(px.histogram(events, x="thread"), headline=FOUND, data=events)
    (html,) = given
    body, lacking = heads.figures_with_words(f"<div><div>{html}</div>\n</div>\n<p>It has.</p>")
    page = BeautifulSoup(body, "html.parser")
    assert lacking == []
    assert page.find(id=page.select_one(".tb-plot")["aria-describedby"]).text == "It has."
    _, lacking = heads.figures_with_words(f"<div>{html}</div>\n<h2>Next</h2><p>Other.</p>")
    assert lacking == ["building-a-state-has-most-events-words"]


def test_in_notebooks_a_figure_has_a_light_ground_and_room_for_its_legend(notebook, events):
    output.show(px.histogram(events, x="thread", color="evidence"), data=events)
    layout = drawn(notebook)["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == style.GROUND
    assert layout["height"] > output.learners.HEIGHT
    assert layout["legend"]["itemclick"] is False


def test_only_what_cannot_draw_by_itself_is_given_the_library_and_once(
    notebook, events, monkeypatch
):
    for _ in range(2):
        output.show(px.histogram(events, x="thread"))
    first, second = (item["text/html"] for item in notebook if isinstance(item, dict))
    assert len(first) > 1_000_000 > len(second)
    assert not re.search(r'<script[^>]* src="http', first)
    notebook.clear()
    monkeypatch.setenv("JPY_SESSION_NAME", "war.ipynb")
    output.show(px.histogram(events, x="thread"))
    assert "text/html" not in next(item for item in notebook if isinstance(item, dict))


def test_tables_have_columns_in_the_readers_language_and_files_have_not():
    english, russian = read(language="en"), read(language="ru")
    assert list(english.events["title"]) == list(english.events["title_en"])
    assert list(russian.events["summary"]) == list(russian.events["summary_ru"])
    assert list(english.people["name"]) == list(english.people["name_en"])
    assert "title" not in {field["name"] for field in russian.fields("events")}
    with pytest.raises(WrongArgument, match=r"язык 'rus'.*может быть, 'ru'"):
        read(language="rus")
    read(language="en")


def test_a_column_takes_the_words_of_its_translation_where_there_are_any():
    english, russian = read(language="en"), read(language="ru")
    for table, column in (("points", "point"), ("quizzes", "options")):
        words, told = english.table(table)[column], russian.table(table)[column]
        translated = russian.table(table)[f"{column}_ru"]
        assert any(translated.map(bool))
        assert list(told) == [own or word for own, word in zip(translated, words, strict=True)]
    read(language="en")


def test_claims_with_the_same_words_have_the_same_in_each_language():
    english, russian = read(language="en").claims, read(language="ru").claims
    for column in ("subject", "value"):
        pairs = set(
            zip(english[column].str.casefold(), russian[column].str.casefold(), strict=True)
        )
        assert len(pairs) == len({word for word, _ in pairs}) == len({word for _, word in pairs})
    assert any((russian["value"] != english["value"]) & (russian["value_ru"] == ""))
    read(language="en")


def test_cells_name_instruments_in_every_language():
    name = "Mongolia 1921"
    table = clauses.answers_table(read(language="ru"), "troops").only(rows=[name])
    assert len(table.frame) == 1
    text, _ = translation.page_in("ru", "comparison")
    assert f'"{name}"' not in text and 'grid["Монголия 1921"]' in text
    read(language="en")


def test_a_column_of_another_language_is_left_out_beside_the_readers_own(given):
    points = read().points
    output.show(points.head(3), headline="Points")
    assert "(Russian)" not in given[0]
    output.show(points[["point_id", "point_ru"]].head(3), headline="Points in Russian")
    assert "Point (Russian)" in given[1]


def test_codes_are_said_in_the_language_of_the_book_that_was_read_last(given):
    events = read(language="ru").events
    output.show(events.thread.value_counts(), headline="События")
    read(language="en")
    assert "Москва и Урга" in given[0]
