"""Questions: every right answer passes, every wrong one is told why, nothing is given away."""

from __future__ import annotations

import re
from itertools import groupby

import pytest
from bs4 import BeautifulSoup
from conftest import NOTEBOOKS, ROOT
from IPython.lib.pretty import pretty
from treatybook.display.rendering import MOST_BUTTONS, quiz_html
from treatybook.evidence import tables
from treatybook.evidence.dates import parse
from treatybook.evidence.tables import read
from treatybook.teaching import handouts, quizzes, slides
from treatybook.teaching.lessons import all_lessons

ROWS = read().quizzes.to_dict("records")
CHOICES = [row for row in ROWS if row["options"]]


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


def test_russian_answers_may_be_written_without_dots():
    assert quizzes.plain("Её приём") == quizzes.plain("ее ПРИЕМ")


@pytest.mark.parametrize("name", [row["quiz_id"] for row in ROWS if row["options_ru"]])
def test_a_question_in_russian_is_judged_by_its_russian_options(name):
    book = read(language="ru")
    row = book.rows("quizzes")[name]
    reply = quizzes.check(book, name, row["answer_ru"].upper())
    assert reply.right and row["why_ru"] in reply.words
    for answer, words in map(tables.pair, row["feedback_ru"]):
        reply = quizzes.check(book, name, answer)
        assert not reply.right and words in reply.words
    read(language="en")


@each(CHOICES)
def test_every_choice_is_the_answer_or_has_words_of_its_own(row):
    wrong = [tables.pair(item)[0] for item in row["feedback"]]
    assert set(row["options"]) == {row["answer"], *wrong}


@pytest.fixture(scope="module")
def sheets() -> dict[str, str]:
    """The handouts by name, made once."""
    return {sheet.name: sheet.body for sheet in handouts.sheets(read())}


def places() -> list[tuple[int, int]]:
    """Place of the right answer and number of options, question by question as a reader meets them."""
    met = sorted(CHOICES, key=lambda row: NOTEBOOKS.index(row["page"]))
    return [(row["options"].index(row["answer"]), len(row["options"])) for row in met]


def test_the_place_of_the_right_answer_tells_nothing():
    met = places()
    for place in range(max(number for _, number in met)):
        right = [mine == place for mine, number in met if number > place]
        assert 0.2 <= sum(right) / len(right) <= 0.5, place
    runs = [len(list(run)) for _, run in groupby(mine for mine, _ in met)]
    assert max(runs) < 4


def test_the_length_of_the_right_answer_tells_nothing():
    for extreme in (max, min):
        right = [extreme(row["options"], key=len) == row["answer"] for row in CHOICES]
        assert sum(right) <= len(right) / 2, extreme.__name__


@each(CHOICES)
def test_the_options_have_one_order_on_page_paper_and_in_the_notebook(book, row):
    page = quizzes.of_page(book, row["page"])
    number = [quiz.name for quiz in page.quizzes].index(row["quiz_id"])
    form = BeautifulSoup(quiz_html(page), "html.parser").select("form")[number]
    printed = BeautifulSoup(quiz_html(page, forms=False), "html.parser").select("ol, ul")
    listed = [tuple(item.get_text() for item in part.select("li")) for part in printed]
    assert tuple(box["value"] for box in form.select("input[type=radio]")) == row["options"]
    assert row["options"] in listed
    told = quizzes.check(book, row["quiz_id"], "something else").words
    assert told == f"Choose one of: {' / '.join(row['options'])}."


ASKED = [
    (name, key)
    for name, lesson in all_lessons().items()
    for step in lesson.steps
    for key in step.asks
]


@pytest.mark.parametrize("name", all_lessons())
def test_the_options_have_that_order_on_sheet_and_slide(book, sheets, name):
    boxes = BeautifulSoup(sheets[f"{name}-tasks"], "html.parser").select("ul.boxes, .grid thead")
    printed = {
        tuple(item.get_text().strip() for item in box.select("li, th + th")) for box in boxes
    }
    asked = [quizzes.named(book, key) for lesson, key in ASKED if lesson == name]
    few = {tuple(quiz.options) for quiz in asked if 0 < len(quiz.options) <= MOST_BUTTONS}
    assert printed == few
    deck = slides.deck(book, all_lessons()[name])
    told = [out["data"]["text/html"] for cell in deck.cells for out in cell.get("outputs", [])]
    parts = [
        part for html in told for part in BeautifulSoup(html, "html.parser")("ol", "tb-options")
    ]
    shown = {tuple(item.get_text() for item in part.select("li")) for part in parts}
    assert shown <= {tuple(quiz.options) for quiz in asked}
    alone = {key for step in all_lessons()[name].steps for key in step.asks if len(step.asks) == 1}
    assert {tuple(quizzes.named(book, key).options) for key in alone} - {()} <= shown


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w,]*\w", text.casefold())) - quizzes.SMALL_WORDS - {"about"}


# Of a statement and a clause the answers are words of the codebook, which the lesson explains.
OWN = [(name, key) for name, key in ASKED if key in {row["quiz_id"] for row in ROWS}]


@pytest.mark.parametrize(("name", "quiz"), OWN)
def test_no_line_of_a_task_sheet_answers_its_question(book, sheets, name, quiz):
    """A line that has most of the words of the right option alone, and none of a wrong one."""
    asked = quizzes.named(book, quiz)
    wrong = [words(option) for option in asked.options if option != asked.answer]
    own = words(asked.answer) - set().union(*wrong, words(asked.prompt))
    tree = BeautifulSoup(sheets[f"{name}-tasks"], "html.parser")
    for part in tree.select("section, ul.boxes"):
        if part.name == "ul" or asked.prompt in part.get_text():
            part.decompose()
    strange = set().union(*wrong) - words(asked.answer) - words(asked.prompt)
    # One or two words stand in many lines that answer nothing.
    for line in tree.select("p:not(.lines), li") if len(own) > 2 else ():
        told = words(line.get_text())
        assert told & strange or 3 * len(told & own) < 2 * len(own), line.get_text()


@each(ROWS)
def test_the_aim_of_a_question_is_not_its_answer(row):
    assert not {word for word in words(row["aim"]) & words(row["answer"]) if len(word) > 3}


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
        own = book.quizzes.loc[book.quizzes["page"] == page, "quiz_id"]
        in_steps = {key for lesson, key in ASKED if lesson == page}
        assert f'quizzes.of_page(book, "{page}")' in text or set(own) <= in_steps


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
