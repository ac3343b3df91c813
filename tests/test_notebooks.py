"""The generated notebooks: a beginner is told what to do, and finds a cell for each answer."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from treatybook.display import mistakes, output
from treatybook.display.markdown import notebook_files
from treatybook.evidence.tables import read
from treatybook.site import addresses, notebooks
from treatybook.site.notebooks import convert
from treatybook.teaching import quizzes
from treatybook.teaching.lessons import all_lessons

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
    assert len(how_to.source.splitlines()) <= 5
    words = "Shift,Enter,NameError,Run All Cells,this copy only,Download,Restart Kernel"
    for word in words.split(","):
        assert word in how_to.source
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    page = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    assert page.count("```{code-cell}") <= sum(cell.cell_type == "code" for cell in rest)


@pytest.mark.parametrize("name", sorted({*WITH_QUESTIONS} - {*all_lessons()}))
def test_every_question_of_a_page_has_a_cell_that_waits_for_an_answer(name):
    cells = code(name)
    place = cells.index(next(cell for cell in cells if "quizzes.of_page" in cell))
    questions = quizzes.of_page(BOOK, name).quizzes
    for quiz, cell in zip(questions, cells[place + 1 :], strict=False):
        *comment, call = cell.splitlines()
        choices = [f"# - {option}" for option in quiz.options]
        prompt = comment[: len(comment) - len(choices)]
        assert " ".join(line.removeprefix("# ") for line in prompt) == quiz.prompt
        assert comment[len(prompt) :] == choices  # seen before the first try
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
        file = notebook_files()["sources"]
        links = ", ".join(f"[{key.strip()}]({file})" for key in keys.split(","))
        assert f"({links})" in text


def test_notebooks_lie_in_the_books_order_and_one_with_an_old_number_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "NOTEBOOK_FOLDER", tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()
    for name in ("77-war.ipynb", "77-mine.ipynb", "my notes.txt"):
        (tmp_path / "notebooks" / name).touch()
    assert notebooks.write() == []
    written = sorted(path.name for path in (tmp_path / "notebooks").iterdir())
    assert written == [*notebook_files().values(), "77-mine.ipynb", "my notes.txt"]
    assert [name[3:-6] for name in written[:-2]] == list(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_link_between_notebooks_leads_to_a_file_that_will_be_there(name):
    text = "\n".join(c.source for c in notebook(name).cells if c.cell_type == "markdown")
    links = re.findall(r"\]\(([^)#:]+\.(?:ipynb|md))", text)
    there = {*notebook_files().values(), *(f"../book/{p.name}" for p in BOOK_PAGES)}
    assert [link for link in links if link not in there] == []


BOOK_PAGES = list((ROOT / "book").glob("*.md"))
CELLS = [
    "# where it all begins\nfrom pandas import DataFrame as frame",
    "table = frame({'one': [1, 2]})",
    "table = table.head(1)",
]


def told(cell: str, tmp_path: Path, monkeypatch, saved: bool = True) -> str:
    """What a notebook says of a cell that is run before all others."""
    cells = [nbformat.v4.new_markdown_cell("# Title\n\n## The story\n\nText")]
    cells += [nbformat.v4.new_code_cell(source) for source in (*CELLS, cell)]
    made, path = nbformat.v4.new_notebook(cells=cells), tmp_path / "mine.ipynb"
    if saved:
        nbformat.write(made, path)
    monkeypatch.setenv(mistakes.NOTEBOOK, str(path))
    made.cells = [nbformat.v4.new_code_cell(cell), nbformat.v4.new_code_cell("print('went on')")]
    client = NotebookClient(made, kernel_name="python3")
    mistakes.load_always(tmp_path)
    client.extra_arguments = [f"--config={tmp_path}/etc/ipython/ipython_config.json"]
    with pytest.raises(CellExecutionError):
        client.execute()
    assert made.cells[1].outputs == []
    (output,) = made.cells[0].outputs
    return "\n".join(output.traceback)


MISTAKES = [
    ("table", "NameError: 'table' is not known yet. Run first the cell that begins with: table = frame({'one': [1, 2]}) (below 'The story'); or choose Run > Run All Above Selected Cell in the menu."),
    ("table = table.head(1)", "'table' is not known yet. Run first the cell that begins with: table = frame("),
    ("frame()", "begins with: from pandas import DataFrame as frame (below"),
    ("import pandas\npandas.DataFrame({'a': [1, 2], 'b': [1]})", "ValueError: the lists of a table must be equally long"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "words"), MISTAKES)
def test_a_cell_that_is_run_too_early_says_which_to_run_first(cell, words, tmp_path, monkeypatch):
    line = told(cell, tmp_path, monkeypatch)
    assert words in line and "\n" not in line


@pytest.mark.parametrize(
    ("cell", "saved", "name"),
    [("evens", True, "evens"), ("x = x + 1", True, "x"), ("table", False, "table")],
)
def test_of_a_name_that_no_cell_makes_the_quotes_may_be_missing(
    cell, saved, name, tmp_path, monkeypatch
):
    line = told(cell, tmp_path, monkeypatch, saved)
    assert f'put it in quotes: "{name}"' in line and "not known yet" not in line
    assert "\n" not in line


def test_other_mistakes_are_told_in_pythons_own_words(tmp_path, monkeypatch):
    assert "Traceback" in told("int('a')", tmp_path, monkeypatch, True)


def test_what_an_environment_has_set_for_its_kernels_stays(tmp_path: Path):
    (tmp_path / "etc" / "ipython").mkdir(parents=True)
    config = tmp_path / "etc" / "ipython" / "ipython_config.json"
    config.write_text("{}")
    mistakes.load_always(tmp_path)
    assert config.read_text() == "{}"
    mistakes.load_always(config)  # nothing can be written there


def test_a_launch_button_opens_the_notebook_of_its_page():
    start = "https://mybinder.org/v2/gh/example/fork/main?urlpath=lab/tree/"
    buttons = [{"type": "link", "url": f"{start}book/war.md"}]
    groups = [{"type": "group", "label": "launch-buttons", "buttons": buttons}]
    addresses.launch_notebook(None, "book/war", "page.html", {"header_buttons": groups}, None)
    assert buttons[0]["url"] == f"{start}notebooks/{notebook_files()['war']}"
