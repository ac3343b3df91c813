"""Handouts: every lesson has its sheets, they fit paper, and no task sheet gives an answer away."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from bs4 import BeautifulSoup
from treatybook.evidence import prose
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.tables import read
from treatybook.site import printing
from treatybook.teaching import handouts, papers
from treatybook.teaching.lessons import all_lessons

SHEETS = {sheet.name: sheet for sheet in handouts.sheets(read())}
ONE_PAGE = ("chronology", "articles", "checklist")


def text_of(sheet: handouts.Sheet) -> str:
    return BeautifulSoup(sheet.body, "html.parser").get_text(" ", strip=True)


def test_every_lesson_has_sources_and_tasks_and_there_are_four_more():
    lessons = all_lessons()
    assert len(lessons) == 6
    expected = {f"{name}-{part}" for name in lessons for part in ("sources", "tasks")}
    assert set(SHEETS) == expected | {"answer-key", *ONE_PAGE}


def test_the_key_answers_every_question_under_its_number(book):
    quizzes = book.quizzes.set_index("quiz_id")
    key = BeautifulSoup(SHEETS["answer-key"].body, "html.parser")
    answered = [heading.get_text() for heading in key.select("h3")]
    asked = []
    for name, paper in papers.PAPERS.items():
        sheet = BeautifulSoup(SHEETS[f"{name}-tasks"].body, "html.parser")
        told = sheet.get_text(" ", strip=True)
        assert "Model answer" not in told and "Hint" not in told
        numbered = [h.get_text() for h in sheet.select("h2") if h.get_text()[0].isdigit()]
        wanted = len(paper.quizzes) + len(paper.tasks)
        assert [int(text.split(".")[0]) for text in numbered] == list(range(1, wanted + 1))
        for quiz in paper.quizzes:
            assert quizzes.loc[quiz, "prompt"] in told
            assert quizzes.loc[quiz, "why"] not in told
            assert quizzes.loc[quiz, "why"] in text_of(SHEETS["answer-key"])
        asked += numbered
    assert answered == asked
    assert len(asked) >= 15


def test_nothing_is_asked_that_only_the_page_has():
    for name in papers.PAPERS:
        told = text_of(SHEETS[f"{name}-tasks"])
        for words in (" above", "on this page", "notebook", "figure", "in this chapter"):
            assert words not in told, (name, words)


def test_a_table_that_a_task_names_is_on_the_source_sheet():
    sources = BeautifulSoup(SHEETS["lesson-3-sources"].body, "html.parser")
    captions = [caption.get_text() for caption in sources.select("caption")]
    assert "Use the table Recognition, instrument by instrument" in text_of(
        SHEETS["lesson-3-tasks"]
    )
    assert any(text.startswith("Recognition, instrument by instrument") for text in captions)


def test_passages_are_those_of_the_pages():
    told = text_of(SHEETS["lesson-2-sources"])
    assert "Was the place read where it would stand?" in told
    with pytest.raises(KeyError, match="no heading 'Nothing'"):
        prose.passage("silences", "Nothing")


def test_a_passage_has_no_code_and_no_task():
    told = prose.passage("mission", "Try it")
    assert told == ""
    assert "code-cell" not in prose.passage("mission", "Look: the autumn day by day")


def test_a_source_sheet_says_what_its_words_for_evidence_mean(book):
    for name in papers.PAPERS:
        sheet = text_of(SHEETS[f"{name}-sources"])
        weak = [label for label in book.labels("evidence").values() if f" {label} " in sheet]
        if weak:
            assert "from the best to the weakest" in sheet, name


def test_a_form_has_an_example_from_the_tables(book):
    claim = book.claims.set_index("claim_id").loc[papers.EXAMPLE]
    form = BeautifulSoup(SHEETS["project-tasks"].body, "html.parser").select_one("table.form")
    rows = [[cell.get_text() for cell in row.select("td")] for row in form.select("tbody tr")]
    assert claim["date"].text in rows[0]
    assert [set(row) for row in rows[1:]] == [{""}] * 3


@pytest.mark.parametrize("name", all_lessons())
def test_a_plan_says_what_a_teacher_needs(name):
    lesson = all_lessons()[name]
    wanted = {
        "Print",
        "Question",
        "Aims",
        "Expected",
        "If somebody asks",
        "Common mistakes",
        "For those who need help",
        "Without computers",
        "Mark with",
    }
    assert wanted <= set(lesson.items)
    lines = ("sourcing", "corroboration", "close reading", "context and causes", "saying how sure")
    marked = [line for line in lines if line in lesson.items["Mark with"].lower()]
    assert 2 <= len(marked) <= 3


def test_a_task_sheet_explains_its_hard_words():
    told = text_of(SHEETS["project-tasks"])
    assert "EDTF" in told.split("Hard words")[0]
    meaning = told.split("Hard words")[1].split("EDTF :")[1]
    assert "is a month" in meaning


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_has_no_markup_of_the_pages_left(name):
    told = text_of(SHEETS[name])
    assert len(told) > 150
    assert not [sign for sign in ("{date}", "{case}", "](", ":::", "```", "**") if sign in told]


def test_the_articles_are_all_there_and_weak_ones_say_so(book):
    rows = book.clauses[book.clauses["treaty_id"] == book.agreement]
    soup = BeautifulSoup(SHEETS["articles"].body, "html.parser")
    cells = [[cell.get_text() for cell in row.select("th, td")] for row in soup.select("tbody tr")]
    assert [row[1] for row in cells] == list(rows.sort_values("position")["digest_en"])
    labels = book.labels("evidence")
    weak = {labels[level] for level in WEAK_LEVELS}
    assert sum(row[2] in weak for row in cells) == rows["evidence"].isin(WEAK_LEVELS).sum() > 0


def test_the_chronology_leaves_out_what_no_source_states(book):
    told = text_of(SHEETS["chronology"])
    titles = dict(zip(book.events["title_en"], book.events["evidence"], strict=True))
    assert [
        title for title, level in titles.items() if level in WEAK_LEVELS and title in told
    ] == []
    assert "5 November 1921" in told


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_overviews_fit_one_sheet_of_paper(site: Path, tmp_path: Path, browser, paper: str):
    for name in ONE_PAGE:
        target = tmp_path / f"{name}.pdf"
        address = (site / "book" / f"sheet-{name}.html").as_uri()
        printing.print_page(address, target, paper, browser)
        assert len(pypdf.PdfReader(target).pages) == 1, name


SMALLEST = """() => Math.min(...[...document.querySelectorAll('main *')]
  .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((part) => parseFloat(getComputedStyle(part).fontSize)))"""


@pytest.mark.parametrize("name", ["lesson-3-sources", *ONE_PAGE])
def test_a_sheet_on_a_phone_has_the_letters_of_the_book_and_is_not_cut(
    site: Path, browser, name: str
):
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark")
    page = context.new_page()
    page.goto((site / "book" / f"sheet-{name}.html").as_uri())
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].some((face) => face.status === 'loaded')")
    assert page.evaluate(SMALLEST) >= 12
    for box in page.locator(".tb-table").all():
        assert box.evaluate("(box) => box.scrollWidth - box.clientWidth") <= 0
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    context.close()
