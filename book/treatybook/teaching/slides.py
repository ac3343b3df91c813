"""Slides of the lessons: notebooks made in memory from the teacher's page and the other pages.

Every word of a lesson stands once, on the teacher's page. A figure or a table of a deck is named
here as the function that makes it, with its arguments; the cells of the pages that the lesson
names must show the same, or there is no deck. What is added is how much fits on a screen.
"""

from __future__ import annotations

import ast
import dataclasses
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import nbformat
import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from treatybook.display import layouts
from treatybook.display.content import Cell, FigureView, Quiz, TableView, rows_named, text_of
from treatybook.display.elements import element
from treatybook.display.markdown import PAGE_LINK, number_cells, relinked, without_roles
from treatybook.display.rendering import answer_html, figure_html, table_html
from treatybook.evidence import identifiers, prose
from treatybook.evidence.identifiers import Reference
from treatybook.evidence.tables import Book
from treatybook.teaching import quizzes
from treatybook.teaching.lessons import Lesson
from treatybook.views import (
    audit,
    campaign,
    clauses,
    codings,
    days,
    dictionary,
    disagreements,
    intercoder,
    presence,
    status,
)

FOLDER = "slides"
BOOK = "../book/"
CASE = re.compile(r"[DT]-\d\d")


class NotOnThePage(LookupError):
    """A deck asks for something that the pages of its lesson do not show."""


@dataclass(frozen=True)
class Drawn:
    """A figure of a page on a slide.

    Attributes
    ----------
    view : callable
        What makes the figure of the tables.
    arguments : tuple
        What it is called with after the tables.
    height : int
        Height of the drawing in CSS pixels.
    rows : int
        How many rows are shown, from the top; 0 for all.
    adapt : callable or None
        A further change of the drawing.
    """

    view: Callable[..., FigureView]
    arguments: tuple[object, ...] = ()
    height: int = 400
    rows: int = 0
    adapt: Callable[[go.Figure], None] | None = None


@dataclass(frozen=True)
class Listed:
    """A part of a table of a page on a slide.

    Attributes
    ----------
    view : callable
        What makes the table of the tables.
    arguments : tuple
        What it is called with after the tables.
    columns : tuple of str
        Columns that are shown.
    rows : tuple of str
        Rows that are shown, by the text of the first column; all if empty.
    first : int
        Or how many rows are shown, from the top; 0 for all.
    cases_in : str
        Label of the lesson whose text names the cases that the rows must mention.
    heading : str
        Heading of the slide; that of the part of the page if empty.
    per_slide : int
        Most rows on one slide; those of a longer table go on over further slides. 0 for all.
    """

    view: Callable[..., TableView]
    arguments: tuple[object, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...] = ()
    first: int = 0
    cases_in: str = ""
    heading: str = ""
    per_slide: int = 0


@dataclass(frozen=True)
class Named:
    """One column of a table of a page, as a list in three columns."""

    view: Callable[..., TableView]
    arguments: tuple[object, ...]
    column: str
    heading: str


Part = Drawn | Listed | Named

SAID = ("By", "What is said", "Where", "Evidence")
ANSWER = ("Instrument", "Answer", "Detail", "Evidence")
COMPARED = ("Persia 1921", "Mongolia 1921", "China 1924")
TOPICS = ("recognition", "troops", "earlier treaties", "third parties")
TOLD = ("No.", "What the account says")
VERDICTS = "The verdicts of the book"
TESTED = {"cases_in": "Without computers", "per_slide": 6}

# Of each lesson: the question that is asked at its end, and what is shown.
DECKS: dict[str, tuple[str, tuple[Part, ...]]] = {
    "lesson-1": (
        "mission-head",
        (
            Drawn(days.calendar, ("1921-09-05", "1921-11-20")),
            Listed(disagreements.claims_table, ("D-01",), SAID),
        ),
    ),
    "lesson-2": (
        "failed-test",
        (
            Drawn(presence.words_and_boots),
            Listed(clauses.answers_table, ("troops",), ANSWER, ("Kyakhta 1915", *COMPARED)),
            Listed(clauses.answers_table, ("debts",), ANSWER, COMPARED),
        ),
    ),
    "lesson-3": (
        "article-five",
        (
            Drawn(status.promises),
            Listed(
                status.side_by_side,
                ("RSFSR-MONGOLIA-1921", "CNSU-1924-GENPRINC"),
                ("Topic", "Mongolia 1921", "China 1924"),
                TOPICS,
                per_slide=2,
            ),
        ),
    ),
    "lesson-4": (
        "corps-strength",
        (
            Drawn(campaign.campaign, height=410, adapt=layouts.list_beside_map),
            Listed(audit.tested, (), TOLD, **TESTED),
            Listed(audit.tested, (), (*TOLD, "Verdict"), **TESTED, heading=VERDICTS),
        ),
    ),
    "lesson-5": (
        "alpha-rare",
        (
            Named(dictionary.code_list, ("topic",), "In words", "The topics"),
            Listed(codings.task, (), ("Clause", "What it says", "Evidence"), per_slide=4),
            Drawn(intercoder.by_topic, rows=10, height=440),
        ),
    ),
    "project": (
        "edtf-month",
        (
            Drawn(audit.by_table),
            Listed(audit.open_questions, (), ("No.", "Question", "Where to look"), first=3),
        ),
    ),
}


def deck(book: Book, lesson: Lesson) -> nbformat.NotebookNode:
    """The slides of one lesson as a notebook; each cell knows its kind of slide.

    Parameters
    ----------
    book : Book
        The tables.
    lesson : Lesson
        The lesson, as the teacher's page has it.

    Raises
    ------
    NotOnThePage
        If a figure or a table is not on the pages of the lesson.
    KeyError
        If there is no deck for the lesson, or its text lacks a part.
    """
    quiz_name, parts = DECKS[lesson.name]
    headings = shown_on(pages_of(lesson))
    looks: list[nbformat.NotebookNode] = []
    for part in parts:
        looks += _part(book, lesson, part, headings, len(looks) + 1)
    check = _check(quizzes.named(book, quiz_name))
    cells = [*_opening(book, lesson), *looks, *check, *_closing(book, lesson)]
    number_cells(cells, lesson.name)
    about = {"title": lesson.title, "length": lesson.length, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=about)


def words(book: Book, text: str) -> str:
    """Markdown of the teacher's page for a slide: roles as words, links to the pages."""
    text = relinked(without_roles(text, book, _to_page), lambda page: f"{BOOK}{page}.html")
    return " ".join(text.split())


def _to_page(found: Reference) -> str:
    return f"[{found.text}]({BOOK}{found.page}.html#{found.anchor})" if found.anchor else found.text


def pages_of(lesson: Lesson) -> list[str]:
    """Names of the pages that a lesson is about, from which its figures and tables come."""
    return [page for page, _ in PAGE_LINK.findall(_page_item(lesson))]


def shown_on(names: list[str]) -> dict[str, str]:
    """The calls whose views the cells of some pages show, each with the heading it stands below."""
    headings: dict[str, str] = {}
    for page in names:
        for heading, code in prose.cells(page):
            for statement in ast.parse(code).body:
                match statement:
                    case ast.Expr(ast.Call(ast.Name("show"), [argument, *_])):
                        headings.setdefault(ast.unparse(argument), heading)
    return headings


def _page_item(lesson: Lesson) -> str:
    return lesson.items.get("Pages") or lesson.items["Page"]


def _slide(name: str, text: str, kind: str = "slide") -> nbformat.NotebookNode:
    """A cell of Markdown that begins a slide, or goes on with one."""
    return nbformat.v4.new_markdown_cell(text, metadata=_place(name, kind))


def _output(name: str, code: str, html: str, kind: str = "slide") -> nbformat.NotebookNode:
    """A cell of code with what it shows."""
    shown = nbformat.v4.new_output("display_data", {"text/html": html})
    return nbformat.v4.new_code_cell(code, metadata=_place(name, kind), outputs=[shown])


def _place(name: str, kind: str) -> dict:
    return {"slideshow": {"slide_type": kind, **({"id": name} if name else {})}}


def _notes(book: Book, lesson: Lesson, *labels: str) -> Iterator[nbformat.NotebookNode]:
    found = [f"**{x}.** {words(book, lesson.items[x])}" for x in labels if x in lesson.items]
    if found:
        yield _slide("", "\n\n".join(found), "notes")


def _opening(book: Book, lesson: Lesson) -> Iterator[nbformat.NotebookNode]:
    question = words(book, lesson.items["Question"])
    back = f"[The plan of this lesson]({BOOK}teach.html#{lesson.name})"
    yield _slide("question", f"# {lesson.title}\n\n{question}\n\n{back}")
    aims = words(book, lesson.items["Aims"])
    page = words(book, _page_item(lesson))
    yield _slide("aims", f"## What we want to learn\n\n{aims}\n\n**To read:** {page}")
    steps = "\n".join(f"- **{when}** {words(book, what)}" for when, what in lesson.steps)
    yield _slide("steps", f"## What we do, in {lesson.length}\n\n{steps}")
    yield from _notes(book, lesson, "For those who need help", "Without computers")


def _closing(book: Book, lesson: Lesson) -> Iterator[nbformat.NotebookNode]:
    when, what = lesson.steps[-1]
    text = f"## To end with\n\n**{when}** {words(book, what)}\n\n"
    text += f"*Our question was:* {words(book, lesson.items['Question'])}"
    if more := lesson.items.get("For faster learners"):
        text += f"\n\n**If there is time:** {words(book, more)}"
    yield _slide("end", text)
    yield from _notes(book, lesson, "Expected", "Common mistakes")


def _part(
    book: Book, lesson: Lesson, part: Part, headings: dict[str, str], first: int
) -> Iterator[nbformat.NotebookNode]:
    """The slides of one part; ``first`` is the number of the first of them in the deck."""
    call = _call(part)
    if call not in headings:
        raise NotOnThePage(f"no cell of the lesson's pages shows {call!r}")
    heading, view = headings[call], part.view(book, *part.arguments)
    if isinstance(part, Drawn):
        shown = [(heading, _figure(view, part))]
    elif isinstance(part, Named):
        items = [element("li", text_of(value)) for value in view.frame[part.column]]
        shown = [(part.heading, element("ul", *items, class_="tb-columns"))]
    else:
        heading = part.heading or _case_question(book, part) or heading
        shown = _tables(book, view, _frames(lesson, part, view), heading, first)
    for number, (title, html) in enumerate(shown, start=first):
        yield _output(f"look-{number}", f"show({call})", element("h2", title) + html)


def _tables(
    book: Book, view: TableView, frames: list[pd.DataFrame], heading: str, first: int
) -> Iterator[tuple[str, Markup]]:
    """A table in parts, each with its heading; the caption says how much of it is shown."""
    for number, frame in enumerate(frames):
        of = f" ({number + 1} of {len(frames)})" if len(frames) > 1 else ""
        rows, all_rows = len(frame), len(view.frame)
        caption = view.caption + (f": {rows} of {all_rows} rows" if rows < all_rows else "")
        # An id of its own, since parts of one table may stand in one deck.
        table = TableView(f"look-{first + number}-{view.name}", caption, _named(book, frame))
        yield f"{heading}{of}", table_html(_addressed(table))


def _frames(lesson: Lesson, part: Listed, view: TableView) -> list[pd.DataFrame]:
    """Some rows and columns of a table, in parts of nearly the same length."""
    chosen = view.frame.head(part.first) if part.first else view.frame
    if part.rows:
        chosen = rows_named(view, part.rows)
    if part.cases_in:
        cases = CASE.findall(lesson.items.get(part.cases_in, ""))
        texts = [" ".join(map(text_of, row)) for row in chosen.to_numpy()]
        chosen = chosen[[bool({*cases} & {*CASE.findall(text)}) for text in texts]]
    parts = math.ceil(len(chosen) / part.per_slide) if part.per_slide else 1
    ends = [math.ceil(len(chosen) * number / parts) for number in range(parts + 1)]
    return [chosen[list(part.columns)].iloc[start:end] for start, end in pairwise(ends)]


def _call(part: Part) -> str:
    """The call of a part as a cell of a page writes it."""
    module = part.view.__module__.rpartition(".")[2]
    arguments = ", ".join(["book", *map(repr, part.arguments)])
    return f"{module}.{part.view.__name__}({arguments})"


def _case_question(book: Book, part: Listed) -> str:
    """The question of the case whose table a part shows; empty for any other table."""
    subjects = book.by_key("verdicts", "subject")
    return "".join(f"Case {key}: {subjects[key]}" for key in part.arguments if key in subjects)


def _named(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    """A table for readers who type nothing: clauses by their names."""
    known = book.rows("clauses")

    def named(value: object) -> object:
        key = text_of(value)
        if key not in known:
            return value
        return Cell(clauses.clause_title(book, known[key]), identifiers.address("clause", key))

    return frame.map(named)


def _addressed(view: TableView) -> TableView:
    """A table whose links lead from the folder of the slides to the pages."""

    def moved(value: object) -> object:
        if not isinstance(value, Cell):
            return value
        links = [(text, _address(href)) for text, href in value.links]
        return dataclasses.replace(value, href=_address(value.href), links=links)

    return dataclasses.replace(view, frame=view.frame.map(moved))


def _address(href: str) -> str:
    return f"{BOOK}{href}" if href and not href.startswith("http") else href


def _figure(view: FigureView, part: Drawn) -> Markup:
    """A figure of a page, with a second drawing for a big screen beside its own."""
    buttons = [b for b in view.buttons if not b.data and not part.rows]
    view = dataclasses.replace(view, table=_addressed(view.table), buttons=buttons)
    big = layouts.projected(view.plot, part.height, part.rows, part.adapt)
    note = f"The first {part.rows} rows; the page has all of them."
    more = [element("p", note, class_="tb-part")] if part.rows else []
    return figure_html(view, True, *more, slide=big)


def _check(quiz: Quiz) -> Iterator[nbformat.NotebookNode]:
    options = [element("li", option) for option in quiz.options]
    choice = element("ol", *options, class_="tb-options") if options else ""
    html = element("h2", "Check yourself") + element("p", quiz.prompt) + choice
    yield _output("check", f'quizzes.check(book, "{quiz.name}", "")', html)
    answer = (element("summary", "Answer"), answer_html(quiz))
    yield _output("", "", element("details", *answer, class_="tb-answer"), "fragment")
