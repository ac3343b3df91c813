"""The whole book as one document for paper, put together from the built pages.

One document, and not one for each page, so that links between chapters lead to places of
the same file, and the browser itself writes outline, tags and page numbers.

Hints and answers go to an appendix: a reader of the book finds them, and whoever copies the
tasks of a chapter for a class does not hand them out. Folded code is left out: it stands in
the notebooks, where it can be run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
ON_SCREEN_ONLY = ".headerlink, .tb-buttons, .tb-player, .sd-summary-state-marker, .copybtn"
ANSWERS = "hints-and-answers"


@dataclass(frozen=True)
class Front:
    """What the title page says."""

    title: str
    subtitle: str
    lines: tuple[str, ...]


def parts(toc: dict) -> list[tuple[str, list[str]]]:
    """Captions of the parts and the chapters in each, the first page under an empty caption."""
    found = [("", [toc["root"]])]
    found += [
        (part.get("caption", ""), [chapter["file"] for chapter in part["chapters"]])
        for part in toc.get("parts", [])
    ]
    return found


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
    chapters = {
        _stem(file): Chapter(_stem(file), pages[file]) for _, files in parts(toc) for file in files
    }
    known = {name: chapter.ids for name, chapter in chapters.items()}
    lines, body, answers = [], [], []
    for caption, files in parts(toc):
        names = [_stem(file) for file in files]
        if caption:
            anchor = f"part--{names[0]}"
            body.append(f'<h1 class="tb-part" id="{anchor}">{escape(caption)}</h1>')
        entries = "".join(f"<li>{_line(name, chapters[name].title)}</li>" for name in names)
        head = _line(anchor, caption) if caption else ""
        lines.append(f'<li class="tb-part-line">{head}<ol>{entries}</ol></li>')
        for name in names:
            chapters[name].rename(known)
            answers.append(chapters[name].take_answers())
            body.append(chapters[name].article(deeper=1 if caption else 0))
    if any(answers):
        lines.append(f'<li class="tb-part-line">{_line(ANSWERS, "Hints and answers")}</li>')
        body.append(
            f'<section class="tb-appendix"><h1 id="{ANSWERS}">Hints and answers</h1>'
            f"{''.join(answers)}</section>"
        )
    head = "".join(_shared_head(pages[toc["root"]], pages.values()))
    said = "".join(f"<p>{escape(line)}</p>" for line in front.lines)
    return (
        '<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light">'
        f'<head><meta charset="utf-8"><title>{escape(front.title)}</title>{head}</head>'
        '<body class="tb-whole"><main class="bd-main"><div class="bd-content">'
        f'<section class="tb-title-page"><p class="tb-title">{escape(front.title)}</p>'
        f'<p class="tb-subtitle">{escape(front.subtitle)}</p>{said}</section>'
        f'<nav class="tb-contents"><h1>Contents</h1><ol>{"".join(lines)}</ol></nav>'
        f"{''.join(body)}</div></main></body></html>"
    )


class Chapter:
    """One built page on its way into the book."""

    def __init__(self, name: str, html: str) -> None:
        soup = BeautifulSoup(html, "html.parser")
        self.name = name
        self.soup = soup
        self.root: Tag = soup.select_one("article.bd-article")
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

    def take_answers(self) -> str:
        """Move hints and answers out of the chapter; give them as a part of the appendix."""
        taken = []
        tasks = self.root.select(".tb-task")
        for item in self.root.select(".tb-quiz, .tb-task"):
            folds = item.find_all("details")
            if not folds:
                continue
            label = f"Task {tasks.index(item) + 1}" if item in tasks else "Question"
            said = item.select_one("legend, .tb-task-head strong").get_text().strip()
            texts = "".join(self._answer(fold) for fold in folds)
            anchor = f"answer--{item['id']}"
            taken.append(
                f'<div class="tb-answer" id="{anchor}"><p><strong>'
                f'<a href="#{item["id"]}">{label}</a>.</strong> {escape(said)}</p>'
                f"{texts}</div>"
            )
            pointer = (
                f'<p class="tb-to-answer"><a href="#{anchor}">Hint and answer: page '
                f'<span data-page-of="{anchor}">000</span></a></p>'
            )
            folds[0].insert_before(BeautifulSoup(pointer, "html.parser"))
            for fold in folds:
                fold.extract()
        head = f'<h2 id="answers--{self.name}">{escape(self.title)}</h2>'
        return head + "".join(taken) if taken else ""

    def _answer(self, fold: Tag) -> str:
        kind = fold.summary.get_text().strip()
        fold.summary.extract()
        text = fold.select_one(".sd-card-body") or fold
        return f"<div><p><em>{escape(kind)}</em></p>{text.decode_contents()}</div>"

    def article(self, deeper: int) -> str:
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
        return str(self.root)

    def _redirect(self, link: Tag, known: dict[str, set[str]]) -> None:
        """Lead a link to its place in the book, or take away one that leads to another file."""
        target = urlsplit(link["href"])
        if target.scheme in ("http", "https", "mailto"):
            return
        name = _stem(target.path) if target.path else self.name
        anchor = unquote(target.fragment)
        if target.path.startswith("../") or name not in known:
            del link["href"]
        elif anchor in known[name]:
            link["href"] = f"#{name}--{anchor}"
        else:
            link["href"] = f"#{name}"


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".html")


def _line(anchor: str, words: str) -> str:
    """A line of the table of contents."""
    return (
        f'<a href="#{anchor}"><span>{escape(words)}</span>'
        f'<span data-page-of="{anchor}">000</span></a>'
    )


def _shared_head(first: str, pages) -> list[str]:
    """Styles and scripts of the pages that matter on paper."""
    soup = BeautifulSoup(first, "html.parser")
    tags = [str(link) for link in soup.select('link[rel="stylesheet"]')]
    tags += [
        str(script)
        for script in soup.select("script[src]")
        if "treatybook.js" in script["src"] or "printing.js" in script["src"]
    ]
    for page in pages:
        library = BeautifulSoup(page, "html.parser").select_one('meta[name="tb-library"]')
        if library:
            return [*tags, str(library)]
    return tags


def description(page: str) -> dict:
    """What a page of the site says about the data, for search engines; empty if nothing."""
    found = BeautifulSoup(page, "html.parser").select_one('script[type="application/ld+json"]')
    return json.loads(found.string) if found else {}
