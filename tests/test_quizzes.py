"""Questions: every right answer passes, every wrong one is told why, nothing is given away."""

from __future__ import annotations

import pytest
from conftest import ROOT
from IPython.lib.pretty import pretty
from treatybook.display.rendering import quiz_html
from treatybook.evidence import tables
from treatybook.evidence.dates import parse
from treatybook.evidence.tables import read
from treatybook.teaching import quizzes

ROWS = read().quizzes.to_dict("records")


def each(rows: list[dict]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row["quiz_id"])


@each(ROWS)
def test_the_model_answer_passes_its_own_check(book, row):
    reply = quizzes.check(book, row["quiz_id"], f"  {row['answer'].upper()} ")
    assert reply.right
    assert row["why"] in str(reply)


@each(ROWS)
def test_wrong_answers_are_told_why_without_the_right_one(book, row):
    wrong = [tables.pair(item) for item in row["feedback"]]
    assert wrong, "a question needs at least one wrong answer with its words"
    for answer, words in wrong:
        reply = quizzes.check(book, row["quiz_id"], answer)
        assert not reply.right
        assert words in reply.words
        assert row["answer"].casefold() not in f" {words.casefold()} ", "it gives the answer away"
    assert row["answer"].casefold() not in row["hint"].casefold()


@each([row for row in ROWS if row["options"]])
def test_every_choice_is_the_answer_or_has_words_of_its_own(row):
    wrong = [tables.pair(item)[0] for item in row["feedback"]]
    assert set(row["options"]) == {row["answer"], *wrong}


@each([row for row in ROWS if row["event_id"]])
def test_a_date_that_is_asked_for_is_that_of_its_event_and_no_reply_gives_it_away(book, row):
    event = book.events.set_index("event_id").loc[row["event_id"]]
    assert parse(row["answer"]) == event["date"]
    for words in quizzes.question(book, row).dates.values():
        assert row["answer"] not in words


# What is said to dates where the right one is 1921-10, on a page and in a notebook.
WRITTEN = {
    "Right.": ("1921-10", " 1921-10 ", "1921-10-XX", "1921-10/1921-10"),
    "The month is right, but the signs ? and ~ mark": ("1921-10?", "1921-10~", "1921-10%"),
    "more exact": ("1921-10-04", "1921-10-01", "1921-10-31", "1921-10-05/1921-10-07"),
    "the sources say more": (
        *("1921", "192X", "1921-23", "1921-XX-XX", "1921-10/1921-11", "1921-10/", "../1921-12"),
        *("1921-10/..", "1921~"),
    ),
    "another time": ("1920-10", "1921-24", "1920-02-29", "193X"),
    # These two are wrong in a way that the table of questions knows.
    "signed in November": ("1921-11",),
    "One editorial note": ("1921-11-02",),
    "Year, hyphen, two digits for the month, as in 1925-03.": (
        *("1921-9", "192110", "October 1921", "1921-13", "1921-00", "1921-25", "1921-10-32"),
        *("1921-11-31", "1921-02-29", "1921-12/1921-01", "/", "1921/1922/1923", "192x", "0000"),
        *("000X", "1921-10-00", "1921-1X", "+1921"),
    ),
}


def test_a_wrong_date_is_told_what_is_wrong_with_it_and_how_it_is_written(book):
    for words, answers in WRITTEN.items():
        for answer in answers:
            reply = quizzes.check(book, "mission-month", answer)
            assert reply.right == (words == "Right."), answer
            assert words in reply.words, answer


def test_a_day_is_told_how_it_is_written(book):
    words = quizzes.check(book, "note-peking", "6 March 1925").words
    assert "two digits for the day, as in 1915-01-31." in words


def test_an_answer_without_quotes_is_told_to_have_them(book):
    for answer in (1921 - 10, 4000, None):
        reply = quizzes.check(book, "mission-month", answer)
        assert not reply.right
        assert reply.words == 'Put your answer in quotes, like "1921".'
    for answer in ("", "  ", "your answer"):
        words = quizzes.check(book, "mission-head", answer).words
        assert words == "Write your answer between the quotes."


@pytest.mark.parametrize(
    ("name", "answer", "right", "choose"),
    [
        ("mission-head", "Danzan", True, False),
        ("mission-head", "soliin", True, False),
        ("mission-head", "Sükhbaatar", False, False),
        ("who-was-there", "kyakhta", True, False),
        ("corps-strength", "10,500", False, False),
        ("code-direction", "MN → RU", True, False),
        # These fit several options or none.
        ("who-was-there", "1913", False, True),
        ("regiment-men", "no", False, True),
        ("mission-head", "Danzan or Bodoo", False, True),
    ],
)
def test_a_part_that_fits_one_option_alone_is_that_option(book, name, answer, right, choose):
    reply = quizzes.check(book, name, answer)
    assert reply.right == right
    asked = "Choose one of" in reply.words
    assert asked == reply.words.startswith("Choose one of: ") == choose


def test_as_the_last_line_of_a_cell_a_reply_is_its_words(book):
    reply = quizzes.check(book, "mission-head", "Danzan")
    assert pretty(reply) == reply.words


def test_a_page_answers_a_written_date_with_the_words_of_the_notebook(book, browser):
    """The page checks in the browser; the two must not tell a learner different things."""
    view = quizzes.of_page(book, "mission")
    script = (ROOT / "book" / "_static" / "treatybook.js").read_text(encoding="utf-8")
    page = browser.new_page()
    page.set_content(f"{quiz_html(view)}<script>{script}</script>")
    form = page.locator("#quiz-mission-month")
    for answer in (answer for answers in WRITTEN.values() for answer in answers):
        form.get_by_label("Your answer").fill(answer)
        form.get_by_role("button", name="Check").click()
        said = form.get_by_role("status").inner_text()
        assert said == quizzes.check(book, "mission-month", answer).words, answer
    page.close()


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


def test_words_for_an_answer_need_an_arrow():
    with pytest.raises(ValueError, match="is not written as"):
        tables.pair("no arrow")
