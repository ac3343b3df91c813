"""Notebook siblings: from ``book/NAME.md`` to ``book/NAME.ipynb`` for JupyterLab.

``python -m treatybook.notebooks`` writes them; Binder's ``postBuild`` and ``make`` call it.
Roles and directives that only Sphinx understands become plain Markdown on the way.
"""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import nbformat

from treatybook import refer
from treatybook.pages import EXPLICIT, ROLE, TASK
from treatybook.tables import BOOK_FOLDER, Book, read

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>:{3,}|`{3,})\{(?P<name>[\w-]+)\}[ \t]*(?P<title>.*)$"
)
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
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, book)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.metadata.pop("jupytext", None)
    return notebook


def plain_markdown(text: str, book: Book) -> str:
    """Markdown that JupyterLab can show: roles as words, directives as headed quotations."""
    text = ROLE.sub(lambda match: _words(match["kind"], match["body"], book), text)
    text = _LINK.sub(lambda match: f"]({match['page']}.ipynb{match['anchor'] or ''})", text)
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
        return ", ".join(f"[{name.strip()}](sources.ipynb)" for name in body.split(","))
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


def main() -> int:
    """Write the sibling of every notebook page of the book."""
    book = read()
    for source in sorted(BOOK_FOLDER.glob("*.md")):
        if source.read_text(encoding="utf-8").startswith("---\njupytext:"):
            nbformat.write(convert(source, book), source.with_suffix(".ipynb"))
            print(f"wrote {source.with_suffix('.ipynb').name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
