"""Prose of the pages where Sphinx is not: roles as words or links, directives as quotations."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from treatybook.evidence.identifiers import KINDS, Reference, reference
from treatybook.evidence.prose import (
    ROLE,
    Directive,
    key_and_title,
    named_passage,
    rewritten,
    texts,
)
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _

Link = Callable[[Reference], str]
LINK = re.compile(r"\[(?P<words>[^\]]*)\]\([^)]*\)")
MARKS = re.compile(r"[*`]")
PAGE_LINK = re.compile(r"\]\((?P<page>[a-z0-9-]+)\.md(?P<anchor>#[^)]*)?\)")


def in_words(found: Reference) -> str:
    """What a role says, without a link."""
    return found.text


def to_notebook(found: Reference) -> str:
    """What a role says, linked to the notebook of the page."""
    return f"[{found.text}]({_file(found.page)})" if found.page else found.text


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
        return f"({', '.join(link(Reference(key.strip(), 'sources')) for key in body.split(','))})"
    key, title = key_and_title(body)
    if kind in KINDS:
        return link(reference(book, kind, key, title))
    page = "glossary" if kind == "term" else key if kind in ("doc", "ref") else ""
    return link(Reference(title or key, page))


def words_alone(text: str, book: Book) -> str:
    """Markdown without marks: roles and links as their words, nothing emphasised."""
    text = LINK.sub(lambda link: link["words"], without_roles(text, book))
    return MARKS.sub("", text)


def is_notebook(source: Path) -> bool:
    """Whether a page has cells that run."""
    return _has_cells(source.read_text(encoding="utf-8"))


def _has_cells(text: str) -> bool:
    return text.startswith("---\njupytext:")


@cache
def notebook_files() -> dict[str, str]:
    """File of each notebook by its page; numbers keep a list of files in the book's order."""
    pages = [page for page, text in texts().items() if _has_cells(text)]
    return {page: f"{number:02}-{page}.ipynb" for number, page in enumerate(pages, start=1)}


def _file(page: str) -> str:
    """The notebook of a page; a page without cells has none and is opened as it is."""
    return notebook_files().get(page) or f"../book/{page}.md"


def relinked(text: str, file: Callable[[str], str]) -> str:
    """Markdown whose links to pages lead to the file that is given for the name of each."""
    return PAGE_LINK.sub(lambda link: f"]({file(link['page'])}{link['anchor'] or ''})", text)


def plain_markdown(text: str, book: Book, link: Link = to_notebook) -> str:
    """Markdown that JupyterLab can show: roles as words, directives as headed quotations."""
    return _plain_directives(relinked(without_roles(text, book, link), _file), book)


def number_cells(cells: Iterable[dict], name: str = "cell") -> None:
    """Give cells of a notebook ids that are the same each time."""
    for number, cell in enumerate(cells):
        cell["id"] = f"{name}-{number}"


def _plain_directives(text: str, book: Book) -> str:
    """Directives as quotations; a dropdown stays folded, so that no answer shows too early."""

    def plain(item: Directive, indent: str) -> list[str]:
        return textwrap.indent("\n".join(_plain(item, book)), indent).split("\n")

    return rewritten(text, plain)


def _plain(item: Directive, book: Book) -> list[str]:
    """The lines that stand for a directive."""
    title, content = item.argument or item.name.capitalize(), item.content.strip("\n").split("\n")
    if item.name in ("bibliography", "raw"):
        return []
    if item.name == "passage":
        heading, text = named_passage(item.argument)[1:]
        text = plain_markdown(text, book)
        return [*(f"> {line}".rstrip() for line in text.split("\n")), ">", f"> *{heading}*"]
    if item.name == "task":
        kind = book.labels("exercise_kind")[item.options["kind"]]
        inner = _plain_directives(item.content.strip("\n"), book).rstrip()
        return [
            f"#### {kind}",
            "",
            f"*{_('Aim: {aim}').format(aim=item.options['aim'])}*",
            "",
            inner,
        ]
    if item.name == "dropdown":
        return [f"<details><summary>{title}</summary>", "", *content, "</details>"]
    return [f"> **{title}**", ">", *(f"> {line}".rstrip() for line in content)]
