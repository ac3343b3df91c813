"""Notebooks for JupyterLab: from ``book/NAME.md`` to ``notebooks/NUMBER-NAME.ipynb``.

``python -m treatybook notebooks`` writes them; Binder's ``postBuild`` and ``make`` call it.
Roles and directives that only Sphinx understands become plain Markdown on the way.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from treatybook.display import mistakes
from treatybook.display.content import Quiz
from treatybook.display.markdown import notebook_files, number_cells, plain_markdown
from treatybook.display.rendering import MOST_BUTTONS, check_call
from treatybook.evidence import prose, wording
from treatybook.evidence.identifiers import UnknownReference
from treatybook.evidence.tables import BOOK_FOLDER, NOTEBOOK_FOLDER, Book, read
from treatybook.site import chapters, further
from treatybook.teaching import lessons, quizzes, workshop

TITLE = re.compile(r"\s*(# [^\n]+)\n")
QUESTIONS = re.compile(r"^show\(quizzes\.of_page\(book, \"(?P<page>[a-z-]+)\"\)\)$", re.MULTILINE)
PACKAGE = Path(__file__).resolve().parents[1]
LINE = 88  # characters in a line of a comment
HOW_TO = """\
- **To run a cell:** click it and press `Shift` + `Enter`; begin at the top and go down.
- **A red message?** It says what to do; `%tb` in a new cell shows the rest. **`NameError`?** Run the cell that it names, or choose *Run* > *Run All Cells* in the menu.
- **Change what you like:** changes stay in this copy only; a headline is typed by hand, so change it too.
- **To keep your work:** Binder forgets it when it stops, so choose *File* > *Download*; the next \
time, drag the file into the list of files on the left.
- **Nothing happens, or the kernel has stopped?** Choose *Kernel* > *Restart Kernel and Run All \
Cells…*; if that fails, download your work and start again from the page of the book."""


def convert(source: Path, book: Book) -> NotebookNode:
    """Turn one page into a notebook without outputs.

    Parameters
    ----------
    source : pathlib.Path
        A MyST Markdown notebook.
    book : Book
        The tables that the roles of the prose name.

    Raises
    ------
    treatybook.evidence.identifiers.UnknownReference
        If the prose names a key that no table has.
    """
    notebook = jupytext.read(source)
    if lesson := lessons.all_lessons().get(source.stem):
        notebook.cells = [*_with_steps(notebook.cells, lesson, book)]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(chapters.listed(cell.source), book)
    cells = [*_with_answers(_with_how_to(notebook.cells), book)]
    notebook.cells = workshop.with_first_cell(cells)
    number_cells(notebook.cells)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    notebook.metadata.pop("jupytext", None)
    return notebook


def _with_how_to(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells, with a word on how to run them below the title."""
    first, *others = cells
    if title := TITLE.match(first.source):
        texts = [title[1].strip(), HOW_TO, first.source[title.end() :].strip("\n")]
        return [*map(new_markdown_cell, filter(None, texts)), *others]
    return [new_markdown_cell(HOW_TO), *cells]


def _with_answers(cells: list[NotebookNode], book: Book) -> Iterator[NotebookNode]:
    """The cells; those that show questions are followed by one for the answer to each."""
    for cell in cells:
        yield cell
        shown = QUESTIONS.search(cell.source) if cell.cell_type == "code" else None
        for quiz in quizzes.of_page(book, shown["page"]).quizzes if shown else ():
            yield _asked(quiz)


def _asked(quiz: Quiz) -> NotebookNode:
    """A cell with a question, its choices, and the call that checks the answer."""
    prompt = textwrap.wrap(quiz.prompt, LINE, initial_indent="# ", subsequent_indent="# ")
    choices = [f"# - {option}" for option in quiz.options]
    if len(quiz.options) > MOST_BUTTONS:
        listed = f"One of: {', '.join(quiz.options)}."
        choices = textwrap.wrap(listed, LINE, initial_indent="# ", subsequent_indent="# ")
    return new_code_cell("\n".join([*prompt, *choices, check_call(quiz)]))


def _with_steps(
    cells: list[NotebookNode], lesson: lessons.Lesson, book: Book
) -> Iterator[NotebookNode]:
    """The cells of a lesson, with a cell for every answer in place of what only a page can do."""
    for cell in cells:
        if cell.cell_type != "markdown":
            yield cell
            continue
        lines, start = cell.source.split("\n"), 0
        for found in prose.directives(cell.source):
            if found.name not in ("step", "lesson"):
                continue
            yield from _told("\n".join(lines[start : found.lines[0]]))
            if found.name == "step":
                yield from _of_step(lesson, lesson.step(found.argument), book)
            start = found.lines[1]
        yield from _told("\n".join(lines[start:]))


def _told(text: str) -> list[NotebookNode]:
    return [new_markdown_cell(text.strip("\n"))] if text.strip() else []


def _of_step(lesson: lessons.Lesson, step: lessons.Step, book: Book) -> Iterator[NotebookNode]:
    yield from _told(step.task)
    for name in step.asks:
        yield _asked(quizzes.named(book, name))
    if step.model:
        words = f'"""{quizzes.WRITE_HERE}"""'
        yield new_code_cell(f'quizzes.compare(book, "{lesson.name}", "{step.key}", {words})')


def write() -> list[str]:
    """Write the notebook of every page with cells that has changed, or whose tables have.

    One that has another number now is taken away, and nothing else of a reader's folder.

    Returns
    -------
    list of str
        What is wrong: pages whose prose names a key that no table has.
    """
    book, faults = read(), []
    stamp = max(book.stamp, *(path.stat().st_mtime_ns for path in PACKAGE.rglob("*.py")))
    files = notebook_files()
    NOTEBOOK_FOLDER.mkdir(exist_ok=True)
    for old in NOTEBOOK_FOLDER.glob("[0-9][0-9]-*.ipynb"):
        if old.name != files.get(old.stem[3:], old.name):
            old.unlink()
    for page, name in files.items():
        source, target = BOOK_FOLDER / f"{page}.md", NOTEBOOK_FOLDER / name
        if target.is_file() and target.stat().st_mtime_ns > max(stamp, source.stat().st_mtime_ns):
            continue
        try:
            nbformat.write(convert(source, book), target)
        except UnknownReference as error:
            faults.append(f"{source.name}: {error}")
        else:
            print(f"wrote {target.name}")
    return faults


def main() -> int:
    """Write the notebooks in every language, have kernels tell mistakes in one line.

    What is wrong is printed.
    """
    mistakes.load_always()
    faults = write()
    if wording.spoken() == wording.SOURCE:
        for language in wording.others():
            further.write_notebooks(language)
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))
