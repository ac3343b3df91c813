"""The generated notebooks: a beginner is told what to do, and finds a cell for each answer."""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT
from nbclient import NotebookClient
from treatybook.display import output
from treatybook.evidence.tables import read
from treatybook.site.notebooks import convert
from treatybook.teaching import quizzes

BOOK = read()
WITH_QUESTIONS = tuple(sorted(set(BOOK.quizzes["page"])))


def notebook(name: str) -> nbformat.NotebookNode:
    return convert(ROOT / "book" / f"{name}.md", BOOK)


def code(name: str) -> list[str]:
    return [cell.source for cell in notebook(name).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_below_its_title_a_notebook_says_how_to_run_it(name):
    made = notebook(name)
    nbformat.validate(made)
    title, how_to, *rest = made.cells
    assert re.fullmatch(r"# [^\n]+", title.source)
    assert how_to.cell_type == "markdown"
    assert len(how_to.source.splitlines()) <= 4
    for word in ("Shift", "Enter", "NameError", "Run All Cells", "this copy only"):
        assert word in how_to.source
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    page = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    assert page.count("```{code-cell}") <= sum(cell.cell_type == "code" for cell in rest)


@pytest.mark.parametrize("name", WITH_QUESTIONS)
def test_every_question_of_a_page_has_a_cell_that_waits_for_an_answer(name):
    cells = code(name)
    place = cells.index(next(cell for cell in cells if "quizzes.of_page" in cell))
    questions = quizzes.of_page(BOOK, name).quizzes
    for quiz, cell in zip(questions, cells[place + 1 :], strict=False):
        *prompt, call = cell.splitlines()
        assert " ".join(line.removeprefix("# ") for line in prompt) == quiz.prompt
        assert call == f'quizzes.check(book, "{quiz.name}", "your answer")'
        names = {"quizzes": quizzes, "book": BOOK}
        assert eval(call, names).words == "Write your answer between the quotes."
        assert eval(call.replace('"your answer"', repr(quiz.answer)), names).right
    assert sum("quizzes.check(" in cell for cell in cells) == len(questions)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_of_a_notebook_runs_after_those_above_it(name, monkeypatch):
    monkeypatch.chdir(ROOT / "book")
    monkeypatch.setattr(output, "display", lambda *_, **__: None)
    names: dict[str, object] = {}
    for cell in code(name):
        exec(cell, names)


def test_a_notebook_runs_as_it_is_from_the_top_down():
    made = notebook("mission")
    folder = {"metadata": {"path": str(ROOT / "book")}}
    NotebookClient(made, kernel_name="python3", resources=folder).execute()
    replies = [
        cell.outputs[0].data["text/plain"]
        for cell in made.cells
        if cell.cell_type == "code" and "quizzes.check(" in cell.source
    ]
    assert replies == ["Write your answer between the quotes."] * 2


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_citation_keeps_its_brackets(name):
    text = "\n".join(c.source for c in notebook(name).cells if c.cell_type == "markdown")
    page = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    for keys in re.findall(r"\{cite\}`([^`]+)`", page):
        links = ", ".join(f"[{key.strip()}](sources.ipynb)" for key in keys.split(","))
        assert f"({links})" in text
