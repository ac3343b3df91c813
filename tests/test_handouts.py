"""Handouts: every lesson has its sheets, they fit paper, and no task sheet gives an answer away."""

from __future__ import annotations

import math
import re
from functools import cache
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
from treatybook.teaching import handouts, quizzes
from treatybook.teaching.lessons import all_lessons

LESSONS = all_lessons()
ONE_PAGE = ("chronology", "articles", "checklist")
OF_LESSONS = [f"{name}-{part}" for name in LESSONS for part in ("plan", "sources", "tasks")]
NAMES = [*OF_LESSONS, "answer-key", *ONE_PAGE]


@cache
def sheets() -> dict[str, handouts.Sheet]:
    return {sheet.name: sheet for sheet in handouts.sheets(read())}


def read_sheet(name: str) -> BeautifulSoup:
    return BeautifulSoup(sheets()[name].body, "html.parser")


def text_of(name: str) -> str:
    return read_sheet(name).get_text(" ", strip=True)


def test_every_lesson_has_a_plan_sources_and_tasks_and_there_are_four_more():
    assert set(sheets()) == set(NAMES)


def test_the_key_answers_every_step_under_its_number(book):
    key = read_sheet("answer-key")
    answered = [head.get_text() for head in key.select("h3")]
    asked = []
    for name, lesson in LESSONS.items():
        told = text_of(f"{name}-tasks")
        heads = [head.get_text() for head in read_sheet(f"{name}-tasks").select("section .task h2")]
        steps = [f"{number}. {step.title}" for number, step in enumerate(lesson.steps, start=1)]
        assert heads[: len(steps)] == steps
        asked += steps
        for quiz in (quizzes.named(book, key) for step in lesson.steps for key in step.asks):
            assert quiz.prompt in told and quiz.why not in told
            assert quiz.why in key.get_text()
    assert answered == asked


def test_nothing_is_asked_that_only_the_screen_has():
    only_there = (
        "on this page",
        "in the figure",
        "press the",
        "tap",
        "notebook",
        "in this chapter",
        "run the cell",
    )
    for name in (name for name, lesson in LESSONS.items() if "no computers" in lesson.group):
        told = text_of(f"{name}-tasks")
        assert [words for words in only_there if words in told] == [], name


def test_a_sheet_on_the_screen_leads_to_the_lesson():
    for name in LESSONS:
        for part in ("plan", "tasks"):
            links = [link["href"] for link in read_sheet(f"{name}-{part}").select("a")]
            assert f"{name}.html" in links


def test_what_is_expected_and_every_answer_are_folded_on_the_plan(book):
    for name, lesson in LESSONS.items():
        (fold,) = read_sheet(f"{name}-plan").select("details")
        assert fold.summary.get_text() == "Expected, and the answers"
        given = {strong.get_text(): strong.parent.get_text() for strong in fold.select("strong")}
        for number, step in enumerate(lesson.steps, start=1):
            for key, quiz in handouts._numbered(book, number, step):
                assert f"{key} {quiz.answer}" in given[key]
        rows = read_sheet(f"{name}-plan").select("tbody tr")
        assert len(rows) == len(lesson.steps)


WRITE = re.compile(r"\b(writes?|note the|cop(y|ies) from|fills? in|draw|one more)\b", re.IGNORECASE)


def test_whatever_is_to_be_written_has_room_on_the_task_sheet():
    for name, lesson in LESSONS.items():
        sections = read_sheet(f"{name}-tasks").select("section")
        filled = ""
        for step, section in zip(lesson.steps, sections, strict=False):
            lines = [line.get_text() for line in section.select(":scope > .lines")]
            assert lines == list(step.lines)
            cells = [cell.get_text() for cell in section.select(".fill td")]
            assert (
                cells.count("")
                == len(cells)
                == len(step.copied) * len(section.select(".fill tbody tr"))
            )
            filled = filled or section.select_one(".fill")
            room = lines or cells or section.select(".ask > .lines")
            if WRITE.search(f"{step.task} {step.in_class}"):
                assert room or (filled and "table of task" in step.in_class), f"{name} {step.key}"


def test_an_empty_table_has_the_rows_of_the_one_that_is_read():
    rows = read_sheet("lesson-3-tasks").select(".fill tbody th")
    source = read_sheet("lesson-3-sources").select_one("table").select("tbody th")
    assert [row.get_text() for row in rows] == [row.get_text() for row in source]


def test_answers_that_several_questions_share_are_printed_once(book):
    sheet = read_sheet("lesson-4-tasks")
    for grid in sheet.select(".grid"):
        heads = [head.get_text() for head in grid.select("thead th")][1:]
        assert heads == list(quizzes.named(book, "S02").options)
        for row in grid.select("tbody tr"):
            assert len(row.select(".box")) == len(heads)
    assert len(sheet.select(".grid tbody tr")) == 9, "of eleven two stand alone in their step"


def test_a_source_sheet_prints_no_table_twice():
    sheet = read_sheet("lesson-1-sources")
    assert len(sheet.select("table")) == 1
    again = [p.get_text() for p in sheet.select("p") if p.get_text().startswith("Look again at")]
    assert again == [
        "Look again at Claims of case D-01: Who led the mission to Moscow? (for task 2): By, Note.",
        "Look again at Claims of case D-01: Who led the mission to Moscow? (for task 2): "
        "By, What is said.",
    ]


def words(html: str) -> int:
    """Words of a sheet before what is only looked up at its end."""
    read = html.partition('<ul class="listed">')[0]
    return len(BeautifulSoup(read, "html.parser").get_text(" ").split())


def test_a_teacher_is_ready_in_a_quarter_of_an_hour():
    assert "A quarter of an hour is enough" in prose.text_of_page("teach")
    for name in LESSONS:
        plan, tasks = (sheets()[f"{name}-{part}"].body for part in ("plan", "tasks"))
        (told,) = re.findall(r"(\d+) minutes: read this plan", plan)
        assert abs(int(told) - words(plan + tasks) / 200) <= 2, name
        assert int(told) <= 15, name


def test_passages_are_those_of_the_pages_without_code_and_tasks():
    assert "Was the place read where it would stand?" in prose.passage(
        "silences", "Three tests for a silence"
    )
    with pytest.raises(KeyError, match="no heading 'Nothing'"):
        prose.passage("silences", "Nothing")
    assert prose.passage("mission", "Try it") == ""
    assert "code-cell" not in prose.passage("mission", "Look: the autumn day by day")


def test_a_source_sheet_says_what_its_words_for_evidence_mean(book):
    for name in LESSONS:
        sheet = text_of(f"{name}-sources")
        weak = [label for label in book.labels("evidence").values() if f" {label} " in sheet]
        if weak:
            assert "from the best to the weakest" in sheet, name


@pytest.mark.parametrize("name", LESSONS)
def test_a_plan_says_what_a_teacher_needs(name):
    lines = ("sourcing", "corroboration", "close reading", "context and causes", "saying how sure")
    marked = [line for line in lines if line in LESSONS[name].marks.lower()]
    assert 2 <= len(marked) <= 3


def test_a_task_sheet_explains_its_hard_words():
    told, meanings = text_of("lesson-1-tasks").split("Hard words")
    assert "witness" in told
    assert "mirrors of one text" in meanings.split("witness :")[1]


@pytest.mark.parametrize("name", NAMES)
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


# The longest lesson speaks for the others.
@pytest.mark.parametrize(
    "name",
    [
        name if name == "lesson-5" else pytest.param(name, marks=pytest.mark.rare)
        for name in LESSONS
    ],
)
def test_the_sheets_of_a_lesson_take_the_paper_that_its_plan_says(site, tmp_path, browser, name):
    told = [int(number) for number in re.findall(r"\((\d)\b", LESSONS[name].prints)]
    pages = []
    for part in ("sources", "tasks"):
        address = (site / "book" / f"sheet-{name}-{part}.html").as_uri()
        printed = printing.print_page(address, tmp_path / f"{part}.pdf", "A4", browser)
        pages.append(len(pypdf.PdfReader(printed).pages))
    assert [math.ceil(number / 2) for number in pages] == told
    assert pages[0] <= 2 and pages[1] <= 4


SMALLEST = """() => Math.min(...[...document.querySelectorAll('main *')]
  .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((part) => parseFloat(getComputedStyle(part).fontSize)))"""


@pytest.mark.parametrize("name", ["lesson-1-plan", "lesson-1-sources", "lesson-1-tasks", *ONE_PAGE])
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
