"""Make your own: what a reader does with a copy of the tables, or with a book of their own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import pandas as pd

from treatybook.display.content import FigureView, TableView
from treatybook.display.markdown import number_cells
from treatybook.evidence.copies import (
    add,
    add_source,
    added,
    copy,
    new,
    refuse_own_place,
    take_back,
    taken,
)
from treatybook.evidence.errors import InputError, WrongArgument, checked
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import Book
from treatybook.evidence.validation import Problem, check
from treatybook.evidence.wording import SOURCE, _, plural, spoken
from treatybook.views import exports
from treatybook.views.codings import FORM_COLUMN
from treatybook.views.exports import Export

# What a cell calls; the first five are about the files of a copy.
__all__ = ["add", "add_source", "copy", "new", "take_back"]
__all__ += ["coding_form", "kit", "problems", "ready", "save_timeline", "start"]
TEMPLATE = Path(__file__).resolve().parent / "kit" / "notebook.md"
READ = 'read("data"'  # in the notebook of the kit
View = FigureView | TableView


@checked
def start(
    folder: str | Path,
    title: str,
    agreement: str,
    parties: Mapping[str, str],
    threads: Mapping[str, str],
) -> str:
    """A folder for a book about another agreement: empty tables and a notebook that shows them.

    Parameters and errors are those of :func:`new`; the tables lie in the folder ``data`` of
    the new folder, beside ``notebook.ipynb``.

    Returns
    -------
    str
        What to open next, in words.
    """
    notebook_file = Path(folder) / "notebook.ipynb"
    if notebook_file.exists() or (Path(folder) / "data").exists():
        raise taken(folder, _("open {file}").format(file=notebook_file.as_posix()))
    new(Path(folder) / "data", title, agreement, parties, threads)
    notebook = _template()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = "\n".join(map(_said, cell.source.split("\n"))).replace("TITLE", title)
        elif spoken() != SOURCE:
            cell.source = cell.source.replace(READ, f'{READ}, language="{spoken()}"')
    notebook.cells = with_first_cell(notebook.cells)
    number_cells(notebook.cells)
    notebook.metadata.pop("jupytext", None)
    write_text(notebook_file, nbformat.writes(notebook) + "\n")
    return _("Open {file}.").format(file=notebook_file.as_posix())


def _template() -> nbformat.NotebookNode:
    import jupytext  # takes as long as all else, and few cells need it

    return jupytext.read(TEMPLATE)


def _said(line: str) -> str:
    """A line of the kit's notebook in the language in use; its heading has signs before it."""
    signs = "#" * (len(line) - len(line.lstrip("#"))) + " "
    return signs + _(line.removeprefix(signs)) if line.startswith("#") else line and _(line)


@checked
def kit_words() -> list[str]:
    """Every line of the kit's notebook that a translator is given."""
    cells = _template().cells
    lines = [line for c in cells if c.cell_type == "markdown" for line in c.source.split("\n")]
    return [line.lstrip("# ") for line in lines if line and "TITLE" not in line]


@checked
def first_cell() -> str:
    """The first cell of every notebook: one that was moved says in one line what to do."""
    told = _(
        "The package of the book is not installed here. Put this notebook back into the folder "
        "'notebooks' of the project, or install it: pip install -e and the folder of the project."
    )
    return f"""\
try:
    import treatybook
except ModuleNotFoundError as missing:
    missing._render_traceback_ = lambda: [{told!r}]
    raise"""


def with_first_cell(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The cells of a notebook; :func:`first_cell` stands folded before the first that is run.

    It is no part of the lesson: whoever needs it sees its message, and nobody else its lines.
    """
    first = next((n for n, cell in enumerate(cells) if cell.cell_type == "code"), len(cells))
    folded = {"jupyter": {"source_hidden": True}}
    guard = nbformat.v4.new_code_cell(first_cell(), metadata=folded)
    return [*cells[:first], guard, *cells[first:]]


@checked
def kit(book: Book) -> bytes:
    """The folder that :func:`start` makes, as a zip; equal data give equal bytes."""
    with tempfile.TemporaryDirectory() as folder:
        parties = {"A": _("Party A"), "B": _("Party B")}
        talks = {"talks": _("The talks")}
        start(folder, _("Another agreement"), "ANOTHER-AGREEMENT", parties, talks)
        paths = [path for path in Path(folder).rglob("*") if path.is_file()]
        names = [f"another-agreement/{path.relative_to(folder).as_posix()}" for path in paths]
        return exports.zipped(dict(zip(names, map(Path.read_bytes, paths), strict=True)))


@checked
def coding_form(book: Book) -> bytes:
    """All clauses with empty columns for a second coder, as a CSV file."""
    columns = {FORM_COLUMN: book.clauses["digest"], "topics": ""}
    form = book.clauses[["clause_id"]].assign(**columns, direction="", clause_type="")
    return form.to_csv(index=False, lineterminator="\n").encode()


@checked
def ready(view: Callable[[Book], View], book: Book) -> View:
    """What a view shows, or in words why there is nothing to show yet.

    Parameters
    ----------
    view : function
        A function of a book that gives a figure or a table.
    book : Book
        The tables.
    """
    try:
        return view(book)
    except (InputError, ValueError) as error:
        wanted = view.__name__.replace("_", " ")
        frame = pd.DataFrame([{_("Wanted"): wanted, _("Missing"): str(error)}])
        return TableView(f"missing-{view.__name__}", _("Nothing to show yet"), frame)


@checked
def problems(book: Book) -> TableView:
    """What the check of the tables complains of, or how many rows are in order.

    Returns
    -------
    TableView
        Columns: Where, Column, Found, What the check says; or one line if all is well.
    """
    found = check(book)
    if found:
        columns = [_("Where"), _("Column"), _("Found"), _("What the check says")]
        rows = [(_where(book, x), x.column, x.found, x.allowed) for x in found]
        caption = plural(
            "The check complains of {n} thing", "The check complains of {n} things", len(rows)
        )
        return TableView("problems", caption, pd.DataFrame(rows, columns=columns))
    rows = sum(len(book.table(name)) for name in book.names)
    counted = pd.DataFrame([{_("Tables"): len(book.names), _("Rows"): rows}])
    return TableView("problems", _("The data are in order"), counted)


def _where(book: Book, problem: Problem) -> str:
    """Place of a fault in words; the line only where the row has no key to find it by."""
    if not problem.key.strip(" /"):
        return _("{file}, line {line}").format(file=problem.file, line=problem.line)
    table = Path(problem.file).stem
    mine = [" / ".join(key) for key in added(book, table)]
    told = _("row {key} of your {table}") if problem.key in mine else _("row {key} of {table}")
    return told.format(key=repr(problem.key), table=table)


@checked
def save_timeline(book: Book, path: str | Path, language: str = "") -> str:
    """Write the chronology as a file for TimelineJS.

    Parameters
    ----------
    book : Book
        The tables.
    path : path
        File to write.
    language : str
        ``en`` or ``ru``; the reader's if empty.

    Returns
    -------
    str
        What was written, in words.

    Raises
    ------
    ValueError
        If there is no event.
    """
    if book.events.empty:
        raise WrongArgument(_("there is no event yet: events.csv has no row"))
    # In the language of the book, if the titles of its events have been translated.
    known = book.language if f"title_{book.language}" in book.events else SOURCE
    content = exports.timelinejs(book, language or known)
    refuse_own_place(Path(path))
    if Path(path).exists() and not _is_timeline(Path(path)):
        raise taken(path, _("one that ends with .json"))
    write_text(Path(path), json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    told = _("{n} events are in {file}.")
    return told.format(n=len(content["events"]), file=Path(path).name)


def _is_timeline(path: Path) -> bool:
    """Whether a file was written by :func:`save_timeline`, so that it may be written anew."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and "events" in content and "resources" not in content


DOWNLOADS = (
    Export(
        "another-agreement.zip",
        "Kit for another agreement",
        "Empty tables, their description and a notebook that shows what you put in.",
        "As in this book: EDTF, checked.",
        kit,
    ),
    Export(
        "second-coder.csv",
        "Form for a second coder",
        "All clauses with empty columns for topics, direction and clause type.",
        "It holds no dates.",
        coding_form,
    ),
)
