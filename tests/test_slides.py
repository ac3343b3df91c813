"""Slides of the lessons: in a show, as a page without a script, on a phone; no answer too early."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from conftest import Visit, ask_axe, draw, visiting
from playwright.sync_api import Browser, Page, expect
from treatybook.display.content import FigureView
from treatybook.teaching import quizzes, slides
from treatybook.teaching.lessons import all_lessons
from treatybook.teaching.lessons import shown as shown_in

LESSONS = all_lessons()
DECKS = tuple(LESSONS)
# Words, buttons and drawings of the slide that is shown: how far down and right they reach, and
# the smallest size of words. A drawing counts as a whole: what lies outside its frame is cut.
MEASURE = """() => {
  const slide = document.querySelector('section.present');
  const parts = [...slide.querySelectorAll('*')].filter((part) => part.getClientRects().length
    && !part.closest('.tb-words, .notes, .tb-data, script'));
  const boxes = parts.filter((part) => !part.matches('.tb-plot *')).map((part) => part.getBoundingClientRect());
  const words = parts.filter((part) =>
    [...part.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  return {bottom: Math.max(...boxes.map((box) => box.bottom)) - slide.getBoundingClientRect().top,
    right: Math.max(...boxes.map((box) => box.right)),
    smallest: Math.min(...words.map((part) => parseFloat(getComputedStyle(part).fontSize)))};
}"""
# Words of a drawing that lie over each other, or reach out of it.
CROWDED = """() => {
  const plot = document.querySelector('section.present .tb-plot');
  const frame = plot.getBoundingClientRect();
  const names = [...plot.querySelectorAll('.ytick text, .xtick text, .legendtext, .textpoint text, .annotation-text')]
    .map((text) => ({words: text.textContent, box: text.getBoundingClientRect()}))
    .filter(({words, box}) => box.width > 0 && !/^\\u2002/.test(words)); // numbers beside marks
  const out = names.filter(({box}) => box.left < frame.left - 1 || box.right > frame.right + 1
    || box.bottom > frame.bottom + 1);
  const over = names.filter(({box}, n) => names.some((other, m) => m > n
    && box.left < other.box.right - 2 && other.box.left < box.right - 2
    && box.top < other.box.bottom - 5 && other.box.top < box.bottom - 5));
  return [...out, ...over].map(({words}) => words);
}"""


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Visit]:
    """A visit with the screen of a projector."""
    projector = {"width": 1280, "height": 720}
    with visiting(browser, viewport=projector, base_url=f"{server}/slides/") as visit:
        yield visit


def each_slide(page: Page) -> Iterator[str]:
    """Go through the slides by keyboard, waiting for the figures of each; give their names."""
    total = page.evaluate("Reveal.getTotalSlides()")
    for number in range(total):
        if draw(page):
            # The colours of the theme are set by a second drawing.
            page.wait_for_timeout(300)
        yield page.locator("section.present").get_attribute("id")
        while page.evaluate("Reveal.getIndices().h") == number < total - 1:
            page.keyboard.press("ArrowRight")


def shown(page: Page) -> str:
    return page.evaluate("Reveal.getCurrentSlide().id")


@pytest.mark.parametrize("name", DECKS)
def test_a_deck_has_every_step_of_its_lesson_and_stays_in_the_book(soup, book, name):
    page, lesson = soup(f"slides/{name}.html"), LESSONS[name]
    names = [part["id"] for part in page.select("section")]
    assert names[:2] == ["question", "steps"] and names[-1] == "end"
    assert [key for key in names if key in {step.key for step in lesson.steps}] == [
        step.key for step in lesson.steps
    ]
    assert page.html["lang"] == "en"
    assert lesson.title in page.title.get_text()
    assert page.h1.get_text() == lesson.title
    assert all(part.find(["h1", "h2"]) for part in page.select("section"))
    steps = page.find(id="steps").select("li")
    assert [step.strong.get_text() for step in steps] == [step.minutes for step in lesson.steps]
    drawn = [view for views in shown_in(book, lesson).values() for view in views]
    drawn = [view for view in drawn if isinstance(view, FigureView)]
    assert len(page.select("figure.tb-figure")) == len(drawn)
    words = page.get_text()
    assert [mark for mark in ("{", "`", "**", "](") if mark in words] == []
    assert [key for key in book.clauses["clause_id"] if key in words] == []
    assert page.select('section a[href*="//"]') == []


def test_weak_evidence_is_marked_on_slides_as_on_pages(soup):
    for name in DECKS:
        for table in soup(f"slides/{name}.html").select(".tb-table table"):
            heads = [head.get_text() for head in table.select("thead th")]
            for row in table.select("tbody tr") if "Evidence" in heads else ():
                cells = row.find_all(["th", "td"])
                assert cells[heads.index("Evidence")].select_one(".tb-sign")


@pytest.mark.parametrize("name", DECKS)
def test_answers_to_what_is_sorted_stand_on_later_slides(soup, book, name: str):
    parts = {part["id"]: part for part in soup(f"slides/{name}.html").select("section")}
    for step in LESSONS[name].steps:
        asked = [quizzes.named(book, key) for key in step.asks]
        first, last = f"{step.key}-check-1", f"{step.key}-answers-1"
        if last not in parts:
            continue
        assert list(parts).index(first) < list(parts).index(last)
        told = [item.get_text() for item in parts[first].select("ol > li")]
        assert told == [quiz.prompt + " " for quiz in asked[: len(told)]], "no answer beside it"
        given = [item.strong.get_text() for item in parts[last].select("ol > li")]
        assert given == [quiz.answer for quiz in asked[: len(given)]]
    sorting = [key for key in parts if key.endswith("-answers-1")]
    assert sorting or name not in ("lesson-4", "lesson-5")


def test_a_table_is_divided_only_where_it_does_not_fit():
    short = {"By": "AIRAPETOV", "About": "appeal to keep Soviet troops", "Said": "12 July 1921"}
    assert len(list(slides._parts(pd.DataFrame([short] * 9)))) == 1
    parts = list(slides._parts(pd.DataFrame([{**short, "Said": "a long line " * 9}] * 9)))
    assert len(parts) > 1 and {tuple(part) for part in parts} == {tuple(short)}


def test_slides_name_clauses_as_prose_does(soup):
    assert soup("slides/lesson-5.html").find("a", string="Urga 1912, the preamble")


def test_signs_of_bars_are_told_on_their_slide(soup):
    legend = soup("slides/lesson-2.html").select_one("#words-and-boots .tb-legend").get_text()
    assert all(sign in legend for sign in ("about or uncertain", "how long, nobody says"))


OTHER_SLIDES = ".slides > section:not(.present)"
# Its deck is gone through each time, those of the others with the rare tests.
WHOLE = "lesson-2"


gone_through = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.rare if name != WHOLE else []) for name in DECKS]
)


@pytest.mark.parametrize(
    "name", [WHOLE, *(pytest.param(name, marks=pytest.mark.rare) for name in DECKS)]
)
def test_a_deck_in_a_folder_is_shown_by_keyboard_fits_and_is_accessible(
    visit, site, soup, request, name
):
    """Slides have few forms: in the deck that is seen each time axe looks at every third."""
    every = 1 if request.node.get_closest_marker("rare") else 3
    page, seen = visit.open((site / "slides" / f"{name}.html").as_uri()), []
    for slide in each_slide(page):
        seen.append(slide)
        size = page.evaluate(MEASURE)
        assert size["bottom"] <= 720 - 20, f"{slide} reaches {size['bottom']}"
        assert size["right"] <= 1280, f"{slide} reaches {size['right']}"
        figure = page.locator("section.present .tb-figure")
        assert size["smallest"] >= 24, f"{slide} has words of {size['smallest']} pixels"
        if figure.count():
            assert page.evaluate(CROWDED) == []
            marks = figure.locator(".scatterlayer path.point, .barlayer g.point > path")
            assert marks.count() > 0
        if figure.count() or len(seen) % every == 0:
            assert [f"{slide}: {fault}" for fault in faults(page)] == []
    assert seen == [part["id"] for part in soup(f"slides/{name}.html").select("section")]
    assert visit.elsewhere("file:") == []
    assert visit.errors == []


@pytest.mark.parametrize("name", ["lesson-1", "lesson-4"])
def test_quick_presses_are_all_counted_and_home_leads_back(page: Page, name: str):
    page.goto(f"{name}.html")
    last = page.evaluate("Reveal.getTotalSlides()") - 1
    over = "ArrowRight Space ArrowDown"
    for keys, number in (("ArrowRight " * 4, 4), ("End", last), (over, last), ("Home", 0)):
        for key in keys.split():
            page.keyboard.press(key)
        assert page.evaluate("Reveal.getIndices().h") == number


def test_after_a_button_was_clicked_the_arrows_turn_the_slides(page: Page):
    page.goto("lesson-2.html#/sentence-2")
    draw(page)
    page.get_by_role("button", name="1925").click()
    page.wait_for_timeout(100)
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("ArrowRight")
    assert shown(page) == "end"


def test_slides_follow_the_scheme_of_the_system_and_are_light_on_paper(page: Page):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto("lesson-2.html#/sentence-2")
    draw(page)
    ground, words = page.locator("body"), page.locator("#words-and-boots-plot .xtick text").first
    expect(ground).to_have_css("background-color", "rgb(20, 24, 30)")
    expect(words).to_have_css("fill", "rgb(206, 214, 221)")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(ground).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(words).to_have_css("fill", "rgb(34, 40, 50)")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(ground).to_have_css("background-color", "rgb(20, 24, 30)")
    page.emulate_media(color_scheme="light")
    expect(words).to_have_css("fill", "rgb(34, 40, 50)")


def test_the_ground_of_the_title_reaches_the_edges_of_any_screen(page: Page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("lesson-1.html")
    title = page.locator("#question").evaluate("part => getComputedStyle(part).backgroundColor")
    expect(page.locator("body")).to_have_css("background-color", title)
    page.keyboard.press("ArrowRight")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


@gone_through
def test_no_answer_is_seen_before_its_turn(visit: Visit, soup, name: str):
    for part in soup(f"slides/{name}.html").select("section:has(.tb-answer)"):
        page = visit.open(f"{name}.html#/{part['id']}")
        answer = page.locator(f"[id='{part['id']}'] .tb-answer p")
        expect(page.locator(f"[id='{part['id']}'] h2")).to_be_visible()
        expect(answer).to_be_hidden()
        page.keyboard.press("ArrowRight")
        expect(answer).to_be_visible()
    assert visit.errors == []


@gone_through
def test_without_javascript_all_slides_are_read_one_under_another(browser, server, name: str):
    with visiting(browser, java_script_enabled=False) as visit:
        page = visit.open(f"{server}/slides/{name}.html")
        tops = [part.bounding_box()["y"] for part in page.locator("section").all()]
        assert tops == sorted(set(tops))
        for head in page.locator("section :is(h1, h2)").all():
            expect(head).to_be_visible()
        dead = page.locator(".tb-explore:visible, .tb-buttons:visible, .tb-player:visible")
        assert dead.count() == 0
        for figure in page.locator(".tb-figure").all():
            expect(figure.locator(".tb-words")).to_be_visible()
            expect(figure.locator(".tb-drawn").locator("visible=true")).to_have_count(1)
            figure.locator("summary").click()
            expect(figure.locator("tbody tr").first).to_be_visible()
        for answer in page.locator(".tb-answer").all():
            expect(answer.locator("p")).to_be_hidden()
            answer.locator("summary").click()
            expect(answer.locator("p")).to_be_visible()
        expect(page.locator("aside.notes").first).to_be_hidden()


def faults(page: Page) -> list[str]:
    """What axe finds on the slide that is shown, in the light and in the colours of the dark.

    On slides without a figure words whose contrast axe could not see are faults too.
    """
    plain = not page.locator("section.present .tb-figure").count()
    found = []
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(0 if plain else 300)  # a figure takes its colours by a second drawing
        answer = ask_axe(page, OTHER_SLIDES, **rules)
        unseen = [fault for fault in answer["incomplete"] if fault["id"] == "color-contrast"]
        for fault in [*answer["violations"], *(unseen if plain else [])]:
            found += [f"{scheme}, {fault['id']}: {node['html'][:160]}" for node in fault["nodes"]]
    page.emulate_media(color_scheme="light")
    return found


def test_buttons_of_a_figure_work_by_keyboard_and_do_not_turn_the_slide(page: Page):
    page.goto("lesson-2.html#/sentence-2")
    draw(page)
    button = page.get_by_role("button", name="1925")
    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    low = "document.querySelector('#words-and-boots-plot > .tb-live').layout.xaxis.range[0]"
    assert page.evaluate(low).startswith("1924")
    assert shown(page) == "sentence-2"
    page.keyboard.press("ArrowRight")
    assert shown(page) == "end"


def test_the_view_of_the_speaker_has_the_expected_answers(visit: Visit, site: Path):
    page = visit.open((site / "slides" / "lesson-1.html").as_uri() + "#/end")
    expect(page.locator("#end h2")).to_be_visible()
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    expect(notes).to_contain_text("Expected.", timeout=15_000)
    assert visit.errors == []
