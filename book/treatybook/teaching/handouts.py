"""Handouts: print-ready sheets made from the tables and from the teacher's page.

Nothing is typed here that a page or a table already holds: lessons, tasks and questions are
read from the pages, and the tables are the same views that the pages show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

import pandas as pd
from markdown_it import MarkdownIt
from pybtex.database import Entry

from treatybook.display.content import TableView, text_of
from treatybook.display.markdown import in_words, plain_markdown
from treatybook.display.output import table_html
from treatybook.evidence import prose
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.prose import Lesson
from treatybook.evidence.tables import Book
from treatybook.teaching import quizzes
from treatybook.teaching.papers import PAPERS, Form
from treatybook.views import clauses

FOLD = re.compile(r"```\{dropdown\} (?P<name>Hint|Model answer)\n(?P<text>.+?)```\n?", re.DOTALL)
LINK = re.compile(r"\[(?P<words>[^\]]*)\]\([^)]*\)")
MINUTES = re.compile(r"\*(?P<words>About [^.*]+)\.")
CITED = re.compile(r"\{cite\}`(?P<keys>[^`]+)`")
# Of a source that is not in English the sheet says so.
LANGUAGES = {
    "bua": "in Buryat",
    "de": "in German",
    "fa": "in Persian",
    "fr": "in French",
    "hu": "in Hungarian",
    "it": "in Italian",
    "ja": "in Japanese",
    "mn": "in Mongolian",
    "ru": "in Russian",
    "tr": "in Turkish",
    "vi": "in Vietnamese",
    "zh": "in Chinese",
}
SENTENCE = re.compile(r".+?(?<!vol)(?<!no)(?<!pp)[.](?=\s+[A-Z]|$)", re.DOTALL)
TEX = str.maketrans("", "", "{}\\")  # signs by which BibTeX marks letters
LEVEL = "Evidence"
LEVEL_NOTE = (
    "How far each line was checked is said in these words, from the best to the weakest: {labels}. "
    "The last two mean that nobody who made this sheet has read it there. "
    "<em>Nothing under this topic</em> and <em>not seen</em> speak of what was read, and not all "
    "of the agreement of 1921 was."
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
    lessons = prose.lessons()
    if not lessons:
        return []
    made = []
    for name, lesson in lessons.items():
        if name in PAPERS:
            made += [_sources(book, lesson), _tasks(book, lesson)]
    return [*made, _key(book, lessons), chronology(book), articles(book), checklist(book)]


def _sources(book: Book, lesson: Lesson) -> Sheet:
    """What is read in a lesson: passages of its pages, then its tables."""
    paper = PAPERS[lesson.name]
    passages = [
        f"<h2>{escape(heading)}</h2>{_words(book, prose.passage(page, heading))}"
        for page, heading in paper.passages
    ]
    views = paper.tables(book, lesson)
    body = "".join([*passages, *map(_plain, views)])
    if any(LEVEL in view.frame or "Mongolia 1921" in view.frame for view in views):
        body = _levels(book) + body
    body += _named_sources(book, views, paper.passages)
    return Sheet(f"{lesson.name}-sources", f"Sources: {lesson.title}", body)


def _levels(book: Book) -> str:
    """What the words for the levels of evidence mean, and what an empty field is."""
    labels = ", ".join(f"<em>{escape(label)}</em>" for label in book.labels("evidence").values())
    return f"<p>{LEVEL_NOTE.format(labels=labels)}</p>"


def _named_sources(book: Book, views: list[TableView], passages: Iterable) -> str:
    """What the keys of the sources in the passages and tables stand for."""
    told = {text_of(cell) for view in views if "By" in view.frame for cell in view.frame["By"]}
    for page, heading in passages:
        for found in CITED.finditer(prose.passage(page, heading)):
            told |= set(found["keys"].split(","))
    entries = book.bibliography.entries
    items = "".join(
        f"<li><strong>{escape(key)}</strong>: {escape(_entry_words(entries[key]))}</li>"
        for key in sorted(told & set(entries))
    )
    return f"<h2>What the sources are</h2><ul>{items}</ul>" if items else ""


def _entry_words(entry: Entry) -> str:
    """One source in a line: who, what, where, when, in which language, and its first caveat."""
    get = entry.fields.get
    people = " and ".join(" ".join(p.last_names) for p in entry.persons.get("author", []))
    titles = [get("title", ""), f"[{get('titleaddon')}]" if get("titleaddon") else ""]
    container = get("booktitle") or get("journal") or get("howpublished") or ""
    year = f"{get('year')}?" if get("yearcheck") else get("year", "")
    language = LANGUAGES.get(get("language", ""), "")
    parts = [people, " ".join(filter(None, titles)), container, year, language]
    caveat = SENTENCE.match(get("note", ""))
    words = ", ".join(filter(None, parts)) + (f". {caveat[0]}" if caveat else ".")
    return words.translate(TEX)


@dataclass(frozen=True)
class Asked:
    """A question or a task with its number, as the task sheet asks and the key answers it."""

    number: int
    title: str
    question: str
    answer: str
    lines: int


def _asked(book: Book, lesson: Lesson) -> list[Asked]:
    """All questions and tasks of a lesson, in the order of its sheet."""
    return [
        Asked(number, *parts)
        for number, parts in enumerate([*_closed(book, lesson), *_open(book, lesson)], start=1)
    ]


def _closed(book: Book, lesson: Lesson) -> Iterator[tuple[str, str, str, int]]:
    """Questions that check themselves on the page."""
    rows = book.quizzes.set_index("quiz_id", drop=False)
    for name in PAPERS[lesson.name].quizzes:
        quiz = quizzes.question(book, rows.loc[name].to_dict())
        items = "".join(f"<li>{BOX} {escape(option)}</li>" for option in quiz.options)
        question = f"<p>{escape(quiz.prompt)}</p>"
        question += f"<ul class='boxes'>{items}</ul>" if items else ""
        answer = f"<p><strong>{escape(quiz.answer)}</strong>. {escape(quiz.why)}</p>"
        yield quiz.kind, question, answer, 0 if items else 1


def _open(book: Book, lesson: Lesson) -> Iterator[tuple[str, str, str, int]]:
    """Open tasks: each question in them gets its share of lines."""
    found = prose.tasks().set_index("name")
    kinds = book.labels("exercise_kind")
    for name in PAPERS[lesson.name].tasks:
        task = found.loc[name]
        folds = {fold["name"]: fold["text"] for fold in FOLD.finditer(task["text"])}
        text = FOLD.sub("", task["text"])
        title = f"{kinds[task['kind']]}: {task['aim']}"
        lines = 3 + 2 * text.count("?")
        yield title, _words(book, text), _words(book, folds["Model answer"]), lines


def _tasks(book: Book, lesson: Lesson) -> Sheet:
    parts = [
        "<p>Name: ______________________________ &nbsp; Date: ______________</p>",
        f"<h2>Question</h2>{_words(book, lesson.items['Question'])}",
        "<h2>What we do</h2><ul>",
        *(
            f"<li><em>{escape(_when(when, lesson))}:</em> {_inline(book, what)}</li>"
            for when, what in lesson.steps
        ),
        "</ul>",
    ]
    for asked in _asked(book, lesson):
        parts.append(f"<section><h2>{asked.number}. {escape(asked.title)}</h2>")
        parts.append(f"{asked.question}{LINE * asked.lines}</section>")
    if form := PAPERS[lesson.name].form:
        parts.append(_form(book, form))
    body = "".join(parts)
    return Sheet(f"{lesson.name}-tasks", f"Tasks: {lesson.title}", body + _hard_words(book, body))


def _when(when: str, lesson: Lesson) -> str:
    """``0–10`` as minutes; the sessions of a project by their name."""
    if "session" in lesson.length:
        return f"Session {when}" if when[0].isdecimal() else when.capitalize()
    return f"{when} min"


def _form(book: Book, form: Form) -> str:
    """A table to be filled in by hand, with an example where there is one."""
    head = "".join(f"<th scope='col'>{escape(column)}</th>" for column in form.columns)
    example = "".join(f"<td><em>{escape(cell)}</em></td>" for cell in form.example(book))
    rows = f"<tr>{'<td></td>' * len(form.columns)}</tr>" * form.rows
    first = f"<tr>{example}</tr>" if example else ""
    return (
        f"<section><h2>{escape(form.title)}</h2><div class='tb-table' role='region' tabindex='0'"
        f" aria-label='{escape(form.title, quote=True)}'><table class='form'>"
        f"<thead><tr>{head}</tr></thead><tbody>{first}{rows}</tbody></table></div></section>"
    )


def _hard_words(book: Book, html: str) -> str:
    """Words of the glossary that stand in a piece of HTML, with their meaning."""
    items = "".join(
        f"<li><strong>{escape(word)}</strong>: {_inline(book, meaning)}</li>"
        for word, meaning in prose.words().items()
        if re.search(rf"\b{re.escape(word)}", html)
    )
    return f"<section><h2>Hard words</h2><ul>{items}</ul></section>" if items else ""


def _key(book: Book, lessons: dict[str, Lesson]) -> Sheet:
    parts = []
    for name, lesson in lessons.items():
        if name not in PAPERS:
            continue
        parts.append(f"<h2>{escape(lesson.title)}</h2>")
        for label in KEY_ITEMS:
            if label in lesson.items:
                text = _inline(book, lesson.items[label])
                parts.append(f"<p><strong>{escape(label)}.</strong> {text}</p>")
        for asked in _asked(book, lesson):
            parts.append(
                f"<section><h3>{asked.number}. {escape(asked.title)}</h3>{asked.answer}</section>"
            )
        parts += map(_plain, PAPERS[name].answers(book))
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
    for text in prose.texts().values():
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
LINE = "<p class='lines' aria-hidden='true'></p>"
# What the plan of a lesson says to the teacher about answers.
KEY_ITEMS = ("Expected", "If somebody asks", "Common mistakes")
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def _markdown(book: Book, text: str) -> str:
    """Markdown of a page with its roles as words and its links as their words."""
    return LINK.sub(lambda found: found["words"], plain_markdown(text, book, in_words))


def _words(book: Book, text: str) -> str:
    return _MARKDOWN.render(_markdown(book, text))


def _inline(book: Book, text: str) -> str:
    return _MARKDOWN.renderInline(_markdown(book, text))


def _plain(view: TableView) -> str:
    """A table without search, filters and links, which paper cannot use."""
    return table_html(TableView(view.name, view.caption, view.frame), links=False)
