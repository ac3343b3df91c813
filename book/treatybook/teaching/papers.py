"""What each lesson hands out: passages of its pages, tables, questions and tasks.

A sheet must be enough for a class without computers: nothing is asked that cannot be answered
from it. ``handouts`` sets the sheets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from treatybook.display.content import TableView, rows_named, text_of
from treatybook.evidence import identifiers
from treatybook.evidence.tables import Book
from treatybook.teaching.lessons import Lesson, cases_of
from treatybook.views import audit, clauses, codings, disagreements, intercoder, presence, status


@dataclass(frozen=True)
class Form:
    """An empty table to fill in.

    Attributes
    ----------
    title : str
        Its heading.
    columns : tuple of str
        Heads of its columns.
    rows : int
        How many empty rows it has.
    example : callable
        Gives the cells of a row that is filled in as an example; none if it gives nothing.
    """

    title: str
    columns: tuple[str, ...]
    rows: int
    example: Callable[[Book], tuple[str, ...]] = lambda book: ()


@dataclass(frozen=True)
class Paper:
    """The content of the sheets of one lesson.

    Attributes
    ----------
    passages : tuple of (str, str)
        Page and heading of each part of a page that is printed.
    tables : callable
        Gives the tables on the source sheet.
    quizzes, tasks : tuple of str
        Names of the questions and of the open tasks on the task sheet, in their order.
    answers : callable
        Gives tables for the answer key only.
    form : Form or None
        A table on the task sheet to be filled in by hand.
    """

    passages: tuple[tuple[str, str], ...]
    tables: Callable[[Book, Lesson], list[TableView]]
    quizzes: tuple[str, ...]
    tasks: tuple[str, ...]
    answers: Callable[[Book], list[TableView]] = lambda book: []
    form: Form | None = None


def _chosen(view: TableView, columns: list[str], rows: list[str] | None = None) -> TableView:
    """Some columns and rows of a table; the caption says how many rows it has on the page."""
    frame = rows_named(view, rows) if rows else view.frame
    caption = view.caption
    if len(frame) < len(view.frame):
        caption += f": {len(frame)} of {len(view.frame)} rows"
    return dataclasses.replace(view, caption=caption, frame=frame[columns])


DIFFERENCES = 5  # clauses in the key on which the class can try a rule
SAID = ["By", "What is said", "Where", "Evidence"]


def _witnesses(book: Book, lesson: Lesson) -> list[TableView]:
    """As :func:`_cases`, with the notes, which tell of copies and translations."""
    return _cases(book, lesson, [*SAID, "Note"])


def _cases(book: Book, lesson: Lesson, columns: list[str] = SAID) -> list[TableView]:
    """Who says what in each case that the lesson names."""
    questions = dict(zip(book.verdicts["case_id"], book.verdicts["subject"], strict=True))
    views = {key: disagreements.claims_table(book, key) for key in cases_of(lesson)}
    return [
        TableView(view.name, f"Case {key}: {questions[key]}", view.frame.filter(columns))
        for key, view in views.items()
    ]


def _tested(book: Book, lesson: Lesson) -> list[TableView]:
    view = audit.tested(book)
    return [
        _chosen(view, ["No.", "What the account says"]),
        *_cases(book, lesson),
    ]


def _verdicts(book: Book) -> list[TableView]:
    return [_chosen(audit.tested(book), ["No.", "What the account says", "Verdict", "Why"])]


def _silences(book: Book, lesson: Lesson) -> list[TableView]:
    del lesson
    columns = ["Instrument", "Answer", "Detail", "Evidence"]
    rows = ["Kyakhta 1915", "Persia 1921", "Turkey 1921", "Mongolia 1921", "China 1924"]
    views = [
        _chosen(clauses.answers_table(book, key), columns, rows)
        for key in ("troops", "debts", "status-words")
    ]
    troops = presence.words_and_boots(book).table
    return [*views, _chosen(troops, ["Line", "Kind", "When", "Strength", "Evidence"])]


def _recognitions(book: Book, lesson: Lesson) -> list[TableView]:
    del lesson
    promises = status.promises(book).table
    known = [text_of(value) != "not seen" for value in promises.frame["Recognition"]]
    frame = promises.frame[known]
    caption = f"{promises.caption}: {len(frame)} of {len(promises.frame)} rows, without those in which none was seen"
    columns = ["Date", "Between", "What is recognised", "Evidence"]
    return [
        TableView(promises.name, caption, frame[columns]),
        _chosen(
            status.side_by_side(book),
            ["Topic", "Mongolia 1921", "China 1924"],
            ["recognition", "troops", "earlier treaties", "third parties"],
        ),
    ]


def _ten_clauses(book: Book, lesson: Lesson) -> list[TableView]:
    del lesson
    rows = book.codebook[book.codebook["list"] == "topic"]
    heads = {
        "label_en": "Topic",
        "definition": "What it means",
        "borderline_case": "A doubtful case",
        "rule": "How it is decided",
    }
    frame = rows[list(heads)].rename(columns=heads)
    return [
        _chosen(codings.task(book), ["Clause", "What it says"]),
        TableView("topics", "Topics of the codebook", frame),
    ]


def _coders(book: Book) -> list[TableView]:
    """The main topics of both coders for the ten clauses, and some clauses on which they differ."""
    columns = ["Clause", "Coder A", "Coder B"]
    task, others = codings.task_answers(book), intercoder.differences(book)
    answers = task.frame[_is(task, "Field", "Main topic")]
    differ = others.frame[_is(others, "Field", "Main topic")].head(DIFFERENCES)
    return [
        TableView("coders", "The ten clauses: main topic", answers[columns]),
        TableView(
            "differ",
            f"The first {len(differ)} clauses on which the coders chose different main topics",
            differ[[*columns, "What it says"]],
        ),
    ]


def _is(view: TableView, column: str, text: str) -> list[bool]:
    return [text_of(value) == text for value in view.frame[column]]


def _open(book: Book, lesson: Lesson) -> list[TableView]:
    del lesson
    return [_chosen(audit.open_questions(book), ["No.", "Question", "Where to look"])]


WAR = (
    "A baron from the east",
    "A marshal who did not come",
    "Two raids",
    "What Lenin proposed",
    "Asked to stay",
    "The west",
)
FINDING = (
    "What it is about",
    "What the source says",
    "Date (EDTF)",
    "Source",
    "Place in the source",
    "Level of evidence",
)
EXAMPLE = "C086"  # a claim with a date, as a finding would be written


def _finding(book: Book) -> tuple[str, ...]:
    """A claim of the book as an example of a row."""
    row = book.claims.set_index("claim_id").loc[EXAMPLE]
    date = row["date"].text if row["date"] else ""
    level = book.labels("evidence")[row["evidence"]]
    value = row["value"] if not date else identifiers.said(row.to_dict())
    return row["subject"], value, date, row["source"], row["locator"], level


PAPERS: dict[str, Paper] = {
    "lesson-1": Paper(
        (("mission", "Who was unofficial?"),),
        _witnesses,
        ("mission-head",),
        ("mission-witnesses", "mission-unofficial", "mission-memory"),
    ),
    "lesson-2": Paper(
        (
            ("silences", "Three tests for a silence"),
            ("silences", "Soldiers"),
            ("silences", "Independence, and China"),
            ("silences", "Debts"),
        ),
        _silences,
        ("failed-test", "ground-1925"),
        ("silences-drop", "silences-order"),
    ),
    "lesson-3": Paper(
        (
            ("recognition", "The story"),
            ("recognition", "A protest and three envoys"),
            ("recognition", "The second promise"),
        ),
        _recognitions,
        ("article-five",),
        ("recognition-nouns", "recognition-causes", "recognition-check"),
    ),
    "lesson-4": Paper(
        (
            *(("war", heading) for heading in WAR),
            ("disagreements", "The story"),
        ),
        _tested,
        ("corps-strength", "regiment-men"),
        ("war-refusals", "disagreements-sorts"),
        answers=_verdicts,
    ),
    "lesson-5": Paper(
        (),
        _ten_clauses,
        ("code-direction", "alpha-rare"),
        ("coding-own", "coding-percent"),
        answers=_coders,
        form=Form("My codes", ("Clause", "Main topic", "Other topics", "Where I hesitate"), 10),
    ),
    "project": Paper(
        (("verification", "How to help"),),
        _open,
        (),
        (),
        form=Form("Our finding", FINDING, 3, _finding),
    ),
}
