"""Open tasks: enough of each kind, each with an aim, a hint, an answer; their code runs."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from conftest import NOTEBOOKS, ROOT
from treatybook.evidence import prose
from treatybook.teaching.lessons import all_lessons

TASKS = prose.tasks().to_dict("records")
# What an exercise of this book can be; the list of kinds asked for when the book was planned.
KINDS = set(
    "date-it who-says-so corroborate close-reading context find-the-gap code-it change-it"
    " compute-it".split()
)
FOLD = re.compile(r"```\{dropdown\} (Hint|Model answer)\n(.+?)```", re.DOTALL)


def test_the_book_has_exercises_of_every_kind_and_three_to_six_on_a_page(book):
    questions = Counter(book.quizzes["page"])
    of_page = Counter(task["page"] for task in TASKS) + questions
    chapters = set(NOTEBOOKS) - set(all_lessons())
    assert {name: of_page[name] for name in chapters if not 3 <= of_page[name] <= 6} == {}
    assert sum(of_page.values()) >= 45
    assert {task["kind"] for task in TASKS} | set(book.quizzes["kind"]) >= KINDS


def test_every_directive_is_found_and_no_name_stands_twice():
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md")]
    written = sum(page.count("{task}") for page in pages)
    assert len(TASKS) == len({task["name"] for task in TASKS}) == written


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task["name"])
def test_a_task_has_a_hint_and_a_model_answer_that_explain(task):
    folds = dict(FOLD.findall(task["text"]))
    assert set(folds) == {"Hint", "Model answer"}
    assert folds["Hint"].strip() != folds["Model answer"].strip()
    assert min(len(text) for text in folds.values()) > 20
    assert task["aim"].endswith(".")


def test_tasks_of_judgement_name_their_line_of_the_rubric(site, book):
    rubric = (site / "book" / "teach.html").read_text(encoding="utf-8")
    for page in {task["page"] for task in TASKS}:
        html = (site / "book" / f"{page}.html").read_text(encoding="utf-8")
        for line in re.findall(r"Marked by the line <a[^>]*>([^<]+)</a>", html):
            assert f"<strong>{line}</strong>" in rubric
        judged = [t for t in TASKS if t["page"] == page and t["kind"] in ("context", "weigh-it")]
        assert html.count("Marked by the line") >= len(judged)
