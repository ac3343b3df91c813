"""Questions with one right answer, which say what is wrong with a wrong one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

import pandas as pd

from treatybook.display.content import Quiz, QuizView, TableView
from treatybook.display.markdown import words_alone
from treatybook.display.output import PAGE_VARIABLE
from treatybook.evidence.dates import DateError, parse
from treatybook.evidence.errors import WrongArgument, checked, known_key, nearest
from treatybook.evidence.identifiers import said
from treatybook.evidence.tables import PLACEHOLDER, Book, pair
from treatybook.evidence.wording import _
from treatybook.teaching import lessons
from treatybook.views.disagreements import DATE_OF, field_words

WRITE_HERE = "Write here."  # stands where a learner writes more than a word
# Words that stand in many options, so that they name none of them.
SMALL_WORDS = frozenset(
    "a an and as at by for had have in is it no not of on or that the to "
    "а без бы в во для до же за и из или к как ко на не ни но о об от по под при с со то у что".split()
)


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

    def _repr_pretty_(self, printer, cycle: bool) -> None:
        """As the last line of a cell: the words alone."""
        printer.text(self.words)


@checked
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
    WrongArgument
        If the page has no question.
    """
    rows = [row for row in book.rows("quizzes").values() if row["page"] == page]
    if not rows:
        pages = sorted({row["page"] for row in book.rows("quizzes").values()})
        listed = f"there are some on: {', '.join(pages)}{nearest(page, pages)}"
        raise WrongArgument(f"no question on the page {page!r}; {listed}")
    return QuizView(f"quiz-{page}", [question(book, row) for row in rows])


@checked
def named(book: Book, quiz_id: str) -> Quiz:
    """The question of a name; errors as for :func:`check`.

    Beside the rows of ``quizzes`` every statement of the account under test is a question, to be
    judged, and every clause that both coders read, to be coded.
    """
    makers = {"quizzes": question, "statements": _judged_statement, "clauses": _coded_clause}
    for table, make in makers.items():
        if quiz_id in (rows := book.rows(table)):
            return make(book, rows[quiz_id])
    rows = book.rows("quizzes")
    return question(book, rows[known_key("question", quiz_id, rows, "quizzes.csv")])


def _judged_statement(book: Book, row: dict) -> Quiz:
    """A statement of the account under test: how far does it stand?

    The book's verdict is one reading beside the learner's, so no answer is called wrong.
    """
    rows = book.codebook.set_index(["list", "label"])
    kinds = book.labels("judgement")
    judgement = rows.loc[("verdict_type", row["verdict"]), "judgement"]
    if judgement not in kinds:
        raise WrongArgument(
            f"statement {row['statement_id']}: no learner can find {row['verdict']}"
        )
    answer = kinds[judgement]
    other = _("The book judges otherwise: {answer}.").format(answer=answer)
    reason = _("{reason} Whose reason is better?").format(reason=row["reason"])
    would = _("Your judgement would mean: {definition}")
    meant = {words: rows.loc[("judgement", key), "definition"] for key, words in kinds.items()}
    return Quiz(
        name=row["statement_id"],
        kind=_("Judge it"),
        aim=_("Judge one statement by what else was read."),
        prompt=row["digest"],
        options=tuple(kinds.values()),
        answer=answer,
        right=_("The book judges as you do. {reason}").format(reason=row["reason"]),
        wrong={
            words: f"{other} {would.format(definition=definition)} {reason}"
            for words, definition in meant.items()
            if words != answer
        },
        other=f"{other} {reason}",
        hint="",
        why=f"{row['reason']} {_behind(book, row)} {_change(book, row)}",
    )


def _behind(book: Book, row: dict) -> str:
    """The claims behind a verdict: what is said of each thing, and by whom."""
    things: dict[str, dict[str, list[str]]] = {}
    for claim in map(book.rows("claims").get, row["claims"]):
        if words := said(claim):
            act = field_words(claim["field"].partition(DATE_OF)[2])
            told = things.setdefault(act or claim["subject"], {})
            told.setdefault(words, []).append(claim["source"] or _("no source seen"))
    parts = [
        f"{thing[:1].upper()}{thing[1:]}: "
        + "; ".join(f"{words} ({', '.join(voices)})" for words, voices in told.items())
        for thing, told in things.items()
    ]
    if not parts:
        return _("No claim of another source is known.")
    return _("Who says what? {told}.").format(told=". ".join(parts))


def _change(book: Book, row: dict) -> str:
    """What would change a verdict: the first open question about one of its cases."""
    for check in book.rows("checks").values():
        if set(check["cases"]) & set(row["cases"]):
            return _("What would change it? {question}").format(question=check["question"])
    return _("What would change it? A better source that says something else.")


def _coded_clause(book: Book, row: dict) -> Quiz:
    """A clause of the agreements: which topic is its main one? Both coders count as right."""
    labels, codings = book.labels("topic"), book.codings
    own = codings[codings["clause_id"] == row["clause_id"]].set_index("coder")["topics"]
    if len(own) < 2:
        raise WrongArgument(f"clause {row['clause_id']}: two coders have not read it")
    first, second = (labels[own[coder][0]] for coder in ("A", "B"))
    rule = book.codebook.set_index(["list", "label"]).loc[("topic", own["A"][0]), "definition"]
    if first == second:
        alike = _("So both coders have it.")
        other = _("The coders have it otherwise: both {topic}.").format(topic=first)
    else:
        alike = _("So coder A has it; coder B has {topic}.").format(topic=second)
        other = _("The coders have it otherwise: A {first}, B {second}.")
        other = other.format(first=first, second=second)
    beside = _("So coder B has it; coder A has {topic}.").format(topic=first)
    told = _("{told} The codebook says of {topic}: {rule}")
    return Quiz(
        name=row["clause_id"],
        kind=_("Code it"),
        aim=_("Give a clause its main topic."),
        prompt=_("{clause} Which topic is the main one?").format(clause=row["digest"]),
        options=tuple(labels.values()),
        answer=first,
        right=alike,
        wrong={} if first == second else {second: beside},
        other=told.format(told=other, topic=first, rule=rule),
        hint=_("What does the clause deal with, whatever else it mentions?"),
        why=alike,
    )


def question(book: Book, row: dict) -> Quiz:
    """A row of ``quizzes`` with all that is said to its answers."""
    return Quiz(
        name=row["quiz_id"],
        kind=book.labels("exercise_kind")[row["kind"]],
        aim=row["aim"],
        prompt=row["prompt"],
        options=row["options"],
        answer=row["answer"],
        right=_("Right. {why}").format(why=row["why"]),
        wrong={answer: _not_yet(words) for answer, words in map(pair, row["feedback"])},
        other=_not_yet(row["hint"]),
        hint=row["hint"],
        why=row["why"],
        dates=_date_words(row) if row["event_id"] else {},
    )


def _not_yet(words: str) -> str:
    return _("Not yet. {words}").format(words=words)


def _date_words(row: dict) -> dict[str, str]:
    """What is said to dates, without the right one."""
    right = parse(row["answer"])
    form, marked, unmarked = _forms().get(right.precision) or _forms()["date"]
    words = {
        "form": _("That is not a date in EDTF. {form}.").format(form=form),
        "marked": marked if right.uncertain or right.approximate else unmarked,
        "finer": _("That is more exact than the sources are."),
        "coarser": _("That is not wrong, but the sources say more."),
        "another": _("That is another time. {hint}").format(hint=row["hint"]),
    }
    return {kind: _not_yet(text) for kind, text in words.items()}


def _forms() -> dict[str, tuple[str, str, str]]:
    """How a date of each precision is written, and what is said of one with a wrong mark.

    The examples answer no question.
    """
    return {
        "year": (
            _("Four digits for the year, as in 1925"),
            _("The year is right. Look at the signs ? and ~ once more."),
            _(
                "The year is right, but the signs ? and ~ mark a date as uncertain or approximate: "
                "here no mark is needed."
            ),
        ),
        "month": (
            _("Year, hyphen, two digits for the month, as in 1925-03"),
            _("The month is right. Look at the signs ? and ~ once more."),
            _(
                "The month is right, but the signs ? and ~ mark a date as uncertain or "
                "approximate: here no mark is needed."
            ),
        ),
        "day": (
            _(
                "Year, hyphen, two digits for the month, hyphen, two digits for the day, as in "
                "1915-01-31"
            ),
            _("The day is right. Look at the signs ? and ~ once more."),
            _(
                "The day is right, but the signs ? and ~ mark a date as uncertain or approximate: "
                "here no mark is needed."
            ),
        ),
        "date": (
            _("The year comes first, as in 1915-01-31"),
            _("The date is right. Look at the signs ? and ~ once more."),
            _(
                "The date is right, but the signs ? and ~ mark a date as uncertain or approximate: "
                "here no mark is needed."
            ),
        ),
    }


@checked
def check(book: Book, quiz_id: str, answer: object) -> Reply:
    """Check an answer and say what is wrong with it.

    Parameters
    ----------
    book : Book
        The tables.
    quiz_id : str
        Name of the question, as the page shows it.
    answer : str
        The learner's answer. Of an option a few words do, if they fit no other option.

    Returns
    -------
    Reply

    Raises
    ------
    WrongArgument
        If there is no such question; the message names the nearest one.
    """
    quiz = named(book, quiz_id)
    if not isinstance(answer, str):
        return Reply(False, _('Put your answer in quotes, like "1921".'))
    if plain(answer) in ("", PLACEHOLDER):
        return Reply(False, _("Write your answer between the quotes."))
    given = plain(_meant(quiz, answer))
    if given == plain(quiz.answer):
        return Reply(True, quiz.right)
    told = {plain(wrong): words for wrong, words in quiz.wrong.items()}
    if given in told:
        return Reply(False, told[given])
    if quiz.options and given not in map(plain, quiz.options):
        return Reply(False, _("Choose one of: {options}.").format(options=" / ".join(quiz.options)))
    kind = judged(quiz.answer, answer.strip()) if quiz.dates else "other"
    return Reply(kind == "right", {"right": quiz.right, "other": quiz.other, **quiz.dates}[kind])


def _meant(quiz: Quiz, answer: str) -> str:
    """The only option that has these words, such as a surname; else the answer as it is."""
    wanted = _words(answer)
    if plain(answer) in map(plain, quiz.options) or set(wanted.split()) <= SMALL_WORDS:
        return answer
    fitting = [option for option in quiz.options if wanted in _words(option)]
    return fitting[0] if len(fitting) == 1 else answer


def _words(text: str) -> str:
    """The words of a text with a blank around each, so that none is found within another."""
    words = re.findall(r"\w+", re.sub(r"(?<=\d)[,.](?=\d)", "", _folded(text)))
    return f" {' '.join(words)} "


def _folded(text: str) -> str:
    """A text in small letters; Russians write ё or е as they please."""
    return text.casefold().replace("ё", "е")


def plain(answer: str) -> str:
    """An answer without what does not matter: case, blanks, dots of ё, signs within numbers."""
    text = " ".join(_folded(answer).split())
    digits = re.sub(r"[,. ]", "", text)
    return digits if digits.isdigit() else text


@checked
def compare(book: Book, page: str, step: str, written: object) -> Reply:
    """Set what a learner wrote beside a model answer.

    Parameters
    ----------
    book : Book
        The tables.
    page : str
        The lesson, as ``lesson-1``.
    step : str
        Name of its step.
    written : str
        The learner's own words.

    Returns
    -------
    Reply
        The model and the criteria; nothing of them as long as nothing was written.

    Raises
    ------
    WrongArgument
        If there is no such lesson or step.
    """
    known = lessons.all_lessons()
    lesson = known[known_key("lesson", page, list(known))]
    found = {one.key: one for one in lesson.steps if one.model}
    one = found[known_key("step", step, list(found))]
    if not isinstance(written, str):
        return Reply(False, _('Put your words in quotes, like """So many words.""".'))
    if plain(written) in ("", plain(WRITE_HERE)):
        return Reply(False, _("Write your own words between the quotes first."))
    ticks = "\n".join(f"[ ] {criterion}" for criterion in one.criteria)
    model = words_alone(one.model, book)
    told = _("A model to compare with:\n{model}\n\nTick what holds for yours:\n{ticks}")
    return Reply(True, told.format(model=model, ticks=ticks))


def judged(right: str, given: str) -> str:
    """What a date is beside the right one, by its days and its signs.

    The script of the pages (``treatybook.js``) goes by the same rules and by the same grammar.

    Returns
    -------
    str
        ``right``, or a key of :attr:`Quiz.dates`.
    """
    try:
        mine, theirs = parse(given), parse(right)
    except DateError:
        return "form"
    if (mine.earliest, mine.latest) == (theirs.earliest, theirs.latest):
        signs = [(date.uncertain, date.approximate) for date in (mine, theirs)]
        return "right" if signs[0] == signs[1] else "marked"
    if theirs.earliest <= mine.earliest and mine.latest <= theirs.latest:
        return "finer"
    if mine.earliest <= theirs.earliest and theirs.latest <= mine.latest:
        return "coarser"
    return "another"


@checked
def when_done(done: bool, answers: TableView) -> TableView:
    """The answers, or in a notebook a line that asks for the reader's own first.

    A page of the book has no kernel that could wait, so the answers always stand on it.

    Parameters
    ----------
    done : bool
        Whether the reader has finished.
    answers : TableView
        What is shown then.
    """
    if done or os.environ.get(PAGE_VARIABLE):
        return answers
    first = _(
        "Write your own answers down first. Then change False to True in this cell and run it again."
    )
    return TableView(answers.name, _("The answers wait"), pd.DataFrame([{_("What to do"): first}]))
