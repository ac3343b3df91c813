"""Handouts: print-ready sheets made from the tables and from the teacher's page.

Nothing is typed here that a page or a table already holds: lessons, tasks and questions are
read from the pages, and the tables are the same views that the pages show.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_lowercase

import pandas as pd
from babel import Locale
from markdown_it import MarkdownIt
from markupsafe import Markup

from treatybook.display.content import Quiz, TableView, View, text_of
from treatybook.display.elements import element, joined
from treatybook.display.markdown import LINK, in_words, plain_markdown, words_alone
from treatybook.display.rendering import MOST_BUTTONS, answer_html, table_html
from treatybook.evidence import prose
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.bibliography import SIGNS, Source
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _
from treatybook.teaching import quizzes
from treatybook.teaching.lessons import Lesson, Step, all_lessons, forms, item_names, tables
from treatybook.teaching.lessons import shown as shown_in
from treatybook.views import clauses

MINUTES = re.compile(r"\*(?P<words>About [^.*]+)\.")
# Of a source that is not in English the sheet says so.
LANGUAGES = {**Locale("en").languages, "bua": "Buryat", "en": ""}
SENTENCE = re.compile(r".+?(?<!vol)(?<!no)(?<!pp)[.](?=\s+[A-Z]|$)", re.DOTALL)
LEVEL_NOTE = (
    "How far a line was checked, from the best to the weakest: {}. With the last two, nobody who "
    "made this sheet has read it there. {} and {} speak of what was read, and not all of the "
    "agreement of 1921 was."
)
ARTICLES_NOTE = (
    "Only what is marked {} was read in the agreement itself; the rest comes from what others "
    "report. What is marked {} or {} must not be quoted."
)
TAG = re.compile(r"<[^>]+>")
HARD_WORDS = "Hard words"  # are looked up and not read through
PACE, LOOK = 200, 1  # words in a minute, and the minutes for the tables of the source sheet
PREPARE = "{} minutes: read this plan and the task sheet, and look at the source sheet."
FIRST, LAST = 1921, 1925  # years on the sheet of the chronology
BOX = element("span", class_="box", aria_hidden="true")
LINE = element("p", class_="lines", aria_hidden="true")
SOURCE_SHEET = element("p", "with the source sheet", class_="given")
MARKDOWN = MarkdownIt("commonmark").enable("table")
NAME_AND_DATE = "Name: ______________________________ \xa0 Date: ______________"


@dataclass(frozen=True)
class Sheet:
    """One handout.

    Attributes
    ----------
    name : str
        Its file is ``sheet-NAME.html``.
    title : str
        Its heading.
    body : markupsafe.Markup
        What stands below the heading.
    small : bool
        Whether it is set in small type to fit one sheet of paper.
    """

    name: str
    title: str
    body: Markup
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
    known = [*all_lessons().values()]
    made = [sheet for lesson in known for sheet in _of_lesson(book, lesson)]
    overviews = [_key(book, known), chronology(book), articles(book), checklist()]
    return made + overviews if known else []


def _of_lesson(book: Book, lesson: Lesson) -> tuple[Sheet, Sheet, Sheet]:
    tasks = _tasks(book, lesson)
    return _plan(book, lesson, tasks), _sources(book, lesson), tasks


def _plan(book: Book, lesson: Lesson, tasks: Sheet) -> Sheet:
    """All that a teacher needs beside the sheets: minutes, what the class does, the answers."""
    links = [
        element("a", words, href=to) for words, to in forms(lesson).items() if words != _("plan")
    ]
    page = element("a", "the page that a learner can do alone", href=f"{lesson.name}.html")
    rows = [
        (number, _when(step.minutes, lesson), words_alone(step.in_class, book))
        for number, step in enumerate(lesson.steps, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["Task", "When", "What happens"])
    names = item_names()
    items = [
        _words(book, f"**{names.get(name, name)}.** {text}") for name, text in lesson.items.items()
    ]
    summary = element("summary", "Expected, and the answers")
    folded = element("details", summary, items[0], *_answers(book, lesson))
    table = table_html(TableView("plan", "Step by step", frame), links=False)
    body = joined([table, folded, *items[1:]])
    read = _words_in(body) + _words_in(tasks.body.partition(HARD_WORDS)[0])
    told = {
        "Time": lesson.length,
        "For whom": lesson.group,
        "What is learned": lesson.aims,
        "Print": lesson.prints,
        "Mark with": lesson.marks,
        "Prepare": PREPARE.format(math.ceil(read / PACE) + LOOK),
    }
    head = [element("li", element("strong", f"{name}."), " ", text) for name, text in told.items()]
    ways = element("strong", "Forms."), " ", joined([page, *links], ", ")
    top = element("ul", *head, element("li", *ways, class_="screen"))
    return Sheet(f"{lesson.name}-plan", f"{lesson.label}, plan: {lesson.title}", top + body)


def _words_in(html: str) -> int:
    return len(TAG.sub(" ", html).split())


def _answers(book: Book, lesson: Lesson) -> Iterator[Markup]:
    """The answers alone, under the numbers of the task sheet; the key has reasons and models."""
    for number, step in enumerate(lesson.steps, start=1):
        given = [
            element("strong", name) + f" {quiz.answer}"
            for name, quiz in _numbered(book, number, step)
        ]
        if given:
            yield element("p", joined(given, " · "))


def _sources(book: Book, lesson: Lesson) -> Sheet:
    """What is read in a lesson, task by task: passages of the pages, and what the cells show."""
    shown = {key: list(map(_on_paper, views)) for key, views in shown_in(book, lesson).items()}
    views = [view for own in shown.values() for view in own]
    told = any({"Evidence", "Mongolia 1921"} & set(view.frame) for view in views)
    parts, printed = [_levels(book)] if told else [], []
    for number, step in enumerate(lesson.steps, start=1):
        if not (step.passages or shown[step.key]):
            continue
        parts.append(element("h2", f"For task {number}: {step.title}"))
        for passage in step.passages:
            parts += [element("h3", passage.heading), _words(book, passage.text)]
        for view in shown[step.key]:
            parts.append(_once(view, printed))
            printed.append((number, view))
    texts = [passage.text for step in lesson.steps for passage in step.passages]
    texts += [step.text for step in lesson.steps]
    parts.append(_named_sources(book, views, texts))
    return Sheet(
        f"{lesson.name}-sources", f"{lesson.label}, sources: {lesson.title}", joined(parts)
    )


def _on_paper(view: View) -> TableView:
    """The table of a view; of a figure without the keys of its sources, which nobody is asked."""
    (table,) = tables([view])
    if table is view:
        return table
    return dataclasses.replace(table, frame=table.frame.drop(columns="Sources", errors="ignore"))


def _once(view: TableView, printed: list[tuple[int, TableView]]) -> Markup:
    """A table, or where the sheet has all of it already."""
    frame = view.frame.map(text_of)
    for number, other in printed:
        if set(frame) <= set(other.frame):
            known = set(other.frame[[*frame]].map(text_of).itertuples(index=False, name=None))
            if set(frame.itertuples(index=False, name=None)) <= known:
                rows = frame.iloc[:, 0] if len(frame) < len(other.frame) else frame.columns
                told = f" (for task {number}): {', '.join(rows)}."
                return element("p", "Look again at ", element("em", other.caption), told)
    return _plain(view)


def _levels(book: Book) -> Markup:
    """What the words for the levels of evidence mean, and what an empty field is."""
    labels = joined((element("em", label) for label in book.labels("evidence").values()), ", ")
    empty = (element("em", words) for words in ("Nothing under this topic", "not seen"))
    return element("p", Markup(LEVEL_NOTE).format(labels, *empty))


def _named_sources(book: Book, views: list[TableView], passages: list[str]) -> Markup | str:
    """What the keys of the sources in the passages and tables stand for."""
    told = {text_of(cell) for view in views if "By" in view.frame for cell in view.frame["By"]}
    roles = [role for text in passages for role in prose.roles(text)]
    told |= {name for kind, key in roles if kind == "cite" for name in key.split(",")}
    named = sorted(told & set(book.sources))
    return _listed("What the sources are", {key: _source_words(book.sources[key]) for key in named})


def _listed(heading: str, meanings: Mapping[str, object]) -> Markup | str:
    """A heading and a list of words with what they mean; nothing if there is none."""
    items = [
        element("li", element("strong", word), ": ", meaning) for word, meaning in meanings.items()
    ]
    return element("h2", heading) + element("ul", *items, class_="listed") if items else ""


def _source_words(source: Source) -> str:
    """One source in a line: who, what, where, when, in which language, and its first caveat."""
    people = _(" and ").join(" ".join(name.last_names) for name in source.authors).translate(SIGNS)
    addon, language = source.words("titleaddon"), LANGUAGES.get(source.field("language"))
    title = " ".join(filter(None, [source.words("title"), f"[{addon}]" if addon else ""]))
    container = source.words("journal", "booktitle", "howpublished")
    parts = [people, title, container, source.year, f"in {language}" if language else ""]
    caveat = SENTENCE.match(source.words("note"))
    return ", ".join(filter(None, parts)) + (f". {caveat[0]}" if caveat else ".")


def _tasks(book: Book, lesson: Lesson) -> Sheet:
    parts = [element("p", NAME_AND_DATE), _words(book, lesson.question)]
    views = shown_in(book, lesson)
    for number, step in enumerate(lesson.steps, start=1):
        given = SOURCE_SHEET if step.passages or step.cells else ""
        head = element("div", element("h2", f"{number}. {step.title}"), given, class_="task")
        said = _words(book, f"{step.text}\n\n{step.task}")
        room = _to_fill(step, views[step.key])
        lines = [element("p", label, class_="lines") for label in step.lines]
        asked = _asked(list(_numbered(book, number, step)))
        parts.append(element("section", head, said, room, *lines, asked))
    link = element("a", "the same lesson to do on the screen", href=f"{lesson.name}.html")
    parts += [element("p", link, class_="screen"), _hard_words(book, lesson)]
    return Sheet(f"{lesson.name}-tasks", f"{lesson.label}, tasks: {lesson.title}", joined(parts))


def _to_fill(step: Step, views: list[View]) -> Markup | str:
    """The first table of a step with its first column alone, and empty ones to fill in."""
    if not step.copied:
        return ""
    frame = tables(views)[0].frame.iloc[:, :1].map(text_of)
    frame = frame.assign(**dict.fromkeys(step.copied, ""))
    return element("div", _plain(TableView(f"{step.key}-fill", "To fill in", frame)), class_="fill")


def _asked(asked: list[tuple[str, Quiz]]) -> Markup | str:
    """The questions of a step: with the same answers to choose from they share one table."""
    shared = {tuple(quiz.options) for _, quiz in asked}
    if len(asked) == 1 or len(shared) != 1 or not 0 < len(asked[0][1].options) <= MOST_BUTTONS:
        return joined(_question(name, quiz) for name, quiz in asked)
    options = asked[0][1].options
    heads = [element("th", option, scope="col") for option in options]
    rows = [
        element(
            "tr", element("th", _prompt(name, quiz), scope="row"), element("td", BOX) * len(options)
        )
        for name, quiz in asked
    ]
    head = element("tr", element("th", "Task", scope="col"), *heads)
    title = element("caption", "Tick one in each row")
    return element(
        "table", title, element("thead", head), element("tbody", *rows), class_="ask grid"
    )


def _prompt(name: str, quiz: Quiz) -> Markup:
    return element("strong", name) + f" {quiz.prompt}"


def _numbered(book: Book, number: int, step: Step) -> Iterator[tuple[str, Quiz]]:
    """The questions of a step, as ``2a`` and ``2b`` if there are several."""
    for letter, name in zip(ascii_lowercase, step.asks, strict=False):
        yield f"{number}{letter if len(step.asks) > 1 else ''}", quizzes.named(book, name)


def _question(name: str, quiz: Quiz) -> Markup:
    """A question with boxes to tick, or a line to write on."""
    few = 0 < len(quiz.options) <= MOST_BUTTONS
    items = [element("li", BOX, f" {option}") for option in quiz.options]
    boxes = element("ul", *items, class_="boxes") if few else LINE
    return element("div", element("p", _prompt(name, quiz)), boxes, class_="ask")


def _when(when: str, lesson: Lesson) -> str:
    """``0–10`` as minutes; the sessions of a project by their name."""
    if "session" in lesson.length:
        return f"Session {when}" if when[0].isdecimal() else when.capitalize()
    return f"{when} min"


def _hard_words(book: Book, lesson: Lesson) -> Markup | str:
    """The words that a lesson links to the glossary, with their meaning."""
    texts = [lesson.question, *(part for step in lesson.steps for part in (step.text, step.task))]
    linked = {key for text in texts for kind, key in prose.roles(text) if kind == "term"}
    meanings = prose.words().items()
    found = {word: _inline(book, meaning) for word, meaning in meanings if word in linked}
    return element("section", _listed(HARD_WORDS, found), class_="words") if found else ""


def _key(book: Book, known: list[Lesson]) -> Sheet:
    parts = []
    for lesson in known:
        parts += [element("h2", f"{lesson.label}: {lesson.title}", id=lesson.name)]
        for label in ("Expected", "If somebody asks", "Common mistakes"):
            text = _words(book, f"**{label}.** {lesson.items[label]}")
            parts.append(text)
        for number, step in enumerate(lesson.steps, start=1):
            answers = []
            for name, quiz in _numbered(book, number, step):
                answers += [element("p", _prompt(name, quiz)), answer_html(quiz)]
            if step.model:
                marks = element("ul", *(element("li", text) for text in step.criteria))
                answers += [_words(book, step.model), element("p", "A good answer:"), marks]
            head = element("h3", f"{number}. {step.title}")
            parts.append(element("section", head, *answers))
    return Sheet("answer-key", "Answer key to all task sheets", joined(parts))


def chronology(book: Book) -> Sheet:
    """Events of the years around the agreement with their dates, on one sheet of paper.

    Events with weak evidence or low confidence are left out; the sheet says so and how many.
    """
    events = book.events.sort_values("date", kind="stable")
    inside = [d.earliest.year >= FIRST and d.latest.year <= LAST for d in events["date"]]
    weak = events[inside]["evidence"].isin(WEAK_LEVELS)
    weak |= events[inside]["confidence"] == "low"
    told = events[inside][~weak]
    rows = [
        element("p", element("strong", f"{date}."), f" {title}")
        for date, title in zip(told["date"], told["title_en"], strict=True)
    ]
    note = f"{len(told)} events of {FIRST} to {LAST} that a named source states. "
    note += f"{weak.sum()} with weaker evidence or low confidence are left out."
    body = element("p", note) + element("div", *rows, class_="columns")
    return Sheet("chronology", f"Chronology, {FIRST} to {LAST}", body, small=True)


def articles(book: Book) -> Sheet:
    """The agreement article by article, in our own words with the level, on one sheet."""
    rows = clauses.coded(book)
    names = map(clauses.short_name, rows["article"], rows["paragraph"])
    levels = rows["evidence"].map(book.labels("evidence"))
    columns = ["Article", "What it says, in our own words", "How far checked"]
    frame = pd.DataFrame(zip(names, rows["digest_en"], levels, strict=True), columns=columns)
    table = _plain(TableView("articles", "The agreement of 1921", frame))
    marks = [element("em", words) for words in ("text read", "subject only", "not checked")]
    note = Markup(ARTICLES_NOTE).format(*marks)
    title = "The agreement article by article"
    return Sheet("articles", title, element("p", note) + table, small=True)


def checklist() -> Sheet:
    """Every page of the book with its minutes and a box to tick."""
    items = []
    for page, text in prose.texts().items():
        if "{task}" in text:
            minutes = MINUTES.search(text)
            told = f" ({minutes['words'].lower()})" if minutes else ""
            items.append(element("li", BOX, BOX, f" {prose.title(text, page)}{told}"))
    note = "Tick the first box when you have read a page, the second when you have done its tasks."
    body = element("p", note) + element("ul", *items, class_="boxes")
    return Sheet("checklist", "How far am I?", body)


def page_html(sheet: Sheet, title: str) -> str:
    """A whole HTML page of a sheet; its style lies beside the other static files."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{sheet.title} — {title}"),
        element("meta", name="description", content=f"{sheet.title}: a sheet to print."),
        element("link", rel="stylesheet", href="../_static/handouts/handouts.css"),
        element("link", rel="icon", href="../_static/favicon.svg"),
    )
    back = element("a", "for teachers", href="teach.html")
    parts = (element("p", f"{title} ", back, class_="from"), element("h1", sheet.title), sheet.body)
    main = element("main", *parts, class_="small" if sheet.small else "")
    document = element("html", head, element("body", main), lang="en")
    return f"<!DOCTYPE html>\n{document}\n"


def _markdown(book: Book, text: str) -> str:
    """Markdown of a page with its roles as words and its links as their words."""
    return LINK.sub(lambda found: found["words"], plain_markdown(text, book, in_words))


def _words(book: Book, text: str) -> Markup:
    return Markup(MARKDOWN.render(_markdown(book, text)))


def _inline(book: Book, text: str) -> Markup:
    return Markup(MARKDOWN.renderInline(_markdown(book, text)))


def _plain(view: TableView) -> Markup:
    """A table without search, filters and links, which paper cannot use."""
    return table_html(TableView(view.name, view.caption, view.frame), links=False)
