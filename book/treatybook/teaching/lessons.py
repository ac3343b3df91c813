"""The lessons, as the teacher's page has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from treatybook.evidence import prose

TITLE = re.compile(r"(?P<title>.+?) \((?P<length>[^()]+)\)")
ITEM = re.compile(r"\*\*(?P<name>[^*]+?)\.\*\* (?P<text>.+)", re.DOTALL)


@dataclass(frozen=True)
class Lesson:
    """A lesson as the teacher's page has it.

    Attributes
    ----------
    name : str
        Its anchor.
    title, length : str
        Its heading and how long it takes.
    items : dict of str to str
        What stands behind each label, such as ``Question`` or ``Expected``, in Markdown.
    steps : tuple of (str, str)
        When something happens, and what, in Markdown.
    """

    name: str
    title: str
    length: str
    items: dict[str, str]
    steps: tuple[tuple[str, str], ...]


def all_lessons() -> dict[str, Lesson]:
    """The lessons of the teacher's page, by their anchor; none if there is no such page."""
    text, found = prose.text_of_page("teach"), {}
    lines = text.split("\n")
    for words, begin, end in prose.parts(text, deepest=2):
        # The anchor stands above the heading, which is one line.
        named, told = re.fullmatch(r"\((.+)\)=", lines[begin - 2]), TITLE.fullmatch(words)
        if named and told:
            items = _parts("\n".join(lines[begin:end]))
            found[named[1]] = Lesson(named[1], told["title"], told["length"], *items)
    return found


def _parts(text: str) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Items and steps of a lesson; the first row of its table is the head."""
    tokens = prose.tokens(text)
    inline = [(tokens[n - 1].type, token) for n, token in enumerate(tokens) if token.children]
    items = [ITEM.match(token.content) for kind, token in inline if kind == "paragraph_open"]
    cells = [token.content for kind, token in inline if kind == "td_open"]
    return (
        {item["name"]: item["text"] for item in items if item},
        tuple(zip(cells[::2], cells[1::2], strict=True)),
    )


def cases_of(lesson: Lesson) -> list[str]:
    """The cases that the text of a lesson names, in its order."""
    roles = prose.roles("\n\n".join(lesson.items.values()))
    return list(dict.fromkeys(key for kind, key in roles if kind == "case"))
