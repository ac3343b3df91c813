"""Lessons: done alone on a phone, step by step, with an answer to each answer; one file for all forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import NO_STORAGE, PAGES, PHONE, ROOT, Visit, visiting
from playwright.sync_api import Browser, Locator, Page, expect
from treatybook.display.content import text_of
from treatybook.evidence import prose
from treatybook.site import notebooks
from treatybook.teaching import lessons, quizzes
from treatybook.teaching.lessons import LessonError, all_lessons

LESSONS = all_lessons()
each_lesson = pytest.mark.parametrize("name", LESSONS)
WHOLE = """
# What is asked?

*About 5 minutes.*

```{lesson} Lesson 9
:length: 50 minutes
:class: any
:aims: to see
:mark: Sourcing
:print: one

**Expected.** That.
**If somebody asks.** Say.
**Common mistakes.** None.
**For those who need help.** Help.
**Without computers.** Paper.
```

## First

::::{step} first
:minutes: 0–5
:ask: mission-head

```{class}
Look.
```
::::

## Second

::::{step} second
:minutes: 5–50

Write.

```{class}
Write.
```

```{model}
So.
```

```{criteria}
- one
- two
- three
```
::::
"""


def test_a_whole_lesson_is_read(monkeypatch):
    monkeypatch.setattr(prose, "texts", lambda: {"lesson-9": WHOLE})
    (lesson,) = all_lessons().values()
    assert [step.title for step in lesson.steps] == ["First", "Second"]
    assert lesson.steps[1].criteria == ("one", "two", "three")
    assert lesson.question == "" and lesson.items["Expected"] == "That."


def test_what_looks_back_on_a_step_is_not_read_before_it(monkeypatch):
    text = WHOLE.replace("## First", "## First\n\nBefore.").replace(
        "## Second", "After.\n\n## Second"
    )
    monkeypatch.setattr(prose, "texts", lambda: {"lesson-9": text})
    assert all_lessons()["lesson-9"].steps[0].text == "Before."


def test_room_to_write_is_a_number_or_what_stands_before_each_line(monkeypatch):
    asked = ":minutes: 0–5\n:lines: who? / when?\n:copy: noun\n"
    text = WHOLE.replace(":minutes: 0–5\n", asked).replace("5–50\n", "5–50\n:lines: 3\n")
    monkeypatch.setattr(prose, "texts", lambda: {"lesson-9": text})
    first, second = all_lessons()["lesson-9"].steps
    assert (first.lines, first.copied) == (("who?", "when?"), ("noun",))
    assert (second.lines, second.copied) == (("", "", ""), ())


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (":minutes: 0–5\n", "", r"step 'first': it needs minutes and what the class does"),
        (":ask: mission-head\n", "", "step 'first': it needs either questions to ask or a model"),
        ("- three\n", "", "step 'second': it needs 3 criteria beside a model"),
        ("Write.\n\n```{class}", "```{class}", "step 'second': it needs words that say what"),
        ("{step} second", "{step} first", "lesson-9.md: two steps have one name"),
        ("{step} second", "{step}", "step 'Second': it needs a name behind its directive"),
        (":print: one\n", "", "lesson-9.md: one lesson directive with print"),
        ("**Expected.** That.\n", "", "lesson-9.md: .* nothing under 'Expected'"),
        ("## Second\n", "", "it needs one step directive for each part"),
    ],
)
def test_a_lesson_that_cannot_be_done_is_refused(monkeypatch, was: str, now: str, said: str):
    assert was in WHOLE
    monkeypatch.setattr(prose, "texts", lambda: {"lesson-9": WHOLE.replace(was, now)})
    with pytest.raises(LessonError, match=said):
        all_lessons()


def test_every_lesson_is_in_the_book_and_the_page_for_teachers_leads_to_all_its_forms(site, soup):
    assert set(LESSONS) == {name for name in PAGES if re.match(r"lesson-|project", name)}
    page = soup("book/teach.html")
    for name, lesson in LESSONS.items():
        links = [link["href"] for link in page.select(f"#{name} a")]
        assert {f"{name}.html", *lessons.forms(lesson).values()} <= set(links)
        files = [site / "book" / link.partition("#")[0] for link in links]
        assert [file for file in files if not file.resolve().is_file()] == []


# ---- what is said to an answer, on the page and in the notebook ----


@pytest.fixture
def phone(browser: Browser, site: Path) -> Iterator[Visit]:
    """A pupil's phone with the built site alone."""
    with visiting(browser, **PHONE) as visit:
        yield visit


def answer(form: Locator, given: str) -> str:
    """Answer a question of a page; give what is said."""
    if (choice := form.locator("select")).count():
        choice.select_option(given)
    elif form.locator("input[type=radio]").count():
        form.locator(f'input[value="{given}"]').check()
    else:
        form.locator("input").fill(given)
    form.get_by_role("button", name="Check").click()
    return form.locator("output").inner_text()


# Between them they have every way to answer: buttons, a long list, a number, a sentence.
WHOLE_ON_A_PHONE = ("lesson-1", "lesson-5")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in WHOLE_ON_A_PHONE else pytest.mark.rare)
        for name in LESSONS
    ],
)
def test_a_lesson_is_done_from_start_to_end_on_a_phone(phone: Visit, site, book, name: str):
    page = phone.open((site / "book" / f"{name}.html").as_uri())
    steps = LESSONS[name].steps
    for number, step in enumerate(steps, start=1):
        expect(page.locator(".tb-steps .tb-place")).to_have_text(f"Step {number} of {len(steps)}")
        expect(page.locator(".tb-step:visible")).to_have_count(1)
        for quiz in (quizzes.named(book, key) for key in step.asks):
            form = page.locator(f'[id="quiz-{quiz.name}"]')
            form.get_by_role("button", name="Check").click()
            assert form.locator("output").inner_text() == "Give an answer first."
            fold = form.locator("details").last
            expect(fold).to_be_hidden()
            wrong = next((x for x in quiz.options if x != quiz.answer), "1066")
            told = answer(form, wrong)
            assert told == str(quizzes.check(book, quiz.name, wrong)) and told != quiz.right
            assert answer(form, quiz.answer) == quiz.right
            expect(fold).to_be_visible()
        if step.model:
            form, model = page.locator(".tb-write:visible"), page.locator(".tb-model")
            for odd in ("", "  \n "):
                form.locator("textarea").fill(odd)
                form.get_by_role("button").click()
                expect(form.locator("output")).to_have_text("Write your own words first.")
                expect(page.locator(".tb-model:visible")).to_have_count(0)
            form.locator("textarea").fill(f"Mine, of step {number}.")
            form.get_by_role("button").click()
            shown = model.locator("visible=true").first
            expect(shown).to_have_attribute("open", "")
            ticks = shown.get_by_role("checkbox")
            assert ticks.count() == len(step.criteria)
            ticks.first.check()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.locator(".tb-steps button").last.click()
    told = page.locator("#lesson-end").inner_text()
    for number, step in enumerate(steps, start=1):
        assert step.title in told
        assert (f"Mine, of step {number}." in told) == bool(step.model)
        assert all(quizzes.named(book, key).answer in told for key in step.asks)
    assert phone.errors == [] and phone.violations() == []


@each_lesson
def test_the_notebook_says_the_same(book, name: str):
    lesson = LESSONS[name]
    cells = notebooks.convert(ROOT / "book" / f"{name}.md", book).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    for step in lesson.steps:
        for key in step.asks:
            quiz = quizzes.named(book, key)
            assert f'quizzes.check(book, "{key}", "your answer")' in code
            assert quizzes.check(book, key, quiz.answer).right
            assert quizzes.check(book, key, "").words == "Write your answer between the quotes."
            for odd in (None, ["a"], 1921):
                assert "Put your answer in quotes" in quizzes.check(book, key, odd).words
        if step.model:
            call = f'quizzes.compare(book, "{name}", "{step.key}", """{quizzes.WRITE_HERE}""")'
            assert call in code
            for odd in ("", "  ", quizzes.WRITE_HERE):
                assert not quizzes.compare(book, name, step.key, odd).right
            assert "in quotes" in quizzes.compare(book, name, step.key, 5).words
            told = quizzes.compare(book, name, step.key, "My own words.").words
            assert all(f"[ ] {criterion}" in told for criterion in step.criteria)
    text = "\n".join(cell.source for cell in cells)
    assert "{step}" not in text and "{model}" not in text and "{lesson}" not in text
    assert lesson.items["Expected"][:40] not in text, "what teachers expect is for teachers"


def test_a_lesson_or_step_that_is_not_there_is_named(book):
    with pytest.raises(ValueError, match="lesson-1"):
        quizzes.compare(book, "lesson-77", "guess", "So.")
    with pytest.raises(ValueError, match="guess"):
        quizzes.compare(book, "lesson-1", "ges", "So.")


def test_a_verdict_is_seen_only_after_the_pupil_judged(book, soup):
    for name, lesson in LESSONS.items():
        asked = {key for step in lesson.steps for key in step.asks} & set(book.rows("statements"))
        page = BeautifulSoup(str(soup(f"book/{name}.html").select_one("article")), "html.parser")
        for form in page.select("form.tb-quiz"):
            form.decompose()
        told = page.get_text(" ")
        for key in asked:
            assert book.rows("statements")[key]["reason"] not in told, f"{name} {key}"


def test_a_judgement_that_differs_is_told_what_it_would_mean_on_one_scale(book):
    quiz = quizzes.named(book, "S24")
    told = {quizzes.check(book, "S24", words).words for words in quiz.options}
    assert len(told) == len(quiz.options)
    scale = book.codebook[book.codebook["list"] == "verdict_type"]["label_en"]
    assert not any(quiz.why.startswith(label) for label in scale)
    assert "Where to look" not in quiz.why


def test_a_tick_has_no_markup_for_it_is_shown_as_it_stands():
    ticks = [tick for lesson in LESSONS.values() for step in lesson.steps for tick in step.criteria]
    assert [tick for tick in ticks if re.search(r"[*`{]|\]\(", tick)] == []


# ---- what stays, and what works without ----


def first_writing(name: str) -> int:
    return next(n for n, step in enumerate(LESSONS[name].steps) if step.model)


def write(visit: Visit, name: str, words: str) -> Locator:
    for _ in range(first_writing(name)):
        visit.page.locator(".tb-steps button").last.click()
    area = visit.page.locator(".tb-write:visible textarea")
    area.fill(words)
    return area


def test_a_lesson_that_was_only_opened_writes_nothing(phone: Visit, server: str):
    page = phone.open(f"{server}/book/lesson-1.html")
    expect(page.locator(".tb-steps")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('lesson'))") == []


def test_nothing_is_lost_on_reload_and_begin_anew_forgets(phone: Visit, server: str):
    # Not from a folder: there Chromium, when it is busy, now and then has an empty storage.
    page = phone.open(f"{server}/book/lesson-1.html")
    area = write(phone, "lesson-1", "My guess.")
    page.locator(".tb-write:visible button").click()
    page.wait_for_function("Object.values(localStorage).join().includes('My guess.')")
    page.reload()
    expect(area).to_have_value("My guess.")
    expect(page.locator(".tb-model").first).to_have_attribute("open", "")
    while page.locator(".tb-steps button").last.is_visible():
        page.locator(".tb-steps button").last.click()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator(".tb-write textarea").first).to_have_value("")


def test_a_lesson_works_where_storage_is_refused(browser: Browser, site):
    with visiting(browser, **PHONE) as visit:
        visit.page.add_init_script(NO_STORAGE)
        visit.page.goto((site / "book" / "lesson-1.html").as_uri())
        write(visit, "lesson-1", "My guess.")
        while visit.page.locator(".tb-steps button").last.is_visible():
            visit.page.locator(".tb-steps button").last.click()
        assert "My guess." in visit.page.locator("#lesson-end").inner_text()


def test_answers_are_copied_as_text_and_printed_with_every_step(phone: Visit, site):
    page = phone.open((site / "book" / "lesson-1.html").as_uri())
    write(phone, "lesson-1", "My guess.")
    while page.locator(".tb-steps button").last.is_visible():
        page.locator(".tb-steps button").last.click()
    page.get_by_role("button", name="Copy as text").click()
    expect(page.locator("#lesson-end > output")).not_to_be_empty()
    area = page.get_by_role("textbox", name="My answers as text")
    if area.count():  # a page from a folder may not write to the clipboard
        assert "My guess." in area.input_value()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".tb-step:visible")).to_have_count(len(LESSONS["lesson-1"].steps))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".tb-step:visible")).to_have_count(0)


def to_the_end(page: Page) -> str:
    while page.locator(".tb-steps button").last.is_visible():
        page.locator(".tb-steps button").last.click()
    return page.locator("#lesson-end").inner_text()


def test_the_summary_gives_the_right_answer_and_no_kind_of_question(phone: Visit, site, book):
    page = phone.open((site / "book" / "lesson-1.html").as_uri())
    page.locator(".tb-steps button").last.click()
    quiz = quizzes.named(book, "lesson-1-sukhbaatar")
    said = answer(page.locator(f"#quiz-{quiz.name}"), quiz.options[0])
    assert said.startswith("Not yet.")
    told = to_the_end(page)
    assert f"The answer: {quiz.answer}" in told and "Not yet." not in told
    assert quiz.prompt in told and f"{quiz.kind}." not in told


def test_while_the_steps_run_nothing_else_leads_on_or_covers_them(phone: Visit, site):
    page = phone.open((site / "book" / "lesson-1.html").as_uri())
    expect(page.locator(".tb-way")).to_be_hidden()
    page.locator(".tb-steps button").last.click()
    page.mouse.wheel(0, 600)
    page.mouse.wheel(0, -300)  # the theme shows its button to whoever scrolls back
    page.wait_for_timeout(300)
    expect(page.locator("#pst-back-to-top")).to_be_hidden()
    to_the_end(page)
    expect(page.locator(".tb-way")).to_be_visible()


def test_what_was_written_and_judged_stands_where_it_is_looked_at_again(phone: Visit, site, book):
    page = phone.open((site / "book" / "lesson-4.html").as_uri())
    write(phone, "lesson-4", "Days hold best.")
    page.locator(".tb-steps button").last.click()
    quiz = quizzes.named(book, "S02")
    answer(page.locator("#quiz-S02"), quiz.options[-1])
    while not page.locator("#step-review").is_visible():
        page.locator(".tb-steps button").last.click()
    told = page.locator("#step-review .tb-recall").inner_text()
    assert "You wrote: Days hold best." in told
    assert f"{quiz.prompt} You said: {quiz.options[-1]}." in told
    assert f"The book judges otherwise: {quiz.answer}." in told
    assert quizzes.named(book, "S19").prompt not in told, "it was not judged"


def test_keys_are_enough_and_the_focus_goes_along(phone: Visit, site):
    page = phone.open((site / "book" / "lesson-1.html").as_uri())
    page.locator(".tb-steps button").last.focus()
    page.keyboard.press("Enter")
    head = LESSONS["lesson-1"].steps[1].title
    assert head in page.evaluate("document.activeElement.textContent")


def test_an_address_within_a_step_opens_it(phone: Visit, site):
    step = LESSONS["lesson-1"].steps[2]
    page = phone.open(f"{(site / 'book' / 'lesson-1.html').as_uri()}#step-{step.key}")
    expect(page.locator(f"#step-{step.key}")).to_be_visible()


@each_lesson
def test_without_a_script_a_lesson_is_a_worksheet_with_folded_answers(browser, site, name: str):
    with visiting(browser, java_script_enabled=False, **PHONE) as visit:
        page = visit.open((site / "book" / f"{name}.html").as_uri())
        steps = LESSONS[name].steps
        expect(page.locator(".tb-step:visible")).to_have_count(len(steps))
        models = page.locator(".tb-model")
        assert models.count() == sum(bool(step.model) for step in steps)
        for model in models.all():
            expect(model.locator(".tb-criteria")).to_be_hidden()
            model.locator("summary").click()
            expect(model.locator(".tb-criteria")).to_be_visible()


# ---- the other forms ----


@each_lesson
def test_what_the_cells_show_is_on_the_source_sheet(book, site, name: str):
    sheet = (site / "book" / f"sheet-{name}-sources.html").read_text("utf-8")
    for views in lessons.shown(book, LESSONS[name]).values():
        for table in lessons.tables(views):
            assert table.caption.split(":")[0] in BeautifulSoup(sheet, "html.parser").get_text()


def test_the_first_lesson_counts_its_lines_rightly(book):
    from treatybook.views import disagreements

    told = [
        text_of(cell) for cell in disagreements.claims_table(book, "D-01").frame["What is said"]
    ]
    named = [words for words in told if "Danzan" in words]
    assert (len(told), len(named)) == (8, 6), "as lesson-1-sentence has it"
    assert sum("Sükhbaatar" in words for words in told) == 1, "as lesson-1-sukhbaatar has it"


def test_what_the_fifth_lesson_says_of_agreement_is_so(book):
    coders = [book.codings[book.codings["coder"] == name] for name in "AB"]
    both = coders[0].merge(coders[1], on="clause_id")
    alike = (both["topics_x"].str[0] == both["topics_y"].str[0]).sum()
    whole = (both["topics_x"] == both["topics_y"]).sum()
    assert 1 / 3 < 1 - whole / alike < 1 / 2, "more than a third"
    assert quizzes.check(book, "lesson-5-of-100", str(round(100 * alike / len(both)))).right
    mains = both[["topics_x", "topics_y"]].map(lambda topics: topics[0])
    pairs = mains[mains["topics_x"] != mains["topics_y"]].value_counts()
    assert set(pairs[1:]) == {1}, "every other pair comes once"
    assert "more than a third of those that agree are lost" in prose.text_of_page("lesson-5")


def test_a_source_has_a_plain_name_before_its_short_one(book):
    from treatybook.views import disagreements

    view = disagreements.claims_table(book, "D-01").only("By", rows=["LCW42", "XXVEK"])
    named = view.named({"LCW42": "footnote"})
    assert sorted(map(text_of, named.frame["By"])) == ["XXVEK", "footnote (LCW42)"]
    assert [cell.href for cell in named.frame["By"]] == [cell.href for cell in view.frame["By"]]


def test_a_table_of_a_lesson_that_lacks_a_row_or_column_says_so(book):
    from treatybook.views import disagreements

    view = disagreements.claims_table(book, "D-01")
    with pytest.raises(LookupError, match="lacks the row NOBODY"):
        view.only("By", rows=["NOBODY"])
    with pytest.raises(LookupError, match="lacks the column Weight"):
        view.only("Weight")
