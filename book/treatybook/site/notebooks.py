"""Notebook siblings: from ``book/NAME.md`` to ``book/NAME.ipynb`` for JupyterLab.

``python -m treatybook notebooks`` writes them; Binder's ``postBuild`` and ``make`` call it.
Roles and directives that only Sphinx understands become plain Markdown on the way.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import jupytext
import nbformat

from treatybook.display.content import PLACEHOLDER, Quiz
from treatybook.display.markdown import is_notebook, plain_markdown
from treatybook.evidence.identifiers import UnknownReference
from treatybook.evidence.tables import BOOK_FOLDER, Book, read
from treatybook.teaching import quizzes

_TITLE = re.compile(r"\A\s*# [^\n]+\n")
_QUESTIONS = re.compile(r"^show\(quizzes\.of_page\(book, \"(?P<page>[a-z-]+)\"\)\)$", re.MULTILINE)
PACKAGE = Path(__file__).resolve().parents[1]
_LINE = 88  # characters in a line of a comment
HOW_TO = """\
- **To run a cell:** click it and press `Shift` + `Enter`; begin at the top and go down.
- **`NameError`?** Run the first code cell, or choose *Run* > *Run All Cells* in the menu.
- **Change what you like:** changes stay in this copy only."""


def convert(source: Path, book: Book) -> nbformat.NotebookNode:
    """Turn one page into a notebook without outputs.

    Parameters
    ----------
    source : pathlib.Path
        A MyST Markdown notebook.
    book : Book
        The tables that the roles of the prose name.

    Raises
    ------
    treatybook.refer.UnknownReference
        If the prose names a key that no table has.
    """
    notebook = jupytext.read(source)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, book)
    notebook.cells = _with_answers(_with_how_to(notebook.cells), book)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.metadata.pop("jupytext", None)
    return notebook


def _with_how_to(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The cells, with a word on how to run them below the title."""
    first, *others = cells
    title = _TITLE.match(first.source)
    if not title:
        return [nbformat.v4.new_markdown_cell(HOW_TO), *cells]
    rest = first.source[title.end() :].strip("\n")
    texts = [title.group().strip(), HOW_TO, *([rest] if rest else [])]
    return [*map(nbformat.v4.new_markdown_cell, texts), *others]


def _with_answers(cells: list[nbformat.NotebookNode], book: Book) -> list[nbformat.NotebookNode]:
    """The cells; those that show questions are followed by one for the answer to each."""
    found = []
    for cell in cells:
        found.append(cell)
        shown = _QUESTIONS.search(cell.source) if cell.cell_type == "code" else None
        if shown:
            questions = quizzes.of_page(book, shown["page"]).quizzes
            found += [nbformat.v4.new_code_cell(_answer_code(quiz)) for quiz in questions]
    return found


def _answer_code(quiz: Quiz) -> str:
    prompt = textwrap.wrap(quiz.prompt, _LINE, initial_indent="# ", subsequent_indent="# ")
    return "\n".join([*prompt, f'quizzes.check(book, "{quiz.name}", "{PLACEHOLDER}")'])


def write() -> list[str]:
    """Write the sibling of every notebook page that has changed, or whose tables have.

    Returns
    -------
    list of str
        What is wrong: pages whose prose names a key that no table has.
    """
    book, faults = read(), []
    stamp = max(book.stamp, *(path.stat().st_mtime_ns for path in PACKAGE.rglob("*.py")))
    for source in sorted(filter(is_notebook, BOOK_FOLDER.glob("*.md"))):
        target = source.with_suffix(".ipynb")
        newest = max(stamp, source.stat().st_mtime_ns)
        if target.is_file() and target.stat().st_mtime_ns > newest:
            continue
        try:
            nbformat.write(convert(source, book), target)
        except UnknownReference as error:
            faults.append(f"{source.name}: {error}")
        else:
            print(f"wrote {target.name}")
    return faults


def main() -> int:
    """Write the notebooks, and print what is wrong."""
    faults = write()
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))
