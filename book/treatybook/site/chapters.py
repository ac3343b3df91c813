"""Where a chapter stands in the book: its number, its time, and the way on; the cards of all pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

import yaml
from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from treatybook.display.elements import element
from treatybook.evidence import prose
from treatybook.evidence.tables import BOOK_FOLDER, ROOT
from treatybook.evidence.wording import _, plural
from treatybook.site.wholebook import parts

# "*About 25 minutes. You need no Python.*"
SAID = re.compile(r"^\*\w+ (?P<minutes>\d+) ", re.MULTILINE)
FRONT = re.compile(r"\A---\n.*?^---\n", re.MULTILINE | re.DOTALL)
PACE, STEP = 180, 5  # words that are read in a minute; minutes are rounded up to fives
HOUR = 60
DRAWING = "chapter-{}.svg"
WIDTH, HEIGHT = 320, 200  # of a drawing
CARDS = re.compile(r"^```\{chapters\}\n```$", re.MULTILINE)


@dataclass(frozen=True)
class Chapter:
    """A page of the book and where it stands.

    Attributes
    ----------
    name, title : str
        Of its file, and its heading.
    minutes : int
        How long it takes to read; 0 if the page does not say so and has no number.
    number, of : int
        Its number and how many have one; 0 of a page that has none.
    left : int
        Minutes from its beginning to the end of the last chapter that has a number.
    """

    name: str
    title: str
    minutes: int
    number: int = 0
    of: int = 0
    left: int = 0

    @property
    def place(self) -> str:
        """Its number and its time in words, as ``3 of 13 · 30 minutes``."""
        number = _("{n} of {all}").format(n=self.number, all=self.of) if self.number else ""
        minutes = plural("{n} minute", "{n} minutes", self.minutes) if self.minutes else ""
        return " · ".join(filter(None, [number, minutes]))


def contents(
    toc: dict, texts: Mapping[str, str], numbered: Collection[str]
) -> dict[str, list[Chapter]]:
    """The chapters of each part below its caption, with their numbers.

    Parameters
    ----------
    toc : dict
        What ``_toc.yml`` says.
    texts : mapping of str to str
        Markdown of each page by its name; a page that has none is left out.
    numbered : collection of str
        Captions of the parts whose chapters have numbers.
    """
    listed = {
        caption: [name for name in map(posixpath.basename, files) if name in texts]
        for caption, files in parts(toc)
        if caption
    }
    counted = [name for caption, names in listed.items() if caption in numbered for name in names]
    times = {name: _minutes(texts[name], name in counted) for name in texts}

    def chapter(name: str) -> Chapter:
        about = (name, prose.title(texts[name], name), times[name])
        if name not in counted:
            return Chapter(*about)
        place = counted.index(name)
        return Chapter(
            *about, place + 1, len(counted), sum(times[later] for later in counted[place:])
        )

    return {caption: [chapter(name) for name in names] for caption, names in listed.items()}


def _minutes(text: str, is_counted: bool) -> int:
    """Minutes that a page says it takes; else, of a chapter with a number, those of its words."""
    if said := SAID.search(text):
        return int(said["minutes"])
    bare = prose.running_text(FRONT.sub("", text))
    return STEP * ceil(len(bare.split()) / PACE / STEP) * is_counted


def of_book(numbered: Collection[str]) -> dict[str, list[Chapter]]:
    """The chapters of this book."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return contents(toc, prose.texts(), numbered)


def duration(minutes: int) -> str:
    """A long time in words, no finer than half an hour."""
    hours, half = divmod(ceil(minutes / HOUR * 2), 2)
    if not half:
        return plural("{n} hour", "{n} hours", hours)
    return _("{n}½ hours").format(n=hours) if hours else _("½ hour")


# The way ----------------------------------------------------------------------------------------


def write_way(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Begin a page with its number, its time, and links to the pages before and after it."""
    if doctree is None or not (chapter := _known(app).get(posixpath.basename(pagename))):
        return
    way = way_of(chapter, context.get("prev"), context.get("next"))
    context["body"] = f"{way}\n{context['body']}"


def way_of(chapter: Chapter, before: dict | None, after: dict | None) -> Markup:
    """Where a reader stands, between the links back and on; each has a ``link`` and a ``title``."""
    told = []
    if chapter.place:
        told.append(element("span", chapter.place, class_="tb-place"))
    if chapter.number:
        rest = _("{time} to the end").format(time=duration(chapter.left))
        is_last = chapter.number == chapter.of
        told.append(element("span", _("the last") if is_last else rest, class_="tb-rest"))
    return element(
        "nav",
        _step(before, "‹ ", _("Previous"), ""),
        element("span", *told, class_="tb-here"),
        _step(after, "", _("Next"), " ›"),
        class_="tb-way d-print-none",
        aria_label=_("Chapters before and after"),
    )


def _step(page: dict | None, sign: str, word: str, end: str) -> Markup:
    if not page:
        return element("span")
    # The name of a link begins with the word that is seen on it.
    title = Markup(page["title"]).striptags()
    return element(
        "a", sign, word, end, href=page["link"], aria_label=f"{word}: {title}", title=title
    )


def _known(app: Sphinx) -> dict[str, Chapter]:
    return {one.name: one for part in app.env.tb_chapters.values() for one in part}


def follow(app: Sphinx, env) -> Iterable[str]:
    """Keep what is known of the chapters; if it has changed, every page is written anew."""
    before = getattr(env, "tb_chapters", None)
    env.tb_chapters = of_book(app.config.numbered_parts)
    return sorted(env.found_docs) if before not in (None, env.tb_chapters) else []


# The cards --------------------------------------------------------------------------------------


class chapter_cards(nodes.General, nodes.Element):
    """The place of the cards, which are written last: they name every page."""


class Cards(SphinxDirective):
    """``{chapters}``: a card for every page of the table of contents, part by part."""

    def run(self) -> list[nodes.Node]:
        return [chapter_cards()]


def write_cards(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the cards in their place."""
    for node in list(doctree.findall(chapter_cards)):
        up = "../" * docname.count("/")
        html = Markup().join(shelf(*part, up) for part in app.env.tb_chapters.items())
        node.replace_self(nodes.raw("", html, format="html"))


def shelf(caption: str, chapters: Iterable[Chapter], up: str) -> Markup:
    """The cards of a part below its caption; ``up`` leads from the page to the root."""
    cards = [element("li", _card(chapter, up), class_="tb-chapter") for chapter in chapters]
    return element("h3", caption) + element("ul", *cards, class_="tb-chapters")


def _card(chapter: Chapter, up: str) -> Markup:
    drawing = DRAWING.format(chapter.name)
    # It shows nothing that the title does not say: whoever does not see it misses nothing.
    about = {"src": f"{up}_static/{drawing}", "width": WIDTH, "height": HEIGHT, "loading": "lazy"}
    has_one = (BOOK_FOLDER / "_static" / drawing).is_file()
    return element(
        "a",
        element("img", alt=True, **about) if has_one else "",
        element("span", chapter.title, class_="tb-name"),
        element("span", chapter.place, class_="tb-place") if chapter.place else "",
        href=f"{chapter.name}.html",
    )


def listed(text: str, numbered: Collection[str] = ()) -> str:
    """Markdown with a list of links where a page has cards, for readers of notebooks."""
    if not CARDS.search(text):
        return text
    lines: list[str] = []
    for caption, chapters in of_book(numbered).items():
        links = [f"- [{chapter.title}]({chapter.name}.md)" for chapter in chapters]
        lines += ["", f"### {caption}", "", *links]
    return CARDS.sub(lambda _: "\n".join(lines[1:]), text)
