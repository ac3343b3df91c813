"""Slides of the lessons: notebooks made in memory from the pages of the lessons.

Every word and every figure of a deck stands on the page of its lesson. What is added here is how
much fits on a screen, and that no answer is shown before its question.
"""

from __future__ import annotations

import dataclasses
import math
import textwrap
from collections.abc import Iterator, Sequence

import nbformat
import pandas as pd
from markupsafe import Markup

from treatybook.display import layouts
from treatybook.display.content import Cell, FigureView, Quiz, TableView, View, text_of
from treatybook.display.elements import element, joined
from treatybook.display.markdown import number_cells, relinked, without_roles
from treatybook.display.rendering import MOST_BUTTONS, answer_html, figure_html, table_html
from treatybook.evidence import identifiers
from treatybook.evidence.identifiers import Reference
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _
from treatybook.teaching import quizzes
from treatybook.teaching.lessons import Lesson, Step, item_names, shown
from treatybook.views import clauses

FOLDER = "slides"
BOOK = "../book/"
HEIGHT = 410  # of a figure, in CSS pixels
MOST_ROWS = 10  # of a figure
# Of a table: lines on a slide, and characters in one.
LINES, LINE = 12, 80
# Characters of a step's own text, its task and an answer; longer ones are read on the sheets.
LONGEST_TEXT, LONGEST_TASK, LONGEST_ANSWER = 650, 330, 200
FEWEST_COLUMNS = 2  # that are left; of a smaller table all are shown


def deck(book: Book, lesson: Lesson) -> nbformat.NotebookNode:
    """The slides of one lesson as a notebook; each cell knows its kind of slide.

    Parameters
    ----------
    book : Book
        The tables.
    lesson : Lesson
        The lesson, as its page has it.
    """
    views = shown(book, lesson)
    cells = [*_opening(book, lesson)]
    for number, step in enumerate(lesson.steps, start=1):
        cells += _step(book, lesson, step, number, views[step.key])
    cells += _closing(book, lesson)
    number_cells(cells, lesson.name)
    title = _("{title} – slides").format(title=lesson.title)
    about = {"title": title, "length": lesson.length, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=about)


def words(book: Book, text: str) -> str:
    """Markdown of a lesson for a slide: roles as words, links to the pages."""
    return relinked(without_roles(text, book, _to_page), lambda page: f"{BOOK}{page}.html")


def _to_page(found: Reference) -> str:
    return f"[{found.text}]({BOOK}{found.page}.html#{found.anchor})" if found.anchor else found.text


def _slide(name: str, text: str, kind: str = "slide") -> nbformat.NotebookNode:
    """A cell of Markdown that begins a slide, or goes on with one."""
    return nbformat.v4.new_markdown_cell(text, metadata=_place(name, kind))


def _output(name: str, code: str, html: str, kind: str = "slide") -> nbformat.NotebookNode:
    """A cell of code with what it shows."""
    shown = nbformat.v4.new_output("display_data", {"text/html": html})
    return nbformat.v4.new_code_cell(code, metadata=_place(name, kind), outputs=[shown])


def _place(name: str, kind: str) -> dict:
    return {"slideshow": {"slide_type": kind, **({"id": name} if name else {})}}


def _notes(book: Book, **told: str) -> nbformat.NotebookNode:
    text = "\n\n".join(f"**{name}.** {words(book, text)}" for name, text in told.items())
    return _slide("", text, "notes")


def _items(book: Book, lesson: Lesson, *names: str) -> nbformat.NotebookNode:
    """Notes with what only a teacher reads."""
    said = item_names()
    return _notes(book, **{said[name]: lesson.items[name] for name in names})


def _opening(book: Book, lesson: Lesson) -> Iterator[nbformat.NotebookNode]:
    alone = _("The same lesson to do alone")
    links = f"[{alone}]({BOOK}{lesson.name}.html)"
    yield _slide("question", f"# {lesson.title}\n\n{words(book, lesson.question)}\n\n{links}")
    steps = "\n".join(f"- **{step.minutes}** {step.title}" for step in lesson.steps)
    told = f"{words(book, lesson.aims)}\n\n{steps}"
    head = _("What we do, in {length}").format(length=lesson.length)
    yield _slide("steps", f"## {head}\n\n{told}")
    yield _items(book, lesson, "For those who need help", "Without computers")


def _step(
    book: Book, lesson: Lesson, step: Step, number: int, views: Sequence[View]
) -> Iterator[nbformat.NotebookNode]:
    """The slides of one step: what to do, what to look at, what is asked, and then the answers."""
    text = f"## {number}. {step.title}\n\n**{step.minutes}** {words(book, step.in_class)}"
    if step.task and len(step.task) <= LONGEST_TASK:
        text += f"\n\n{words(book, step.task)}"
    yield _slide(step.key, text)
    if step.model:
        yield _notes(book, **{_("A model"): step.model})
    if step.text and len(step.text) <= LONGEST_TEXT:
        yield _slide(f"{step.key}-text", f"## {step.title}\n\n{words(book, step.text)}")
    looks = [look for view in views for look in _looks(book, step, view)]
    for place, (heading, html) in enumerate(looks, start=1):
        yield _output(f"{step.key}-{place}", "", element("h2", heading) + html)
    asked = [quizzes.named(book, name) for name in step.asks]
    if len(asked) > 1 and len({tuple(quiz.options) for quiz in asked}) == 1:
        yield from _sorted(step, asked)
    else:
        for place, quiz in enumerate(asked, start=1):
            yield from _check(step, quiz, place)


def _closing(book: Book, lesson: Lesson) -> Iterator[nbformat.NotebookNode]:
    told = _("## To end with\n\n*Our question was:* {question}")
    text = told.format(question=lesson.title)
    if more := lesson.items.get("For faster learners"):
        text += "\n\n" + _("**If there is time:** {task}").format(task=words(book, more))
    yield _slide("end", text)
    yield _items(book, lesson, "Expected", "Common mistakes")


def _looks(book: Book, step: Step, view: View) -> Iterator[tuple[str, Markup]]:
    """A figure on one slide, or a table in parts; each with its heading."""
    if isinstance(view, FigureView):
        yield step.title, _figure(view)
        return
    kept = view.frame.drop(columns=_left_out(), errors="ignore")
    if len(kept.columns) < FEWEST_COLUMNS:
        kept = view.frame
    parts = list(_parts(kept))
    for number, frame in enumerate(parts, start=1):
        head = _("{title} ({n} of {all})") if len(parts) > 1 else "{title}"
        # An id of its own, since parts of one table stand in one deck.
        table = TableView(f"{step.key}-{number}-{view.name}", view.caption, _named(book, frame))
        heading = head.format(title=step.title, n=number, all=len(parts))
        yield heading, table_html(_addressed(table))


def _left_out() -> list[str]:
    """Columns for which a slide has no room."""
    return [_("Note"), _("Sources"), _("Claims"), _("Cases"), _("Told in")]


def _parts(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """A table in parts that fit on a slide each."""
    rooms = _rooms(frame)
    heights = [
        max(math.ceil(len(text_of(value)) / room) for value, room in zip(row, rooms, strict=True))
        for row in frame.to_numpy()
    ]
    for start, end in _cuts(heights):
        yield frame.iloc[start:end]


def _rooms(frame: pd.DataFrame) -> list[int]:
    """Characters in a line of each column: what short ones do not need is left to the others."""
    need = [max(len(text_of(value)) for value in (name, *frame[name])) for name in frame]
    rooms = [0] * len(need)
    left = LINE
    for done, place in enumerate(sorted(range(len(need)), key=need.__getitem__)):
        rooms[place] = max(1, min(need[place], left // (len(need) - done)))
        left -= rooms[place]
    return rooms


def _cuts(heights: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last place, the last exclusive, of the parts that fit; they are nearly as high."""
    most = sum(heights) / math.ceil(sum(heights) / LINES)
    start, used = 0, 0
    for end, height in enumerate(heights):
        if used and used + height / 2 > most:
            yield start, end
            start, used = end, 0
        used += height
    yield start, len(heights)


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


def _figure(view: FigureView) -> Markup:
    """A figure of a page, with a second drawing for a big screen beside its own."""
    rows = sum(note.xref == "paper" and note.x == 0 for note in view.plot.layout.annotations)
    cut = MOST_ROWS if rows > MOST_ROWS else 0
    view = dataclasses.replace(
        view,
        table=_addressed(view.table),
        buttons=[button for button in view.buttons if not button.data and not cut],
    )
    big = layouts.projected(view.plot, HEIGHT, cut, view.adapt)
    note = _("The first {n} rows; the page has all of them.").format(n=cut)
    more = [element("p", note, class_="tb-part")] if cut else []
    return figure_html(view, True, *more, slide=big)


def _check(step: Step, quiz: Quiz, place: int) -> Iterator[nbformat.NotebookNode]:
    options = [element("li", option) for option in quiz.options]
    choice = element("ol", *options, class_="tb-options") if options else ""
    html = element("h2", step.title) + element("p", quiz.prompt) + choice
    yield _output(f"{step.key}-check-{place}", f'quizzes.check(book, "{quiz.name}", "")', html)
    short = dataclasses.replace(
        quiz, why=textwrap.shorten(quiz.why, LONGEST_ANSWER, placeholder=" …")
    )
    answer = (element("summary", _("Answer")), answer_html(short))
    yield _output("", "", element("details", *answer, class_="tb-answer"), "fragment")


def _sorted(step: Step, asked: Sequence[Quiz]) -> Iterator[nbformat.NotebookNode]:
    """Questions with the same answers to choose from, some to a slide, and then the answers."""
    choices = [element("strong", option) for option in asked[0].options]
    few = len(choices) <= MOST_BUTTONS
    choose = element("p", _("Choose: "), joined(choices, " / ")) if few else ""
    parts = list(_cuts([math.ceil(len(quiz.prompt) / LINE) + 1 for quiz in asked]))
    answers = _("The answers: {title}").format(title=step.title)
    for kind, heading in (("check", step.title), ("answers", answers)):
        for place, (start, end) in enumerate(parts, start=1):
            told = [
                (f"{quiz.prompt} ", element("strong", quiz.answer) * (kind == "answers"))
                for quiz in asked[start:end]
            ]
            items = [element("li", *words) for words in told]
            above = element("h2", heading) + (choose if kind == "check" else "")
            html = above + element("ol", *items, start=start + 1)
            yield _output(f"{step.key}-{kind}-{place}", "", html)
