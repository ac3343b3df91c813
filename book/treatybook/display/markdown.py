"""Prose of the pages where Sphinx is not: roles as words or links, directives as quotations."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from treatybook.evidence.identifiers import KINDS, Reference, reference
from treatybook.evidence.prose import ROLE, TASK, key_and_title
from treatybook.evidence.tables import BOOK_FOLDER, Book

Link = Callable[[Reference], str]


_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>:{3,}|`{3,})\{(?P<name>[\w-]+)\}[ \t]*(?P<title>.*)$"
)


_LINK = re.compile(r"\]\((?P<page>[a-z-]+)\.md(?P<anchor>#[^)]*)?\)")


def in_words(found: Reference) -> str:
    """What a role says, without a link."""
    return found.text


def to_notebook(found: Reference) -> str:
    """What a role says, linked to the notebook of the page."""
    return f"[{found.text}]({found.page}.ipynb)" if found.page else found.text


def without_roles(text: str, book: Book, link: Link = in_words) -> str:
    """Markdown in which each role has become what it says.

    Parameters
    ----------
    text : str
        MyST Markdown of a page.
    book : Book
        The tables that the roles name.
    link : callable
        Writes what a role says, with or without a link to its page.

    Raises
    ------
    treatybook.evidence.identifiers.UnknownReference
        If the prose names a key that no table has.
    """
    return ROLE.sub(lambda role: _said(role["kind"], role["body"], book, link), text)


def _said(kind: str, body: str, book: Book, link: Link) -> str:
    if kind == "cite":
        keys = [key.strip() for key in body.split(",")]
        return f"({', '.join(link(Reference(key, 'sources')) for key in keys)})"
    key, title = key_and_title(body)
    if kind in KINDS:
        return link(reference(book, kind, key, title))
    page = "glossary" if kind == "term" else key if kind in ("doc", "ref") else ""
    return link(Reference(title or key, page))


def is_notebook(source: Path) -> bool:
    """Whether a page has cells that run."""
    return source.read_text(encoding="utf-8").startswith("---\njupytext:")


@cache
def _ending(page: str) -> str:
    """A page without cells has no sibling and is opened as it is."""
    source = BOOK_FOLDER / f"{page}.md"
    return ".ipynb" if source.is_file() and is_notebook(source) else ".md"


def plain_markdown(text: str, book: Book, link: Link = to_notebook) -> str:
    """Markdown that JupyterLab can show: roles as words, directives as headed quotations."""
    text = without_roles(text, book, link)
    text = _LINK.sub(
        lambda match: f"]({match['page']}{_ending(match['page'])}{match['anchor'] or ''})", text
    )
    text = TASK.sub(lambda match: _plain_task(match, book), text)
    return _plain_directives(text)


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
