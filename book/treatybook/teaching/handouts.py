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
from markupsafe import Markup, escape

from treatybook.display.content import Quiz, TableView, View, text_of
from treatybook.display.elements import element, joined
from treatybook.display.markdown import LINK, in_words, plain_markdown, words_alone
from treatybook.display.rendering import MOST_BUTTONS, answer_html, table_html
from treatybook.evidence import prose
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.bibliography import SIGNS, Source
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, plural, spoken
from treatybook.teaching import quizzes
from treatybook.teaching.lessons import Lesson, Step, all_lessons, forms, item_names, tables
from treatybook.teaching.lessons import shown as shown_in
from treatybook.views import clauses

MINUTES = re.compile(r"^\*(?P<words>\w+ \d[^.*]*)\.", re.MULTILINE)
SENTENCE = re.compile(
    r".+?(?<!vol)(?<!no)(?<!pp)(?<!\b[А-Яа-яЁё])[.](?=\s+[A-ZА-ЯЁ«]|$)", re.DOTALL
)
TAG = re.compile(r"<[^>]+>")
PACE, LOOK = 200, 1  # words in a minute, and the minutes for the tables of the source sheet
FIRST, LAST = 1921, 1925  # years on the sheet of the chronology
BOX = element("span", class_="box", aria_hidden="true")
LINE = element("p", class_="lines", aria_hidden="true")
MARKDOWN = MarkdownIt("commonmark").enable("table")


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
    """All handouts: for each lesson a plan, its sources and its tasks, and what goes with all.

    Parameters
    ----------
    book : Book
        The tables.

    Returns
    -------
    list of Sheet
        Those of the lessons first; empty if the book has no lesson.
    """
    known = all_lessons().values()
    made = [sheet for lesson in known for sheet in of_lesson(book, lesson)]
    return made + overviews(book) + [checklist()] if known else []


def of_lesson(book: Book, lesson: Lesson) -> list[Sheet]:
    """The plan, the sources and the tasks of one lesson."""
    tasks = _tasks(book, lesson)
    return [_plan(book, lesson, tasks), _sources(book, lesson), tasks]


def overviews(book: Book) -> list[Sheet]:
    """The key to all lessons, the chronology and the articles."""
    return [_key(book, [*all_lessons().values()]), chronology(book), articles(book)]


def _plan(book: Book, lesson: Lesson, tasks: Sheet) -> Sheet:
    """All that a teacher needs beside the sheets: minutes, what the class does, the answers."""
    links = [
        element("a", words, href=to) for words, to in forms(lesson).items() if words != _("plan")
    ]
    page = element("a", _("the page that a learner can do alone"), href=f"{lesson.name}.html")
    rows = [
        (number, _when(step.minutes), words_alone(step.in_class, book))
        for number, step in enumerate(lesson.steps, start=1)
    ]
    frame = pd.DataFrame(rows, columns=[_("Task"), _("When"), _("What happens")])
    names = item_names()
    items = [
        _words(book, f"**{names.get(name, name)}.** {text}") for name, text in lesson.items.items()
    ]
    summary = element("summary", _("Expected, and the answers"))
    folded = element("details", summary, items[0], *_answers(book, lesson))
    table = table_html(TableView("plan", _("Step by step"), frame), links=False)
    body = joined([table, folded, *items[1:]])
    # Hard words are looked up and not read through.
    read = _words_in(body) + _words_in(tasks.body.partition(_("Hard words"))[0])
    prepare = plural(
        "{n} minute: read this plan and the task sheet, and look at the source sheet.",
        "{n} minutes: read this plan and the task sheet, and look at the source sheet.",
        math.ceil(read / PACE) + LOOK,
    )
    told = {
        _("Time"): lesson.length,
        _("For whom"): lesson.group,
        _("What is learned"): lesson.aims,
        _("Print"): lesson.prints,
        _("Mark with"): lesson.marks,
        _("Prepare"): prepare,
    }
    head = [element("li", element("strong", f"{name}."), " ", text) for name, text in told.items()]
    ways = element("strong", _("Forms.")), " ", joined([page, *links], ", ")
    top = element("ul", *head, element("li", *ways, class_="screen"))
    title = _("{lesson}, plan: {title}").format(lesson=lesson.label, title=lesson.title)
    return Sheet(f"{lesson.name}-plan", title, top + body)


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
    levelled = {_("Evidence"), book.by_key("treaties", "short").get(book.agreement)}
    told = any(levelled & set(view.frame) for view in views)
    parts, printed = [_levels(book)] if told else [], []
    for number, step in enumerate(lesson.steps, start=1):
        if not (step.passages or shown[step.key]):
            continue
        head = _("For task {number}: {title}").format(number=number, title=step.title)
        parts.append(element("h2", head))
        for passage in step.passages:
            parts += [element("h3", passage.heading), _words(book, passage.text)]
        for view in shown[step.key]:
            parts.append(_once(view, printed))
            printed.append((number, view))
    texts = [passage.text for step in lesson.steps for passage in step.passages]
    texts += [step.text for step in lesson.steps]
    parts.append(_named_sources(book, views, texts))
    title = _("{lesson}, sources: {title}").format(lesson=lesson.label, title=lesson.title)
    return Sheet(f"{lesson.name}-sources", title, joined(parts))


def _on_paper(view: View) -> TableView:
    """The table of a view; of a figure without the keys of its sources, which nobody is asked."""
    (table,) = tables([view])
    if table is view:
        return table
    return dataclasses.replace(table, frame=table.frame.drop(columns=_("Sources"), errors="ignore"))


def _once(view: TableView, printed: list[tuple[int, TableView]]) -> Markup:
    """A table, or where the sheet has all of it already."""
    frame = view.frame.map(text_of)
    for number, other in printed:
        if set(frame) <= set(other.frame):
            known = set(other.frame[[*frame]].map(text_of).itertuples(index=False, name=None))
            if set(frame.itertuples(index=False, name=None)) <= known:
                rows = frame.iloc[:, 0] if len(frame) < len(other.frame) else frame.columns
                told = escape(_("Look again at {table} (for task {number}): {rows}."))
                caption = element("em", other.caption)
                return element("p", told.format(table=caption, number=number, rows=", ".join(rows)))
    return _plain(view)


def _levels(book: Book) -> Markup:
    """What the words for the levels of evidence mean, and what an empty field is."""
    labels = joined((element("em", label) for label in book.labels("evidence").values()), ", ")
    note = escape(
        _(
            "How far a line was checked, from the best to the weakest: {levels}. With the last two, "
            "nobody who made this sheet has read it there. {nothing} and {unseen} speak of what was "
            "read, and not all of the agreement of 1921 was."
        )
    )
    nothing, unseen = _("nothing under this topic"), book.labels("answer")["not-seen"]
    empty = {
        "nothing": element("em", nothing[:1].upper() + nothing[1:]),
        "unseen": element("em", unseen),
    }
    return element("p", note.format(levels=labels, **empty))


def _named_sources(book: Book, views: list[TableView], passages: list[str]) -> Markup | str:
    """What the keys of the sources in the passages and tables stand for."""
    by = _("By")
    told = {text_of(cell) for view in views if by in view.frame for cell in view.frame[by]}
    roles = [role for text in passages for role in prose.roles(text)]
    told |= {name for kind, key in roles if kind == "cite" for name in key.split(",")}
    named = sorted(told & set(book.sources))
    return _listed(
        _("What the sources are"), {key: _source_words(book.sources[key]) for key in named}
    )


def _listed(heading: str, meanings: Mapping[str, object]) -> Markup | str:
    """A heading and a list of words with what they mean; nothing if there is none."""
    items = [
        element("li", element("strong", word), ": ", meaning) for word, meaning in meanings.items()
    ]
    return element("h2", heading) + element("ul", *items, class_="listed") if items else ""


def _source_words(source: Source) -> str:
    """One source in a line: who, what, where, when, in which language, and its first caveat."""
    people = _(" and ").join(" ".join(name.last_names) for name in source.authors).translate(SIGNS)
    addon, language = source.addon.translate(SIGNS), _in_language(source.field("language"))
    title = " ".join(filter(None, [source.words("title"), f"[{addon}]" if addon else ""]))
    container = source.words("journal", "booktitle", "howpublished")
    parts = [people, title, container, source.year, language]
    caveat = SENTENCE.match(source.words("note"))
    return ", ".join(filter(None, parts)) + (f". {caveat[0]}" if caveat else ".")


def _in_language(code: str) -> str:
    """Of a source that is not in the reader's language the sheet says so: "in Chinese"."""
    name = {**Locale(spoken()).languages, "bua": _("Buryat")}.get(code, "")
    return _("in {language}").format(language=name) if name and code != spoken() else ""


def _tasks(book: Book, lesson: Lesson) -> Sheet:
    head = _("Name: {line} \xa0 Date: {shorter}").format(line="_" * 30, shorter="_" * 14)
    parts = [element("p", head), _words(book, lesson.question)]
    sheet = element("p", _("with the source sheet"), class_="given")
    views = shown_in(book, lesson)
    for number, step in enumerate(lesson.steps, start=1):
        given = sheet if step.passages or step.cells else ""
        head = element("div", element("h2", f"{number}. {step.title}"), given, class_="task")
        said = _words(book, f"{step.text}\n\n{step.task}")
        room = _to_fill(step, views[step.key])
        lines = [element("p", label, class_="lines") for label in step.lines]
        asked = _asked(list(_numbered(book, number, step)))
        parts.append(element("section", head, said, room, *lines, asked))
    link = element("a", _("the same lesson to do on the screen"), href=f"{lesson.name}.html")
    parts += [element("p", link, class_="screen"), _hard_words(book, lesson)]
    title = _("{lesson}, tasks: {title}").format(lesson=lesson.label, title=lesson.title)
    return Sheet(f"{lesson.name}-tasks", title, joined(parts))


def _to_fill(step: Step, views: list[View]) -> Markup | str:
    """The first table of a step with its first column alone, and empty ones to fill in."""
    if not step.copied:
        return ""
    frame = tables(views)[0].frame.iloc[:, :1].map(text_of)
    frame = frame.assign(**dict.fromkeys(step.copied, ""))
    view = TableView(f"{step.key}-fill", _("To fill in"), frame)
    return element("div", _plain(view), class_="fill")


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
    head = element("tr", element("th", _("Task"), scope="col"), *heads)
    title = element("caption", _("Tick one in each row"))
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


def _when(when: str) -> str:
    """``0–10`` as minutes; the sessions of a project by their name."""
    if when.isdecimal():
        return _("Session {number}").format(number=when)
    return _("{minutes} min").format(minutes=when) if when[0].isdecimal() else when.capitalize()


def _hard_words(book: Book, lesson: Lesson) -> Markup | str:
    """The words that a lesson links to the glossary, with their meaning."""
    texts = [lesson.question, *(part for step in lesson.steps for part in (step.text, step.task))]
    linked = {key for text in texts for kind, key in prose.roles(text) if kind == "term"}
    meanings = prose.words().items()
    found = {word: _inline(book, meaning) for word, meaning in meanings if word in linked}
    return element("section", _listed(_("Hard words"), found), class_="words") if found else ""


def _key(book: Book, known: list[Lesson]) -> Sheet:
    parts = []
    for lesson in known:
        parts += [element("h2", f"{lesson.label}: {lesson.title}", id=lesson.name)]
        names = item_names()
        for name in ("Expected", "If somebody asks", "Common mistakes"):
            parts.append(_words(book, f"**{names[name]}.** {lesson.items[name]}"))
        for number, step in enumerate(lesson.steps, start=1):
            answers = []
            for name, quiz in _numbered(book, number, step):
                answers += [element("p", _prompt(name, quiz)), answer_html(quiz)]
            if step.model:
                marks = element("ul", *(element("li", text) for text in step.criteria))
                answers += [_words(book, step.model), element("p", _("A good answer:")), marks]
            head = element("h3", f"{number}. {step.title}")
            parts.append(element("section", head, *answers))
    return Sheet("answer-key", _("Answer key to all task sheets"), joined(parts))


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
        for date, title in zip(told["date"], told["title"], strict=True)
    ]
    note = _(
        "{events} of {first} to {last} that a named source states. {weak} with weaker evidence or "
        "low confidence are left out."
    ).format(
        events=plural("{n} event", "{n} events", len(told)),
        weak=weak.sum(),
        first=FIRST,
        last=LAST,
    )
    body = element("p", note) + element("div", *rows, class_="columns")
    title = _("Chronology, {first} to {last}").format(first=FIRST, last=LAST)
    return Sheet("chronology", title, body, small=True)


def articles(book: Book) -> Sheet:
    """The agreement article by article, in our own words with the level, on one sheet."""
    rows = clauses.coded(book)
    names = map(clauses.short_name, rows["article"], rows["paragraph"])
    labels = book.labels("evidence")
    levels = rows["evidence"].map(labels)
    columns = [_("Article"), _("What it says, in our own words"), _("How far checked")]
    frame = pd.DataFrame(zip(names, rows["digest"], levels, strict=True), columns=columns)
    table = _plain(TableView("articles", _("The agreement of 1921"), frame))
    note = escape(
        _(
            "Only what is marked {text} was read in the agreement itself; the rest comes from what "
            "others report. What is marked {topic} or {unverified} must not be quoted."
        )
    )
    note = note.format(**{level: element("em", words) for level, words in labels.items()})
    title = _("The agreement article by article")
    return Sheet("articles", title, element("p", note) + table, small=True)


def checklist() -> Sheet:
    """Every page of the book with its minutes and a box to tick."""
    items = []
    for page, text in prose.texts().items():
        if "{task}" in text:
            minutes = MINUTES.search(text)
            told = f" ({minutes['words'].lower()})" if minutes else ""
            items.append(element("li", BOX, BOX, f" {prose.title(text, page)}{told}"))
    note = _(
        "Tick the first box when you have read a page, the second when you have done its tasks."
    )
    body = element("p", note) + element("ul", *items, class_="boxes")
    return Sheet("checklist", _("How far am I?"), body)


def page_html(sheet: Sheet, title: str) -> str:
    """A whole HTML page of a sheet; its style lies beside the other static files."""
    about = _("{title}: a sheet to print.").format(title=sheet.title)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{sheet.title} — {title}"),
        element("meta", name="description", content=about),
        element("link", rel="stylesheet", href="../_static/handouts/handouts.css"),
        element("link", rel="icon", href="../_static/favicon.svg"),
    )
    back = element("a", _("for teachers"), href="teach.html")
    parts = (element("p", f"{title} ", back, class_="from"), element("h1", sheet.title), sheet.body)
    main = element("main", *parts, class_="small" if sheet.small else "")
    document = element("html", head, element("body", main), lang=spoken())
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
