"""Handouts: every lesson has its sheets, they fit paper, and no task sheet gives an answer away."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from bs4 import BeautifulSoup
from treatybook import handouts, pages, printing, read
from treatybook.levels import WEAK_LEVELS

SHEETS = {sheet.name: sheet for sheet in handouts.sheets(read())}
ONE_PAGE = ("chronology", "articles", "checklist")


def text_of(sheet: handouts.Sheet) -> str:
    return BeautifulSoup(sheet.body, "html.parser").get_text(" ", strip=True)


def test_every_lesson_has_sources_and_tasks_and_there_are_four_more():
    lessons = pages.lessons()
    assert len(lessons) == 6
    expected = {f"{name}-{part}" for name in lessons for part in ("sources", "tasks")}
    assert set(SHEETS) == expected | {"answer-key", *ONE_PAGE}


def test_a_task_sheet_asks_and_the_key_answers(book):
    key = text_of(SHEETS["answer-key"])
    asked = 0
    for name in pages.lessons():
        told = text_of(SHEETS[f"{name}-tasks"])
        assert "Model answer" not in told and "Hint" not in told
        for row in book.quizzes.to_dict("records"):
            if row["page"] in handouts.SOURCES[name][0]:
                assert row["prompt"] in told
                assert row["why"] not in told
                assert row["why"] in key
                asked += 1
    assert asked >= 8


def test_a_task_sheet_explains_its_hard_words():
    told = text_of(SHEETS["lesson-1-tasks"])
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


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["lesson-4-sources", "lesson-1-tasks", "chronology"])
def test_a_sheet_can_be_read_on_a_screen_too(site: Path, browser, name: str, width: int):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto((site / "book" / f"sheet-{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert Axe().run(page).response["violations"] == []
    context.close()
