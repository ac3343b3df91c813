"""Questions: every right answer passes, every wrong one is told why, nothing is given away."""

from __future__ import annotations

import pytest
from conftest import ROOT
from treatybook import quizzes, read, tables
from treatybook.dates import parse
from treatybook.show import quiz_html

ROWS = read().quizzes.to_dict("records")
NAMES = [row["quiz_id"] for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_model_answer_passes_its_own_check(book, row):
    reply = quizzes.check(book, row["quiz_id"], f"  {row['answer'].upper()} ")
    assert reply.right
    assert row["why"] in str(reply)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_wrong_answers_are_told_why_without_the_right_one(book, row):
    wrong = [tables.pair(item) for item in row["feedback"]]
    assert wrong, "a question needs at least one wrong answer with its words"
    for answer, words in wrong:
        reply = quizzes.check(book, row["quiz_id"], answer)
        assert not reply.right
        assert words in reply.words
        assert row["answer"].casefold() not in f" {words.casefold()} ", "it gives the answer away"
    assert row["answer"].casefold() not in row["hint"].casefold()


@pytest.mark.parametrize("row", [row for row in ROWS if row["options"]], ids=lambda r: r["quiz_id"])
def test_every_choice_is_the_answer_or_has_words_of_its_own(row):
    assert row["answer"] in row["options"]
    assert set(row["options"]) == {
        row["answer"],
        *(tables.pair(item)[0] for item in row["feedback"]),
    }


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["event_id"]], ids=lambda r: r["quiz_id"]
)
def test_a_date_that_is_asked_for_is_the_date_of_its_event(book, row):
    dates = dict(zip(book.events["event_id"], book.events["date"], strict=True))
    assert parse(row["answer"]) == dates[row["event_id"]]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("1921-10-04", "more exact"),
        ("1921", "the sources say more"),
        ("1920-10", "another time"),
        ("1921-10?", "signs"),
        ("October 1921", "not a date in EDTF"),
    ],
)
def test_a_wrong_date_is_told_what_is_wrong_with_it(book, answer, words):
    reply = quizzes.check(book, "mission-month", answer)
    assert not reply.right
    assert words in reply.words


def test_the_number_and_the_direction_agree_with_the_data(book):
    men = int(book.forces[book.forces["force_id"] == "F063"]["low"].iloc[0])
    assert quizzes.check(book, "army-1924", f"{men:,}").right
    labels = book.codings[book.codings["clause_id"] == "RSFSR-MONGOLIA-1921/2/all"]["direction"]
    assert {quizzes.check(book, "code-direction", label).right for label in labels} == {True}


def test_every_question_stands_on_a_page_that_shows_it(book):
    for page in set(book.quizzes["page"]):
        text = (ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")
        assert f'quizzes.of_page(book, "{page}")' in text


def test_a_form_names_its_group_and_its_status_and_escapes_what_it_shows(book):
    html = quiz_html(quizzes.of_page(book, "mission"))
    assert html.count("<fieldset>") == html.count("<legend>") == html.count('role="status"')
    assert "=> " not in html
    plain = quiz_html(quizzes.of_page(book, "mission"), forms=False)
    assert "<form" not in plain
    assert "quizzes.check" in plain


def test_unknown_questions_and_pages_are_errors(book):
    with pytest.raises(KeyError, match="mission-month"):
        quizzes.check(book, "mission-monht", "1921")
    with pytest.raises(ValueError, match="no question on the page"):
        quizzes.of_page(book, "nowhere")
    with pytest.raises(ValueError, match="is not written as"):
        tables.pair("no arrow")
