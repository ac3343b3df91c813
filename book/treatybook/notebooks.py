"""Notebook siblings: from ``book/NAME.md`` to ``book/NAME.ipynb`` for JupyterLab.

``python -m treatybook notebooks`` writes them; Binder's ``postBuild`` and ``make`` call it.
Roles and directives that only Sphinx understands become plain Markdown on the way.
"""

from __future__ import annotations

import re
import sys
import textwrap
from functools import cache
from pathlib import Path

import jupytext
import nbformat

from treatybook import quizzes, refer
from treatybook.pages import EXPLICIT, ROLE, TASK
from treatybook.tables import BOOK_FOLDER, Book, read
from treatybook.view import PLACEHOLDER, Quiz

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>:{3,}|`{3,})\{(?P<name>[\w-]+)\}[ \t]*(?P<title>.*)$"
)
_TITLE = re.compile(r"\A\s*# [^\n]+\n")
_QUESTIONS = re.compile(r"^show\(quizzes\.of_page\(book, \"(?P<page>[a-z-]+)\"\)\)$", re.MULTILINE)
PACKAGE = Path(__file__).resolve().parent
_LINE = 88  # characters in a line of a comment
HOW_TO = """\
- **To run a cell:** click it and press `Shift` + `Enter`; begin at the top and go down.
- **`NameError`?** Run the first code cell, or choose *Run* > *Run All Cells* in the menu.
- **Change what you like:** changes stay in this copy only."""
_LINK = re.compile(r"\]\((?P<page>[a-z-]+)\.md(?P<anchor>#[^)]*)?\)")


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


def is_notebook(source: Path) -> bool:
    """Whether a page has cells that run."""
    return source.read_text(encoding="utf-8").startswith("---\njupytext:")


@cache
def _ending(page: str) -> str:
    """A page without cells has no sibling and is opened as it is."""
    source = BOOK_FOLDER / f"{page}.md"
    return ".ipynb" if source.is_file() and is_notebook(source) else ".md"


def plain_markdown(text: str, book: Book) -> str:
    """Markdown that JupyterLab can show: roles as words, directives as headed quotations."""
    text = ROLE.sub(lambda match: _words(match["kind"], match["body"], book), text)
    text = _LINK.sub(
        lambda match: f"]({match['page']}{_ending(match['page'])}{match['anchor'] or ''})", text
    )
    text = TASK.sub(lambda match: _plain_task(match, book), text)
    return _plain_directives(text)


def _words(kind: str, body: str, book: Book) -> str:
    explicit = EXPLICIT.match(body)
    key = explicit["key"] if explicit else body
    if kind in refer.KINDS:
        found = refer.reference(book, kind, key)
        text = explicit["title"] if explicit else found.text
        return f"[{text}]({found.page}.ipynb)" if found.page else text
    if kind == "cite":
        sources = ", ".join(f"[{name.strip()}](sources.ipynb)" for name in body.split(","))
        return f"({sources})"
    if kind == "term":
        return f"[{explicit['title'] if explicit else key}](glossary.ipynb)"
    if kind == "repository":
        return explicit["title"] if explicit else key
    if kind in ("doc", "ref"):
        return f"[{explicit['title'] if explicit else key}]({key}.ipynb)"
    return body


def _plain_task(found: re.Match[str], book: Book) -> str:
    kind = book.labels("exercise_kind")[found["kind"]]
    return f"#### {kind}\n\n*Aim: {found['aim']}*\n{found['text'].rstrip()}"


def _plain_directives(text: str) -> str:
    """Directives as quotations; a dropdown stays folded, so that no answer shows too early."""
    lines: list[str] = []
    fence, mark, closing, options, hidden = "", "", "", False, False
    for line in text.split("\n"):
        opening = None if fence else _FENCE.match(line)
        if opening:
            fence, options = opening["fence"], True
            hidden = opening["name"] in ("bibliography", "raw")
            mark, closing, head = _opening(opening, hidden)
            lines += head
        elif fence and line.strip() == fence:
            fence = ""
            lines += [closing] * bool(closing)
        elif fence:
            options = options and (line.strip().startswith(":") or not line.strip())
            if not options and not hidden:
                lines.append(f"{mark}{line}".rstrip())
        else:
            lines.append(line)
    return "\n".join(lines)


def _opening(found: re.Match[str], hidden: bool) -> tuple[str, str, list[str]]:
    """Line mark, closing line and opening lines of one directive."""
    if hidden:
        return "", "", []
    indent = found["indent"]
    title = found["title"] or found["name"].capitalize()
    if found["name"] == "dropdown":
        head = f"{indent}<details><summary>{title}</summary>"
        return "", f"{indent}</details>", [head, ""]
    return "> ", "", [f"> **{title}**", ">"]


def write() -> list[str]:
    """Write the sibling of every notebook page that has changed, or whose tables have.

    Returns
    -------
    list of str
        What is wrong: pages whose prose names a key that no table has.
    """
    book, faults = read(), []
    stamp = max(book.stamp, *(path.stat().st_mtime_ns for path in PACKAGE.glob("*.py")))
    for source in sorted(filter(is_notebook, BOOK_FOLDER.glob("*.md"))):
        target = source.with_suffix(".ipynb")
        newest = max(stamp, source.stat().st_mtime_ns)
        if target.is_file() and target.stat().st_mtime_ns > newest:
            continue
        try:
            nbformat.write(convert(source, book), target)
        except refer.UnknownReference as error:
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
