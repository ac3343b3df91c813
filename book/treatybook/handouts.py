"""Handouts: print-ready sheets made from the tables and from the teacher's page.

Nothing is typed here that a page or a table already holds: lessons, tasks and questions are
read from the pages, and the tables are the same views that the pages show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

import pandas as pd
from markdown_it import MarkdownIt
from pybtex.database import Entry

from treatybook import (
    audit,
    clauses,
    coding,
    disagreements,
    pages,
    quizzes,
    status,
)
from treatybook.levels import WEAK_LEVELS
from treatybook.notebooks import plain_markdown
from treatybook.pages import Lesson
from treatybook.show import table_html
from treatybook.tables import Book
from treatybook.view import Cell, TableView

FOLD = re.compile(r"```\{dropdown\} (?P<name>Hint|Model answer)\n(?P<text>.+?)```\n?", re.DOTALL)
LINK = re.compile(r"\[(?P<words>[^\]]*)\]\([^)]*\)")
MINUTES = re.compile(r"\*(?P<words>About [^.*]+)\.")
CASES = re.compile(r"\{case\}`(?P<key>[^`]+)`")
TEX = str.maketrans("", "", "{}\\")  # signs by which BibTeX marks letters
LEVEL = "Evidence"
LEVEL_NOTE = (
    "<p>The column <em>Evidence</em> says how far a line was checked. <em>Not checked</em> and "
    "<em>subject only</em> mean that nobody who made this sheet has read it there.</p>"
)
FIRST, LAST = 1921, 1925  # years on the sheet of the chronology


@dataclass(frozen=True)
class Sheet:
    """One handout.

    Attributes
    ----------
    name : str
        Its file is ``sheet-NAME.html``.
    title : str
        Its heading.
    body : str
        HTML below the heading.
    small : bool
        Whether it is set in small type to fit one sheet of paper.
    """

    name: str
    title: str
    body: str
    small: bool = False


def sheets(book: Book) -> list[Sheet]:
    """All handouts: for each lesson its sources and its tasks, a key, and three overviews.

    Parameters
    ----------
    book : Book
        The tables.

    Returns
    -------
    list of Sheet
        Empty if the book has no teacher's page.
    """
    lessons = pages.lessons()
    if not lessons:
        return []
    made = []
    for name, lesson in lessons.items():
        if name in SOURCES:
            made += [_sources(book, lesson), _tasks(book, lesson)]
    return [*made, _key(book, lessons), chronology(book), articles(book), checklist(book)]


def _sources(book: Book, lesson: Lesson) -> Sheet:
    views = SOURCES[lesson.name][1](book, lesson)
    tables = [*map(_plain, views), _named_sources(book, views)]
    levels = any(LEVEL in view.frame for view in views)
    note = LEVEL_NOTE if levels else ""
    return Sheet(f"{lesson.name}-sources", f"Sources: {lesson.title}", note + "".join(tables))


def _named_sources(book: Book, views: list[TableView]) -> str:
    """What the keys of the sources in the tables stand for."""
    told = {str(cell) for view in views if "By" in view.frame for cell in _texts(view.frame["By"])}
    entries = book.bibliography.entries
    items = "".join(
        f"<li><strong>{escape(key)}</strong>: {escape(_entry_words(entries[key]))}</li>"
        for key in sorted(told & set(entries))
    )
    return f"<h2>What the sources are</h2><ul>{items}</ul>" if items else ""


def _texts(cells: Iterable) -> list[str]:
    return [cell.text if isinstance(cell, Cell) else str(cell) for cell in cells]


def _entry_words(entry: Entry) -> str:
    people = " and ".join(" ".join(p.last_names) for p in entry.persons.get("author", []))
    parts = [people, entry.fields.get("title", ""), entry.fields.get("year", "")]
    return ", ".join(part for part in parts if part).translate(TEX)


def _tasks(book: Book, lesson: Lesson) -> Sheet:
    parts = [
        "<p>Name: ______________________________ &nbsp; Date: ______________</p>",
        f"<h2>Question</h2>{_words(book, lesson.items['Question'])}",
        "<h2>Steps</h2><ol>",
        *(f"<li>({escape(when)}) {_inline(book, what)}</li>" for when, what in lesson.steps),
        "</ol>",
    ]
    for quiz in _quizzes(book, lesson):
        parts.append(f"<h2>{escape(quiz.kind)}</h2><p>{escape(quiz.prompt)}</p>")
        items = "".join(f"<li>{BOX} {escape(option)}</li>" for option in quiz.options)
        parts.append(f"<ul class='boxes'>{items}</ul>" if items else LINES)
    for task in _open_tasks(lesson):
        kind = book.labels("exercise_kind")[task["kind"]]
        parts.append(f"<section><h2>{escape(kind)}: {escape(task['aim'])}</h2>")
        parts.append(_words(book, FOLD.sub("", task["text"])) + LINES + "</section>")
    body = "".join(parts)
    return Sheet(f"{lesson.name}-tasks", f"Tasks: {lesson.title}", body + _hard_words(book, body))


def _hard_words(book: Book, html: str) -> str:
    """Words of the glossary that stand in a piece of HTML, with their meaning."""
    items = "".join(
        f"<li><strong>{escape(word)}</strong>: {_inline(book, meaning)}</li>"
        for word, meaning in pages.words().items()
        if re.search(rf"\b{re.escape(word)}", html)
    )
    return f"<section><h2>Hard words</h2><ul>{items}</ul></section>" if items else ""


def _key(book: Book, lessons: dict[str, Lesson]) -> Sheet:
    parts = []
    for name, lesson in lessons.items():
        if name not in SOURCES:
            continue
        parts.append(f"<h2>{escape(lesson.title)}</h2>{_words(book, lesson.items['Expected'])}")
        for quiz in _quizzes(book, lesson):
            answer = f"<strong>{escape(quiz.answer)}</strong>. {escape(quiz.why)}"
            parts.append(f"<p><em>{escape(quiz.prompt)}</em> {answer}</p>")
        for task in _open_tasks(lesson):
            folds = {found["name"]: found["text"] for found in FOLD.finditer(task["text"])}
            parts.append(f"<section><h3>{escape(task['aim'])}</h3>")
            parts.append(_words(book, folds["Model answer"]) + "</section>")
    return Sheet("answer-key", "Answer key to all task sheets", "".join(parts))


def chronology(book: Book) -> Sheet:
    """Events of the years around the agreement with their dates, on one sheet of paper.

    Events with weak evidence are left out; the sheet says so and how many.
    """
    events = book.events.sort_values("date", kind="stable")
    inside = [d.earliest.year >= FIRST and d.latest.year <= LAST for d in events["date"]]
    events = events[inside]
    weak = events["evidence"].isin(WEAK_LEVELS)
    rows = "".join(
        f"<p><strong>{escape(str(row['date']))}.</strong> {escape(row['title_en'])}</p>"
        for row in events[~weak].to_dict("records")
    )
    note = (
        f"<p>{int((~weak).sum())} events of {FIRST} to {LAST} that a named source states. "
        f"{int(weak.sum())} with weaker evidence are left out.</p>"
    )
    title = f"Chronology, {FIRST} to {LAST}"
    return Sheet("chronology", title, f"{note}<div class='columns'>{rows}</div>", small=True)


def articles(book: Book) -> Sheet:
    """The agreement article by article, in our own words with the level, on one sheet."""
    rows = [
        {
            "Article": clauses.short_name(row["article"], row["paragraph"]),
            "What it says, in our own words": row["digest_en"],
            "How far checked": book.labels("evidence")[row["evidence"]],
        }
        for row in clauses.coded(book).to_dict("records")
    ]
    table = _plain(TableView("articles", "The agreement of 1921", pd.DataFrame(rows)))
    note = (
        "<p>Only what is marked <em>text read</em> was read in the agreement itself; the rest "
        "comes from what others report. What is marked <em>subject only</em> or "
        "<em>not checked</em> must not be quoted.</p>"
    )
    return Sheet("articles", "The agreement article by article", note + table, small=True)


def checklist(book: Book) -> Sheet:
    """Every page of the book with its minutes and a box to tick."""
    del book  # the pages say it all
    items = []
    for text in pages.texts().values():
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        minutes = MINUTES.search(text)
        if title and "{task}" in text:
            told = f" ({minutes['words'].lower()})" if minutes else ""
            items.append(f"<li>{BOX}{BOX} {escape(title[1] + told)}</li>")
    note = "<p>Tick the first box when you have read a page, the second when you have done its tasks.</p>"
    body = f"{note}<ul class='boxes'>{''.join(items)}</ul>"
    return Sheet("checklist", "How far am I?", body)


def page_html(sheet: Sheet, title: str) -> str:
    """A whole HTML page of a sheet; its style lies beside the other static files."""
    small = " class='small'" if sheet.small else ""
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(sheet.title)} — {escape(title)}</title>"
        f"<meta name='description' content='{escape(sheet.title)}: a sheet to print.'>"
        "<link rel='stylesheet' href='../_static/handouts/handouts.css'></head>"
        f"<body><main{small}><p class='from'>{escape(title)} "
        "<a href='teach.html'>for teachers</a></p>"
        f"<h1>{escape(sheet.title)}</h1>{sheet.body}</main></body></html>\n"
    )


BOX = "<span class='box' aria-hidden='true'></span>"
LINES = "<p class='lines' aria-hidden='true'></p>" * 4
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def _markdown(book: Book, text: str) -> str:
    """Markdown of a page with its roles as words and its links as their words."""
    return LINK.sub(lambda found: found["words"], plain_markdown(text, book))


def _words(book: Book, text: str) -> str:
    return _MARKDOWN.render(_markdown(book, text))


def _inline(book: Book, text: str) -> str:
    return _MARKDOWN.renderInline(_markdown(book, text))


def _plain(view: TableView) -> str:
    """A table without search, filters and links, which paper cannot use."""
    return table_html(TableView(view.name, view.caption, view.frame), links=False)


def _quizzes(book: Book, lesson: Lesson) -> list:
    names = set(SOURCES[lesson.name][0])
    rows = book.quizzes[book.quizzes["page"].isin(names)].to_dict("records")
    return [quizzes.question(book, row) for row in rows]


def _open_tasks(lesson: Lesson) -> list[dict]:
    """Tasks of the lesson's pages that can be done without a computer."""
    found = pages.tasks()
    found = found[found["page"].isin(SOURCES[lesson.name][0]) & (found["kind"] != "change-it")]
    return [task for task in found.to_dict("records") if "`" not in FOLD.sub("", task["text"])]


def _case_tables(book: Book, lesson: Lesson) -> list[TableView]:
    """Who says what in each case that the lesson names."""
    told = dict.fromkeys(CASES.findall(" ".join(lesson.items.values())))
    questions = dict(zip(book.verdicts["case_id"], book.verdicts["subject"], strict=True))
    columns = ["By", "What is said", "Where", "Evidence"]
    views = {key: disagreements.claims_table(book, key) for key in told}
    return [
        TableView(view.name, f"Case {key}: {questions[key]}", view.frame[columns])
        for key, view in views.items()
    ]


def _tested(book: Book, lesson: Lesson) -> list[TableView]:
    view = audit.tested(book)
    frame = view.frame[["What it is about", "What the account says"]]
    return [TableView(view.name, view.caption, frame), *_case_tables(book, lesson)]


def _silence(book: Book, lesson: Lesson) -> list[TableView]:
    del lesson
    return [clauses.answers_table(book, key) for key in ("troops", "debts", "status-words")]


def _topics(book: Book, lesson: Lesson) -> list[TableView]:
    del lesson
    rows = book.codebook[book.codebook["list"] == "topic"]
    frame = rows[["label_en", "definition"]].set_axis(["Topic", "What it means"], axis="columns")
    task = coding.task(book)
    return [task, TableView("topics", "Topics of the codebook", frame)]


# For each lesson: the pages whose questions and tasks are on its sheet, and its sources.
SOURCES: dict[str, tuple[tuple[str, ...], Callable[[Book, Lesson], list[TableView]]]] = {
    "lesson-1": (("mission",), _case_tables),
    "lesson-2": (("silences",), _silence),
    "lesson-3": (("recognition",), lambda book, _: [status.side_by_side(book)]),
    "lesson-4": (("war", "disagreements"), _tested),
    "lesson-5": (("coding",), _topics),
    "project": (("verification",), lambda book, _: [audit.open_questions(book)]),
}
