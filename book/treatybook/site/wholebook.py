"""The whole book as one document for paper, put together from the built pages.

One document, and not one for each page, so that links between chapters lead to places of
the same file, and the browser itself writes outline, tags and page numbers.

Hints and answers go to an appendix: a reader of the book finds them, and whoever copies the
tasks of a chapter for a class does not hand them out. Folded code is left out: it stands in
the notebooks, where it can be run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from treatybook.display.elements import element, joined
from treatybook.evidence.wording import _, spoken

REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
ON_SCREEN_ONLY = ".headerlink, .tb-way, .tb-languages, .tb-explore, .tb-buttons, .tb-player, .sd-summary-state-marker, .copybtn"


@dataclass(frozen=True)
class Front:
    """What the title page says."""

    title: str
    subtitle: str
    lines: tuple[str, ...]


def parts(toc: dict) -> list[tuple[str, list[str]]]:
    """Captions of the parts and the chapters in each, the first page under an empty caption."""
    named = [
        (part.get("caption", ""), [chapter["file"] for chapter in part["chapters"]])
        for part in toc.get("parts", [])
    ]
    return [("", [toc["root"]]), *named]


def compose(pages: dict[str, str], toc: dict, front: Front) -> str:
    """Put the pages together.

    Parameters
    ----------
    pages : dict of str to str
        HTML of each built page by its name in the table of contents.
    toc : dict
        What ``_toc.yml`` says.
    front : Front
        The title page.

    Returns
    -------
    str
        HTML. Every ``span`` with ``data-page-of`` waits for the number of a page; addresses of
        scripts and styles are those of a page one folder below the root of the site.
    """
    chapters = {_stem(file): Chapter(_stem(file), html) for file, html in pages.items()}
    known = {name: chapter.ids for name, chapter in chapters.items()}
    lines, body, answers = [], [], []
    for caption, files in parts(toc):
        names = [*map(_stem, files)]
        anchor = f"part--{names[0]}"
        if caption:
            body.append(element("h1", caption, class_="tb-part", id=anchor))
        entries = [element("li", _line(name, chapters[name].title)) for name in names]
        head = _line(anchor, caption) if caption else ""
        lines.append(element("li", head, element("ol", *entries), class_="tb-part-line"))
        for name in names:
            chapters[name].rename(known)
            answers.append(chapters[name].take_answers())
            body.append(chapters[name].article(deeper=1 if caption else 0))
    if any(answers):
        anchor, title = "hints-and-answers", _("Hints and answers")
        lines.append(element("li", _line(anchor, title), class_="tb-part-line"))
        appendix = element("h1", title, id=anchor)
        body.append(element("section", appendix, *answers, class_="tb-appendix"))
    shared = _shared_head(chapters[_stem(toc["root"])], chapters.values())
    head = element("head", element("meta", charset="utf-8"), element("title", front.title), *shared)
    told = [
        element("p", front.title, class_="tb-title"),
        element("p", front.subtitle, class_="tb-subtitle"),
        *(element("p", line) for line in front.lines),
    ]
    title_page = element("section", *told, class_="tb-title-page")
    listed = (element("h1", _("Contents")), element("ol", *lines))
    contents = element("nav", *listed, class_="tb-contents")
    inner = element("div", title_page, contents, *body, class_="bd-content")
    whole = element("body", element("main", inner, class_="bd-main"), class_="tb-whole")
    light = {"data-theme": "light", "data-mode": "light"}
    return f"<!DOCTYPE html>{element('html', head, whole, lang=spoken(), **light)}"


class Chapter:
    """One built page on its way into the book."""

    def __init__(self, name: str, html: str) -> None:
        self.name = name
        # Parts of a drawing name each other by their ids, which all get the name of the page.
        self.soup = BeautifulSoup(html.replace("url(#", f"url(#{name}--"), "html.parser")
        self.root: Tag = self.soup.select_one("article.bd-article")
        for tag in self.root.select(ON_SCREEN_ONLY):
            tag.decompose()
        self.title = " ".join(self.root.select_one("h1").get_text().split())
        self.ids = {tag["id"] for tag in self.root.select("[id]")}

    def rename(self, known: dict[str, set[str]]) -> None:
        """Give ids and links the names that they have in the book."""
        for link in self.root.select("a[href]"):
            self._redirect(link, known)
        for tag in self.root.select("[id]"):
            tag["id"] = f"{self.name}--{tag['id']}"
        for name in REFERRING:
            for tag in self.root.select(f"[{name}]"):
                tag[name] = " ".join(f"{self.name}--{word}" for word in tag[name].split())
        self.root["id"] = self.name

    def take_answers(self) -> Markup | str:
        """Move hints and answers out of the chapter; give them as a part of the appendix."""
        taken = []
        tasks = self.root.select(".tb-task")
        for item in self.root.select(":is(.tb-quiz, .tb-task):has(details)"):
            folds = item.find_all("details")
            label = _("Question")
            if item in tasks:
                label = _("Task {number}").format(number=tasks.index(item) + 1)
            said = item.select_one("legend, .tb-task-head strong").get_text().strip()
            anchor = f"answer--{item['id']}"
            back = element("strong", element("a", label, href=f"#{item['id']}"), ".")
            link = element("a", _("Hint and answer: page "), _number(anchor), href=f"#{anchor}")
            pointer = element("p", link, class_="tb-to-answer")
            folds[0].insert_before(BeautifulSoup(pointer, "html.parser"))
            texts = [self._answer(fold.extract()) for fold in folds]
            about = {"class": "tb-answer", "id": anchor}
            taken.append(element("div", element("p", back, f" {said}"), *texts, **about))
        head = element("h2", self.title, id=f"answers--{self.name}")
        return joined([head, *taken]) if taken else ""

    def _answer(self, fold: Tag) -> Markup:
        kind = fold.summary.extract().get_text().strip()
        text = fold.select_one(".sd-card-body") or fold
        return element("div", element("p", element("em", kind)), Markup(text.decode_contents()))

    def article(self, deeper: int) -> Markup:
        """HTML of the chapter: data opened, folded code left out, headings ``deeper`` by one."""
        for fold in self.root.select("details"):
            if {"tb-data", "tb-more"} & set(fold.get("class", [])):
                fold["open"] = ""
            elif fold.find_parent(class_="cell"):
                fold.decompose()
        for table in self.root.select("[data-tools]"):
            del table["data-tools"]
        self.root.select_one("h1")["class"] = "tb-chapter-title"
        for level in range(5, 0, -1) if deeper else ():
            for heading in self.root.find_all(f"h{level}"):
                heading.name = f"h{level + 1}"
        return Markup(self.root)

    def _redirect(self, link: Tag, known: dict[str, set[str]]) -> None:
        """Lead a link to its place in the book, or take away one that leads to another file."""
        target = urlsplit(link["href"])
        if target.scheme in ("http", "https", "mailto"):
            return
        name = _stem(target.path) if target.path else self.name
        anchor = unquote(target.fragment)
        if target.path.startswith("../") or name not in known:
            del link["href"]
        else:
            link["href"] = f"#{name}--{anchor}" if anchor in known[name] else f"#{name}"


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".html")


def _line(anchor: str, words: str) -> Markup:
    """A line of the table of contents."""
    return element("a", element("span", words), _number(anchor), href=f"#{anchor}")


def _number(anchor: str) -> Markup:
    """Place for the number of a page."""
    return element("span", "000", data_page_of=anchor)


def _shared_head(first: Chapter, chapters: Iterable[Chapter]) -> list[Markup]:
    """Styles and scripts of the pages that matter on paper."""
    tags = first.soup.select('link[rel="stylesheet"]')
    tags += first.soup.select('script:is([src*="treatybook.js"], [src*="printing.js"])')
    libraries = (chapter.soup.select_one('meta[name="tb-library"]') for chapter in chapters)
    library = next(filter(None, libraries), None)
    return [Markup(tag) for tag in [*tags, *([library] if library else [])]]


def description(page: str) -> dict:
    """What a page of the site says about the data, for search engines; empty if nothing."""
    found = BeautifulSoup(page, "html.parser").select_one('script[type="application/ld+json"]')
    return json.loads(found.string) if found else {}
