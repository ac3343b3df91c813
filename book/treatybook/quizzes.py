"""Questions with one right answer, which say what is wrong with a wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from treatybook.dates import DateError, parse
from treatybook.tables import Book, pair
from treatybook.view import Quiz, QuizView

NOT_YET = "Not yet."


@dataclass(frozen=True)
class Reply:
    """What a learner is told.

    Attributes
    ----------
    right : bool
        Whether the answer is right.
    words : str
        Why it is right, or what is wrong with it, without the right answer.
    """

    right: bool
    words: str

    def __str__(self) -> str:
        return self.words


def of_page(book: Book, page: str) -> QuizView:
    """The questions of one page.

    Parameters
    ----------
    book : Book
        The tables.
    page : str
        File name of the page without its ending.

    Raises
    ------
    ValueError
        If the page has no question.
    """
    rows = book.quizzes[book.quizzes["page"] == page].to_dict("records")
    if not rows:
        pages = ", ".join(sorted(set(book.quizzes["page"])))
        raise ValueError(f"no question on the page {page!r}; there are some on: {pages}")
    return QuizView(f"quiz-{page}", [question(book, row) for row in rows])


def question(book: Book, row: dict) -> Quiz:
    """A row of ``quizzes`` with all that is said to its answers."""
    return Quiz(
        name=row["quiz_id"],
        kind=book.labels("exercise_kind")[row["kind"]],
        aim=row["aim"],
        prompt=row["prompt"],
        options=row["options"],
        answer=row["answer"],
        right=f"Right. {row['why']}",
        wrong={answer: f"{NOT_YET} {words}" for answer, words in map(pair, row["feedback"])},
        other=f"{NOT_YET} {row['hint']}",
        hint=row["hint"],
        why=row["why"],
    )


def check(book: Book, quiz_id: str, answer: str) -> Reply:
    """Check an answer and say what is wrong with it.

    Parameters
    ----------
    book : Book
        The tables.
    quiz_id : str
        Name of the question, as the page shows it.
    answer : str
        The learner's answer.

    Returns
    -------
    Reply

    Raises
    ------
    KeyError
        If there is no such question; the message names the nearest one.
    """
    rows = {row["quiz_id"]: row for row in book.quizzes.to_dict("records")}
    if quiz_id not in rows:
        near = get_close_matches(quiz_id, list(rows), n=1)
        raise KeyError(
            f"no question {quiz_id!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        )
    row = rows[quiz_id]
    quiz, given = question(book, row), plain(answer)
    if given == plain(quiz.answer):
        return Reply(True, quiz.right)
    for wrong, words in quiz.wrong.items():
        if given == plain(wrong):
            return Reply(False, words)
    if quiz.options:
        return Reply(False, f"Choose one of: {' / '.join(quiz.options)}.")
    if row["event_id"]:
        return Reply(False, f"{NOT_YET} {_about_date(quiz.answer, answer.strip())}")
    return Reply(False, quiz.other)


def plain(answer: str) -> str:
    """An answer without what does not matter: case, blanks, commas and points in numbers."""
    text = " ".join(answer.casefold().split())
    digits = text.replace(",", "").replace(".", "").replace(" ", "")
    return digits if digits.isdigit() else text


def _about_date(right: str, given: str) -> str:
    """What is wrong with a date, by its days and its signs."""
    try:
        mine, theirs = parse(given), parse(right)
    except DateError as error:
        return f"That is not a date in EDTF: {error}"
    if (mine.earliest, mine.latest) == (theirs.earliest, theirs.latest):
        return "The days are right. Look at the signs ? and ~ once more."
    if theirs.earliest <= mine.earliest and mine.latest <= theirs.latest:
        return "That is more exact than the sources are."
    if mine.earliest <= theirs.earliest and theirs.latest <= mine.latest:
        return "That is not wrong, but the sources say more."
    return "That is another time."
