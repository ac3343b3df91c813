"""The lessons: each stands once, as the page of a learner, and all its forms are made of it.

``book/lesson-1.md`` is a page like any other. Each part of it that has a ``step`` directive is one
step of the lesson: its text and its cells are what the step needs, and the directive says what is
asked and what the class does meanwhile. Page, notebook, sheets, key, slides and the teacher's plan
are made from the objects that are read here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import learners
from treatybook.display.content import FigureView, TableView, View
from treatybook.evidence import prose
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _

ITEM = re.compile(r"\*\*(?P<name>[^*]+?)\.\*\* (?P<text>.+?)(?=\n+\*\*[^*]+?\.\*\* |\Z)", re.DOTALL)
TIME = re.compile(r"^\*[^*]+\*$", re.MULTILINE)  # how long it takes alone
CRITERIA = 3  # that a learner ticks beside a sentence
LINES = "5"  # to write on, where a step with a model says nothing else


def item_names() -> dict[str, str]:
    """What stands before each thing that only a teacher reads, by its English words."""
    return {
        "Expected": _("Expected"),
        "If somebody asks": _("If somebody asks"),
        "Common mistakes": _("Common mistakes"),
        "For those who need help": _("For those who need help"),
        "Without computers": _("Without computers"),
    }


class LessonError(ValueError):
    """A lesson lacks something; the message names page, step and what is wanted."""


@dataclass(frozen=True)
class Passage:
    """Some running text of another page: its page, its heading, and its words in Markdown."""

    page: str
    heading: str
    text: str


@dataclass(frozen=True)
class Step:
    """One step of a lesson.

    Attributes
    ----------
    key, title : str
        Its name in the lesson, and its heading.
    minutes : str
        When a class does it: ``5–15``, or the session of a project.
    text : str
        What a learner reads before, in Markdown, without passages and cells.
    passages : tuple of Passage
        What is read from other pages.
    cells : tuple of str
        The code that shows what the step needs.
    asks : tuple of str
        Names of the questions, each with a choice or a date.
    task : str
        Or what is to be written, in Markdown.
    model : str
        Beside it, a model answer in Markdown.
    criteria : tuple of str
        And what a learner ticks.
    in_class : str
        What a class does, in Markdown.
    lines : tuple of str
        Lines to write on, on paper: what stands before each, or nothing.
    copied : tuple of str
        Columns to fill in on paper, for each row of the first table of the step.
    """

    key: str
    title: str
    minutes: str
    text: str
    passages: tuple[Passage, ...]
    cells: tuple[str, ...]
    asks: tuple[str, ...]
    task: str
    model: str
    criteria: tuple[str, ...]
    in_class: str
    lines: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A lesson with all its steps.

    Attributes
    ----------
    name, title : str
        Its page, and the heading of that.
    label : str
        What teachers call it: ``Lesson 1``.
    length, group, aims, marks, prints : str
        How long it takes with a class, whom it suits, what is learned, the lines of the rubric,
        and what to print.
    question : str
        What it is about, in Markdown: what stands below the title.
    items : dict of str to str
        What only a teacher reads, by its label in English, in Markdown.
    set_up : str
        The first cell of the page.
    steps : tuple of Step
        Its steps, in their order.
    """

    name: str
    title: str
    label: str
    length: str
    group: str
    aims: str
    marks: str
    prints: str
    question: str
    items: dict[str, str]
    set_up: str
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step:
        """The step of a name.

        Raises
        ------
        LessonError
            If it has none of this name.
        """
        for step in self.steps:
            if step.key == key:
                return step
        known = ", ".join(step.key for step in self.steps)
        raise LessonError(f"{self.name}.md has no step {key!r}; it has {known}")


def all_lessons() -> dict[str, Lesson]:
    """Every lesson by the name of its page, in the order of the book."""
    return {page: _lesson(page, text) for page, text in prose.texts().items() if "{lesson}" in text}


def forms(lesson: Lesson) -> dict[str, str]:
    """What else is made of a lesson, with its address from the folder of the pages."""
    return {
        _("plan"): f"sheet-{lesson.name}-plan.html",
        _("slides"): f"../slides/{lesson.name}.html",
        _("source sheet"): f"sheet-{lesson.name}-sources.html",
        _("task sheet"): f"sheet-{lesson.name}-tasks.html",
        _("answer key"): f"sheet-answer-key.html#{lesson.name}",
    }


def _lesson(page: str, text: str) -> Lesson:
    """A lesson as its page has it."""
    about, *others = prose.directives(text, "lesson")
    options = about.options
    wanted = ("length", "class", "aims", "mark", "print")
    if others or (lacking := [name for name in wanted if not options.get(name)]):
        raise LessonError(f"{page}.md: one lesson directive with {', '.join(lacking)}")
    english = {words: name for name, words in item_names().items()}
    items = {
        english.get(found["name"], found["name"]): found["text"].strip()
        for found in ITEM.finditer(about.content)
    }
    if lacking := [name for name in item_names() if name not in items]:
        raise LessonError(f"{page}.md: its lesson directive says nothing under {lacking[0]!r}")
    parts, lines = prose.parts(text, deepest=2), text.split("\n")
    (title_end,) = (end for level, _, (_, end) in prose.headings(text) if level == 1)
    head = "\n".join(lines[title_end : parts[0][1] - 1])
    cells = prose.directives(head, "code-cell")
    steps = tuple(
        _step(page, words, "\n".join(lines[begin:end]))
        for words, begin, end in parts
        if prose.directives("\n".join(lines[begin:end]), "step")
    )
    if len({step.key for step in steps}) < len(steps):
        raise LessonError(f"{page}.md: two steps have one name")
    return Lesson(
        name=page,
        title=prose.title(text),
        label=about.argument,
        length=options["length"],
        group=options["class"],
        aims=options["aims"],
        marks=options["mark"],
        prints=options["print"],
        question=TIME.sub("", prose.running_text(head)).strip(),
        items=items,
        set_up=cells[0].content if cells else "",
        steps=steps,
    )


def _step(page: str, title: str, text: str) -> Step:
    """A step as its part of the page has it."""
    found = prose.directives(text, "step")
    asked = found[0]
    # What stands behind the step looks back on it, and is for the page alone.
    before = "\n".join(text.split("\n")[: asked.lines[0]])
    inner = {
        name: "\n\n".join(x.content.strip() for x in prose.directives(asked.content, name))
        for name in ("class", "model", "criteria")
    }
    criteria = tuple(
        re.sub(r"\s+", " ", line)
        for line in re.findall(r"^- (.+(?:\n  .+)*)", inner["criteria"], re.M)
    )
    step = Step(
        key=asked.argument,
        title=title,
        minutes=asked.options.get("minutes", ""),
        text=prose.running_text(before),
        passages=tuple(_passages(text)),
        cells=tuple(cell.content for cell in prose.directives(text, "code-cell")),
        asks=tuple(asked.options.get("ask", "").split()),
        task=prose.running_text(asked.content),
        model=inner["model"],
        criteria=criteria,
        in_class=inner["class"],
        lines=_lines(asked.options.get("lines", LINES if inner["model"] else "")),
        copied=_lines(asked.options.get("copy", "")),
    )
    _refuse(page, step, len(found))
    return step


def _lines(told: str) -> tuple[str, ...]:
    """``3``, or what stands before each line: ``who? / when?``."""
    if told.isdecimal():
        return ("",) * int(told)
    return tuple(told.split(" / ")) if told else ()


def _refuse(page: str, step: Step, count: int) -> None:
    """Raise an error if a step cannot be done, alone or with a class."""
    wanted = [
        (count == 1, "one step directive for each part"),
        (step.key, "a name behind its directive"),
        (step.minutes and step.in_class, "minutes and what the class does"),
        (bool(step.asks) != bool(step.model), "either questions to ask or a model to compare with"),
        (step.task or step.asks, "words that say what to write"),
        (len(step.criteria) == CRITERIA * bool(step.model), f"{CRITERIA} criteria beside a model"),
    ]
    for holds, what in wanted:
        if not holds:
            raise LessonError(f"{page}.md, step {step.key or step.title!r}: it needs {what}")


def _passages(text: str) -> Iterator[Passage]:
    for found in prose.directives(text, "passage"):
        yield Passage(*prose.named_passage(found.argument))


# What the cells of a lesson show, for the forms that have no kernel -----------------------------


def shown(book: Book, lesson: Lesson) -> dict[str, list[View]]:
    """What the cells of each step show, by the key of the step.

    The cells are those of the page, and run once, in its order.

    Parameters
    ----------
    book : Book
        The tables, which the cells call ``book``.
    lesson : Lesson
        The lesson.
    """
    views: list[View] = []

    def keep(what: object, *, headline: str = "", data=None, words: str = "", **about: str) -> None:
        views.append(_viewed(book, what, headline, data, words, about))

    names: dict[str, object] = {}
    exec(_without_reading(lesson.set_up), names)
    names |= {"book": book, "show": keep}
    found = {}
    for step in lesson.steps:
        views = []
        for cell in step.cells:
            exec(cell, names)
        found[step.key] = views
    return found


def _without_reading(code: str) -> str:
    """The first cell without the line that reads the tables once more."""
    kept = [line for line in ast.parse(code).body if isinstance(line, ast.ImportFrom | ast.Import)]
    return "\n".join(map(ast.unparse, kept))


def _viewed(book: Book, what: object, headline: str, data, words: str, about: dict) -> View:
    """What a cell shows as a view of the book."""
    name = about.get("name") or learners.named(headline)
    if isinstance(what, go.Figure):
        about = {"words": words or headline, "caption": about.get("caption", ""), "name": name}
        return learners.figure(book, what, data, headline=headline, **about)
    if isinstance(what, pd.DataFrame | pd.Series):
        return learners.table(book, what, headline, f"{name}-table")
    return what


def tables(views: list[View]) -> list[TableView]:
    """The tables among some views, and those of the figures."""
    return [view.table if isinstance(view, FigureView) else view for view in views]
