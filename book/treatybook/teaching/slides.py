"""Slides of the lessons: notebooks made in memory from the teacher's page and the other pages.

Every word of a lesson stands once, on the teacher's page. A figure or a table of a deck is named
here as the function that makes it, with its arguments; the cells of the pages that the lesson
names must show the same, or there is no deck. What is added is how much fits on a screen.
"""

from __future__ import annotations

import ast
import dataclasses
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import nbformat
import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from treatybook.display.content import Cell, FigureView, Quiz, TableView, rows_named, text_of
from treatybook.display.elements import data_block, element
from treatybook.display.markdown import without_roles
from treatybook.display.rendering import answer_html, figure_html, table_html
from treatybook.evidence import identifiers, prose
from treatybook.evidence.identifiers import Reference
from treatybook.evidence.tables import Book
from treatybook.teaching import projection, quizzes
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
PAGE_LINK = re.compile(r"\]\((?P<page>[a-z-]+)\.md(?P<anchor>#[^)]*)?\)")
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
    height: int = 480
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
    span : (int, int) or None
        Or the first row that is shown and the one after the last, counted from 0.
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
    span: tuple[int, int] | None = None
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

DECKS: dict[str, tuple[str, tuple[Part, ...]]] = {
    "lesson-1": (
        "mission-head",
        (
            Drawn(days.calendar, ("1921-09-05", "1921-11-20"), adapt=projection.beside_numbers),
            Listed(
                disagreements.claims_table,
                ("D-01",),
                ("By", "What is said", "Where", "Evidence"),
            ),
        ),
    ),
    "lesson-2": (
        "failed-test",
        (
            Drawn(presence.words_and_boots, height=430),
            Listed(
                clauses.answers_table,
                ("troops",),
                ("Instrument", "Answer", "Detail", "Evidence"),
                ("Kyakhta 1915", "Persia 1921", "Mongolia 1921", "China 1924"),
            ),
            Listed(
                clauses.answers_table,
                ("debts",),
                ("Instrument", "Answer", "Detail", "Evidence"),
                ("Persia 1921", "Mongolia 1921", "China 1924"),
            ),
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
                ("recognition", "troops", "earlier treaties", "third parties"),
                per_slide=2,
            ),
        ),
    ),
    "lesson-4": (
        "corps-strength",
        (
            Drawn(campaign.campaign, height=500, adapt=projection.list_beside_map),
            Listed(
                audit.tested,
                ("AIRAPETOV",),
                ("What it is about", "What the account says"),
                cases_in="Without computers",
                per_slide=6,
            ),
            Listed(
                audit.tested,
                ("AIRAPETOV",),
                ("What it is about", "What the account says", "Verdict"),
                cases_in="Without computers",
                heading="The verdicts of the book",
                per_slide=6,
            ),
        ),
    ),
    "lesson-5": (
        "alpha-rare",
        (
            Named(dictionary.code_list, ("topic",), "In words", "The topics"),
            Listed(codings.task, (), ("Clause", "What it says", "Evidence"), per_slide=4),
            Drawn(intercoder.by_topic, rows=12),
        ),
    ),
    "project": (
        "edtf-month",
        (
            Drawn(audit.by_table),
            Listed(audit.open_questions, (), ("No.", "Question", "Where to look"), span=(0, 3)),
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
    cells = [
        *_opening(book, lesson),
        *looks,
        *_check(_quiz(book, quiz_name)),
        *_closing(book, lesson),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"{lesson.name}-{number}"
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.update(
        title=lesson.title, length=lesson.length, language_info={"name": "python"}
    )
    return notebook


def words(book: Book, text: str) -> str:
    """Markdown of the teacher's page for a slide: roles as words, links to the pages."""
    text = without_roles(text, book, _to_page)
    text = PAGE_LINK.sub(lambda m: f"]({BOOK}{m['page']}.html{m['anchor'] or ''})", text)
    return " ".join(text.split())


def _to_page(found: Reference) -> str:
    return f"[{found.text}]({BOOK}{found.page}.html#{found.anchor})" if found.anchor else found.text


def pages_of(lesson: Lesson) -> list[str]:
    """Names of the pages that a lesson is about, from which its figures and tables come."""
    return [match["page"] for match in PAGE_LINK.finditer(_page_item(lesson))]


def shown_on(names: list[str]) -> dict[str, str]:
    """The calls whose views the cells of some pages show, each with the heading it stands below."""
    headings: dict[str, str] = {}
    for page in names:
        for heading, code in prose.cells(page):
            for statement in ast.parse(code).body:
                if argument := _argument(statement):
                    headings.setdefault(ast.unparse(argument), heading)
    return headings


def _page_item(lesson: Lesson) -> str:
    return lesson.items.get("Pages") or lesson.items["Page"]


def _slide(name: str, text: str, kind: str = "slide") -> nbformat.NotebookNode:
    """A cell of Markdown that begins a slide, or goes on with one."""
    show = {"slide_type": kind, **({"id": name} if name else {})}
    return nbformat.v4.new_markdown_cell(text, metadata={"slideshow": show})


def _output(name: str, code: str, html: str, kind: str = "slide") -> nbformat.NotebookNode:
    """A cell of code with what it shows."""
    show = {"slide_type": kind, **({"id": name} if name else {})}
    output = nbformat.v4.new_output("display_data", {"text/html": html})
    return nbformat.v4.new_code_cell(code, metadata={"slideshow": show}, outputs=[output])


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
        shown = [(part.heading, _list(view, part))]
    else:
        heading = part.heading or _case_question(book, part) or heading
        cases = set(CASE.findall(lesson.items.get(part.cases_in, "")))
        tables = _in_parts(_some(view, part, cases), len(view.frame), part.per_slide)
        shown = [
            (
                f"{heading} ({number} of {len(tables)})" if len(tables) > 1 else heading,
                table_html(_readable(book, _numbered(table, first + number - 1))),
            )
            for number, table in enumerate(tables, start=1)
        ]
    for number, (title, html) in enumerate(shown, start=first):
        yield _output(f"look-{number}", f"show({call})", element("h2", title) + html)


def _in_parts(view: TableView, all_rows: int, per_slide: int) -> list[TableView]:
    """A table in parts of nearly the same length; the caption says how much of it is shown."""
    rows = len(view.frame)
    parts = math.ceil(rows / per_slide) if per_slide else 1
    ends = [math.ceil(rows * number / parts) for number in range(parts + 1)]
    frames = [view.frame.iloc[start:end] for start, end in pairwise(ends)]
    return [
        TableView(
            view.name,
            view.caption + (f": {len(x)} of {all_rows} rows" if len(x) < all_rows else ""),
            x,
        )
        for x in frames
    ]


def _numbered(view: TableView, number: int) -> TableView:
    """A table with an id of its own, since parts of one table may stand in one deck."""
    return dataclasses.replace(view, name=f"look-{number}-{view.name}")


def _call(part: Part) -> str:
    """The call of a part as a cell of a page writes it."""
    module = part.view.__module__.rpartition(".")[2]
    arguments = ", ".join(["book", *map(repr, part.arguments)])
    return f"{module}.{part.view.__name__}({arguments})"


def _argument(statement: ast.stmt) -> ast.expr | None:
    """What a statement shows, or nothing if it is no call of ``show``."""
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return None
    called = statement.value
    shows = isinstance(called.func, ast.Name) and called.func.id == "show"
    return called.args[0] if shows else None


def _case_question(book: Book, part: Listed) -> str:
    """The question of the case whose table a part shows; empty for any other table."""
    rows = book.verdicts[book.verdicts["case_id"].isin(part.arguments)]
    return "".join(f"Case {row['case_id']}: {row['subject']}" for row in rows.to_dict("records"))


def _some(view: TableView, part: Listed, cases: set[str]) -> TableView:
    """Some rows and columns of a table."""
    chosen = view.frame.iloc[slice(*part.span)] if part.span else view.frame
    if part.rows:
        chosen = rows_named(view, part.rows)
    if part.cases_in:
        named = [bool(cases & set(CASE.findall(_row_text(row)))) for row in _records(chosen)]
        chosen = chosen[named]
    return TableView(view.name, view.caption, chosen[list(part.columns)])


def _records(frame: pd.DataFrame) -> list[dict]:
    return frame.to_dict("records")


def _row_text(row: dict) -> str:
    return " ".join(text_of(value) for value in row.values())


def _readable(book: Book, view: TableView) -> TableView:
    """A table for readers who type nothing: clauses by their names, links from this folder."""
    known = {row["clause_id"]: row for row in book.clauses.to_dict("records")}

    def named(value: object) -> object:
        row = known.get(text_of(value))
        return (
            Cell(
                clauses.clause_title(book, row), href=identifiers.address("clause", text_of(value))
            )
            if row
            else value
        )

    return _addressed(dataclasses.replace(view, frame=view.frame.map(named)))


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


def _list(view: TableView, part: Named) -> Markup:
    items = [element("li", text_of(value)) for value in view.frame[part.column]]
    return element("ul", *items, class_="tb-columns")


def _figure(view: FigureView, part: Drawn) -> Markup:
    """A figure of a page, with a second drawing for a big screen beside its own."""
    buttons = [b for b in view.buttons if not b.data and not part.rows]
    view = dataclasses.replace(view, table=_addressed(view.table), buttons=buttons)
    big = projection.projected(view.plot, part.height, part.rows, part.adapt)
    plot = {"frames": []} | json.loads(big.to_json())
    content = {name: plot[name] for name in ("data", "layout", "frames")}
    note = f"The first {part.rows} rows; the page has all of them."
    more = [element("p", note, class_="tb-part")] if part.rows else []
    return figure_html(view, True, *more, data_block(content, class_="tb-projected"))


def _quiz(book: Book, name: str) -> Quiz:
    rows = book.quizzes[book.quizzes["quiz_id"] == name].to_dict("records")
    if not rows:
        raise NotOnThePage(f"no question {name!r}")
    return quizzes.question(book, rows[0])


def _check(quiz: Quiz) -> Iterator[nbformat.NotebookNode]:
    options = [element("li", option) for option in quiz.options]
    choice = element("ol", *options, class_="tb-options") if options else ""
    html = element("h2", "Check yourself") + element("p", quiz.prompt) + choice
    yield _output("check", f'quizzes.check(book, "{quiz.name}", "")', html)
    summary = element("summary", "Answer")
    answer = element("details", summary, answer_html(quiz), class_="tb-answer")
    yield _output("", "", answer, "fragment")
