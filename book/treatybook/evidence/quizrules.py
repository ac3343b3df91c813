"""What questions must say: a page that shows them, options, one right answer, words for the wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from treatybook.evidence import dates, prose
from treatybook.evidence.errors import NEAR, nearest
from treatybook.evidence.reading import Problem, Row, nothing
from treatybook.evidence.register import Tables, needs
from treatybook.evidence.tables import ARROW, PLACEHOLDER, pair, split
from treatybook.evidence.wording import FURTHER, _

PAGE = re.compile(r"[a-z0-9-]{1,60}")
FEWEST_OPTIONS = 2


@needs("quizzes")
def pages_of_quizzes(tables: Tables) -> Iterator[Problem]:
    """A question stands on a page that shows its questions.

    A book about another agreement has pages of its own; nothing is said where none is known.
    """
    pages = {row["page"] for row in tables["quizzes"] if row["page"]}
    shown = sorted(page for page in pages if _shows_questions(page))
    for row in tables["quizzes"] if shown else ():
        if row["page"] and row["page"] not in shown:
            rule = _("no page of this name shows questions{near}; questions stand on: {pages}")
            near = nearest(row["page"], shown, NEAR)
            yield row.fault("page", rule.format(near=near, pages=", ".join(shown)))


def _shows_questions(page: str) -> bool:
    if not PAGE.fullmatch(page):
        return False
    text = prose.text_of_page(page)
    return f'quizzes.of_page(book, "{page}")' in text or "{step}" in text


@needs("quizzes")
def answers_of_quizzes(tables: Tables) -> Iterator[Problem]:
    """A question has one right answer, which is written out."""
    for row in tables["quizzes"]:
        if row["answer"] and (rule := _wrong_answer(row)):
            yield row.fault("answer", rule)


def _wrong_answer(row: Row) -> str:
    """What is allowed instead of an answer; empty if nothing is wrong with it."""
    options, answer = split(row["options"]), row["answer"]
    if _plain(answer) == PLACEHOLDER:
        return _("this only marks where a learner writes; write the right answer")
    if options and answer not in options:
        rule = _("the answer must be one of the options: {options}")
        return rule.format(options=", ".join(options))
    if row["event_id"]:
        try:
            dates.in_table(answer)
        except dates.DateError as error:
            rule = _("the question asks for the date of {event}: {fault}")
            return rule.format(event=row["event_id"], fault=error)
    return ""


@needs("quizzes")
def options_of_quizzes(tables: Tables) -> Iterator[Problem]:
    """There is something to choose from."""
    for row in tables["quizzes"]:
        if 0 < len(split(row["options"])) < FEWEST_OPTIONS:
            rule = _("a question has two options or more, or none if the answer is written")
            yield row.fault("options", rule)


@needs("quizzes")
def feedback_of_quizzes(tables: Tables) -> Iterator[Problem]:
    """What is said to a wrong answer stands behind that answer, once for each."""
    for row in tables["quizzes"]:
        bad = [item for item in split(row["feedback"]) if not _is_pair(item)]
        for item in bad:
            rule = _("write 'wrong answer{arrow}what is said to it', several separated by '; '")
            yield row.fault("feedback", rule.format(arrow=ARROW), item)
        if not bad and not _wrong_answer(row):
            yield from _wrong_feedback(row)


def _is_pair(item: str) -> bool:
    try:
        pair(item)
    except ValueError:
        return False
    return True


def _wrong_feedback(row: Row) -> Iterator[Problem]:
    """Feedback to the right answer, twice to one, to none of the options, or to none at all."""
    options = split(row["options"])
    answered = [pair(item)[0] for item in split(row["feedback"])]
    plain, right = [_plain(answer) for answer in answered], _plain(row["answer"])
    told = False
    for place, answer in enumerate(answered):
        rule = ""
        if plain[place] == right:
            rule = _("this is the right answer; feedback is for wrong ones")
        elif plain[place] in plain[:place]:
            rule = _("this answer has feedback already; once for each wrong answer")
        elif options and answer not in options:
            rule = _("feedback is for one of the options: {options}")
            rule = rule.format(options=", ".join(options))
        if rule:
            told = True
            yield row.fault("feedback", rule, answer)
    lacking = [x for x in options if x != row["answer"] and x not in answered]
    if lacking and not told:
        rule = _("each wrong option needs feedback: {options}")
        found = row["feedback"] or nothing()
        yield row.fault("feedback", rule.format(options=", ".join(lacking)), found)


@needs("quizzes")
def translations_of_quizzes(tables: Tables) -> Iterator[Problem]:
    """A question in another language has the same options, answer and feedback."""
    for row in tables["quizzes"]:
        for language in FURTHER:
            if f"options_{language}" in row.cells:
                yield from _astray(row, language)


def _astray(row: Row, language: str) -> Iterator[Problem]:
    """The first thing that a translated question has otherwise: an answer is judged by its words."""
    options, told = split(row["options"]), split(row[f"options_{language}"])
    if len(told) not in (0, len(options)):
        rule = _("as many options as in the column options, in the same order: {n}")
        yield row.fault(f"options_{language}", rule.format(n=len(options)))
        return
    if len(set(options)) < len(options) or (options and row["answer"] not in options):
        return  # told for the options themselves
    given = dict(zip(options, told, strict=False))
    answer, right = row[f"answer_{language}"], given.get(row["answer"], "")
    # A date is written alike everywhere; other words that a learner writes are free.
    if (options or row["event_id"]) and answer != right:
        rule = _("leave it empty")
        if right:
            rule = _("the option at the place of the answer: {option}").format(option=right)
        yield row.fault(f"answer_{language}", rule, answer or nothing())
    yield from _feedback_astray(row, language, given)


def _feedback_astray(row: Row, language: str, given: dict[str, str]) -> Iterator[Problem]:
    column, parts = f"feedback_{language}", split(row["feedback"])
    told = split(row[column])
    if not all(map(_is_pair, parts)) or not (told or given):
        return
    if len(told) != len(parts) or not all(map(_is_pair, told)):
        rule = _("as many parts as in the column feedback, in its form: {n}")
        yield row.fault(column, rule.format(n=len(parts)), row[column] or nothing())
        return
    for part, words in zip(parts, told, strict=True):
        wrong, answer = pair(part)[0], pair(words)[0]
        if row["options"] and answer != given.get(wrong):
            place = given.get(wrong)
            rule = _("translate the options first")
            if place:
                rule = _("the option at this place: {option}").format(option=place)
            yield row.fault(column, rule, answer)


def _plain(answer: str) -> str:
    """An answer without what does not matter: case and blanks."""
    return " ".join(answer.casefold().split())
