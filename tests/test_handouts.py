"""Handouts: every lesson has its sheets, they fit paper, and no task sheet gives an answer away."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from bs4 import BeautifulSoup
from conftest import on_a_phone
from playwright.sync_api import Page
from treatybook.evidence import prose
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.tables import read
from treatybook.site import printing
from treatybook.teaching import handouts, papers
from treatybook.teaching.lessons import all_lessons

SHEETS = {sheet.name: sheet for sheet in handouts.sheets(read())}
ONE_PAGE = ("chronology", "articles", "checklist")


def read_sheet(name: str) -> BeautifulSoup:
    return BeautifulSoup(SHEETS[name].body, "html.parser")


def text_of(name: str) -> str:
    return read_sheet(name).get_text(" ", strip=True)


def test_every_lesson_has_sources_and_tasks_and_there_are_four_more():
    lessons = all_lessons()
    assert len(lessons) == 6
    expected = {f"{name}-{part}" for name in lessons for part in ("sources", "tasks")}
    assert set(SHEETS) == expected | {"answer-key", *ONE_PAGE}


def test_the_key_answers_every_question_under_its_number(book):
    quizzes = book.quizzes.set_index("quiz_id")
    key = text_of("answer-key")
    asked = []
    for name, paper in papers.PAPERS.items():
        told = text_of(f"{name}-tasks")
        assert "Model answer" not in told and "Hint" not in told
        heads = [head.get_text() for head in read_sheet(f"{name}-tasks").select("h2")]
        numbered = [text for text in heads if text[0].isdigit()]
        numbers = [int(text.split(".")[0]) for text in numbered]
        assert numbers == list(range(1, len(paper.quizzes) + len(paper.tasks) + 1))
        for quiz in paper.quizzes:
            assert quizzes.loc[quiz, "prompt"] in told
            assert quizzes.loc[quiz, "why"] not in told
            assert quizzes.loc[quiz, "why"] in key
        asked += numbered
    assert [head.get_text() for head in read_sheet("answer-key").select("h3")] == asked
    assert len(asked) >= 15


def test_nothing_is_asked_that_only_the_page_has():
    only_there = (" above", "on this page", "notebook", "figure", "in this chapter")
    for name in papers.PAPERS:
        told = text_of(f"{name}-tasks")
        assert [words for words in only_there if words in told] == [], name


def test_a_table_that_a_task_names_is_on_the_source_sheet():
    table = "Recognition, instrument by instrument"
    assert f"Use the table {table}" in text_of("lesson-3-tasks")
    captions = read_sheet("lesson-3-sources").select("caption")
    assert any(caption.get_text().startswith(table) for caption in captions)


def test_passages_are_those_of_the_pages_without_code_and_tasks():
    assert "Was the place read where it would stand?" in text_of("lesson-2-sources")
    with pytest.raises(KeyError, match="no heading 'Nothing'"):
        prose.passage("silences", "Nothing")
    assert prose.passage("mission", "Try it") == ""
    assert "code-cell" not in prose.passage("mission", "Look: the autumn day by day")


def test_a_source_sheet_says_what_its_words_for_evidence_mean(book):
    for name in papers.PAPERS:
        sheet = text_of(f"{name}-sources")
        weak = [label for label in book.labels("evidence").values() if f" {label} " in sheet]
        if weak:
            assert "from the best to the weakest" in sheet, name


def test_a_form_has_an_example_from_the_tables(book):
    claim = book.claims.set_index("claim_id").loc[papers.EXAMPLE]
    form = read_sheet("project-tasks").select_one(".form table")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in form.select("tbody tr")]
    assert claim["date"].text in rows[0]
    assert [set(row) for row in rows[1:]] == [{""}] * 3


@pytest.mark.parametrize("name", all_lessons())
def test_a_plan_says_what_a_teacher_needs(name):
    lesson = all_lessons()[name]
    wanted = "Print|Question|Aims|Expected|If somebody asks|Common mistakes|"
    wanted += "For those who need help|Without computers|Mark with"
    assert set(wanted.split("|")) <= set(lesson.items)
    lines = ("sourcing", "corroboration", "close reading", "context and causes", "saying how sure")
    marked = [line for line in lines if line in lesson.items["Mark with"].lower()]
    assert 2 <= len(marked) <= 3


def test_a_task_sheet_explains_its_hard_words():
    told, meanings = text_of("project-tasks").split("Hard words")
    assert "EDTF" in told
    assert "is a month" in meanings.split("EDTF :")[1]


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_has_no_markup_of_the_pages_left(name):
    told = text_of(name)
    assert len(told) > 150
    assert not [sign for sign in ("{date}", "{case}", "](", ":::", "```", "**") if sign in told]


def test_the_articles_are_all_there_and_weak_ones_say_so(book):
    clauses = book.clauses[book.clauses["treaty_id"] == book.agreement].sort_values("position")
    rows = read_sheet("articles").select("tbody tr")
    cells = [[cell.get_text() for cell in row.select("th, td")] for row in rows]
    assert [row[1] for row in cells] == list(clauses["digest_en"])
    weak = {book.labels("evidence")[level] for level in WEAK_LEVELS}
    assert sum(row[2] in weak for row in cells) == clauses["evidence"].isin(WEAK_LEVELS).sum() > 0


def test_the_chronology_leaves_out_what_no_source_states(book):
    told = text_of("chronology")
    weak = book.events.loc[book.events["evidence"].isin(WEAK_LEVELS), "title_en"]
    assert [title for title in weak if title in told] == []
    assert "5 November 1921" in told


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_overviews_fit_one_sheet_of_paper(site: Path, tmp_path: Path, browser, paper: str):
    for name in ONE_PAGE:
        address = (site / "book" / f"sheet-{name}.html").as_uri()
        printed = printing.print_page(address, tmp_path / f"{name}.pdf", paper, browser)
        assert len(pypdf.PdfReader(printed).pages) == 1, name


SMALLEST = """() => Math.min(...[...document.querySelectorAll('main *')]
  .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((part) => parseFloat(getComputedStyle(part).fontSize)))"""


@pytest.mark.parametrize("name", ["lesson-3-sources", "project-tasks", *ONE_PAGE])
@on_a_phone
def test_a_sheet_on_a_phone_has_the_letters_of_the_book_and_is_not_cut(page: Page, site, name: str):
    page.emulate_media(color_scheme="dark")
    page.goto((site / "book" / f"sheet-{name}.html").as_uri())
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].some((face) => face.status === 'loaded')")
    assert page.evaluate(SMALLEST) >= 12
    for box in page.locator(".tb-table").all():
        assert box.evaluate("(box) => box.scrollWidth - box.clientWidth") <= 0
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
