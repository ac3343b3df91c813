"""Slides of the lessons: in a show, as a page without a script, on a phone; no answer too early."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect
from test_browser import Visit
from test_tour import AXE_OPTIONS
from treatybook.teaching import slides
from treatybook.teaching.lessons import all_lessons

LESSONS = all_lessons()
DECKS = tuple(slides.DECKS)
SMALLEST = {"campaign": 22}  # words in figures that must be smaller than elsewhere
FIGURES = {
    name: sum(isinstance(part, slides.Drawn) for part in parts)
    for name, (_, parts) in slides.DECKS.items()
}
# Words, buttons and drawings of the slide that is shown: how far down and right they reach, and
# the smallest size of words. A drawing counts as a whole: what lies outside its frame is cut.
MEASURE = """() => {
  const slide = document.querySelector('section.present');
  const box = slide.getBoundingClientRect();
  let bottom = 0, right = 0, smallest = 99;
  for (const part of slide.querySelectorAll('*')) {
    if (part.closest('.tb-words, .notes, .tb-data, script')) continue;
    const own = part.getBoundingClientRect();
    if (!own.width || !own.height) continue;
    const drawing = part.closest('.tb-plot');
    if (!drawing || drawing === part) {
      bottom = Math.max(bottom, own.bottom - box.top);
      right = Math.max(right, own.right - box.left);
    }
    if ([...part.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
      smallest = Math.min(smallest, parseFloat(getComputedStyle(part).fontSize));
  }
  return {bottom, right, smallest};
}"""
# Words of a drawing that lie over each other, or reach out of it.
CROWDED = """() => {
  const plot = document.querySelector('section.present .tb-plot');
  const frame = plot.getBoundingClientRect();
  const names = [...plot.querySelectorAll('.ytick text, .xtick text, .legendtext, .textpoint text, .annotation-text')]
    .map((text) => ({words: text.textContent, box: text.getBoundingClientRect()}))
    .filter(({box}) => box.width > 0);
  const out = names.filter(({box}) => box.left < frame.left - 1 || box.right > frame.right + 1
    || box.bottom > frame.bottom + 1);
  const over = names.filter(({box}, n) => names.some((other, m) => m > n
    && box.left < other.box.right - 2 && other.box.left < box.right - 2
    && box.top < other.box.bottom - 5 && other.box.top < box.bottom - 5));
  return [...out, ...over].map(({words}) => words);
}"""


def soup(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / "slides" / f"{name}.html").read_text("utf-8"), "html.parser")


@pytest.fixture
def projector(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    yield Visit(context.new_page())
    context.close()


def each_slide(page: Page) -> Iterator[str]:
    """Go through the slides by keyboard, waiting for the figures of each; give their names."""
    total = page.evaluate("Reveal.getTotalSlides()")
    for number in range(total):
        for plot in page.locator("section.present .tb-plot").all():
            expect(plot).to_have_attribute("data-drawn", "true", timeout=30_000)
            # The colours of the theme are set by a second drawing.
            page.wait_for_timeout(300)
        yield page.locator("section.present").get_attribute("id")
        while page.evaluate("Reveal.getIndices().h") == number < total - 1:
            page.keyboard.press("ArrowRight")


def test_every_lesson_has_a_deck_and_its_plan_leads_to_it(site):
    assert tuple(LESSONS) == DECKS
    plan = BeautifulSoup((site / "book" / "teach.html").read_text("utf-8"), "html.parser")
    for name in DECKS:
        (link,) = plan.select(f'a[href="../slides/{name}.html"]')
        assert link.find_parent("section").find(id=name)
        assert (site / "slides" / f"{name}.html").is_file()


@pytest.mark.parametrize("name", DECKS)
def test_a_deck_has_its_parts_and_says_the_words_of_the_plan(site, book, name):
    page, lesson = soup(site, name), LESSONS[name]
    names = [part["id"] for part in page.select("section")]
    assert 6 <= len(names) <= 10
    assert names[:3] == ["question", "aims", "steps"]
    assert names[-2:] == ["check", "end"]
    assert page.html["lang"] == "en"
    assert lesson.title in page.title.get_text()
    assert page.h1.get_text() == lesson.title
    assert all(part.find(["h1", "h2"]) for part in page.select("section"))
    steps = page.find(id="steps").select("li")
    assert [step.strong.get_text() for step in steps] == [when for when, _ in lesson.steps]
    assert len(page.select("figure.tb-figure")) == FIGURES[name]
    words = page.get_text()
    assert not any(mark in words for mark in ("{", "`", "**", "]("))


@pytest.mark.parametrize("name", DECKS)
def test_figures_and_tables_are_labelled_and_their_ids_stand_once(site, name):
    page = soup(site, name)
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for labelled in page.select("[aria-labelledby]"):
        assert page.find(id=labelled["aria-labelledby"]).get_text(strip=True)
    for table in page.select("table"):
        assert table.caption.get_text(strip=True)
        assert all(head.get("scope") in ("col", "row") for head in table.select("th"))


@pytest.mark.parametrize("name", DECKS)
def test_links_of_a_deck_lead_somewhere_and_nothing_comes_from_elsewhere(site, name):
    page = soup(site, name)
    loaded = [tag["src"] for tag in page.select("[src]")]
    loaded += [tag["href"] for tag in page.select("link")]
    for address in [*loaded, *(tag["href"] for tag in page.select("section a[href]"))]:
        assert not address.startswith(("http:", "https:", "//"))
        path, _, anchor = address.partition("#")
        path = path.partition("?")[0]
        target = (site / "slides" / path).resolve()
        assert target.is_file(), address
        if anchor:
            assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), address


def test_weak_evidence_is_marked_on_slides_as_on_pages(site, book):
    for name in DECKS:
        for table in soup(site, name).select(".tb-table table"):
            heads = [head.get_text() for head in table.select("thead th")]
            if "Evidence" in heads:
                place = heads.index("Evidence")
                for row in table.select("tbody tr"):
                    assert row.find_all(["th", "td"])[place].select_one(".tb-sign")


def test_the_verdicts_of_the_book_wait_for_a_slide_of_their_own(site):
    page = soup(site, "lesson-4")
    slides_with_rows = [part for part in page.select("section") if part.select("tbody tr")][-4:]
    before, after = slides_with_rows[:2], slides_with_rows[2:]
    rows = [[len(part.select("tbody tr")) for part in half] for half in (before, after)]
    assert rows[0] == rows[1] == [6, 5]
    assert not any("Verdict" in part.get_text() for part in before)
    assert any("wrong" in part.get_text() for part in after)


def test_slides_name_clauses_as_prose_does_and_show_no_keys(site, book):
    for name in DECKS:
        words = soup(site, name).get_text()
        assert [key for key in book.clauses["clause_id"] if key in words] == []
    assert soup(site, "lesson-5").find("a", string="Urga 1912, the preamble")


def test_the_topics_that_the_lesson_asks_for_stand_on_two_slides(site):
    rows = [
        [head.get_text() for head in part.select("tbody th")]
        for part in soup(site, "lesson-3").select("section")
        if "topic by topic (" in part.get_text()
    ]
    assert rows == [["recognition", "troops"], ["earlier treaties", "third parties"]]


def test_signs_of_bars_are_told_on_their_slide(site):
    words = soup(site, "lesson-2").find(id="words-and-boots-caption").get_text()
    assert all(sign in words for sign in ("hatched", "unfilled", "pale", "A thin line"))


@pytest.mark.parametrize("name", DECKS)
def test_a_deck_is_shown_from_a_folder_by_keyboard_fits_the_screen_and_is_accessible(
    projector: Visit, site: Path, name: str
):
    projector.open((site / "slides" / f"{name}.html").as_uri())
    page, seen = projector.page, []
    for slide in each_slide(page):
        seen.append(slide)
        size = page.evaluate(MEASURE)
        assert size["bottom"] <= 720 - 20, f"{slide} reaches {size['bottom']}"
        assert size["right"] <= 1280, f"{slide} reaches {size['right']}"
        figure = page.locator("section.present .tb-figure")
        least = SMALLEST.get(figure.get_attribute("id"), 24) if figure.count() else 24
        assert size["smallest"] >= least, f"{slide} has words of {size['smallest']} pixels"
        if figure.count():
            assert page.evaluate(CROWDED) == []
            marks = figure.locator(".scatterlayer path.point, .barlayer g.point > path")
            assert marks.count() > 0
        assert [f"{slide}: {fault}" for fault in faults(page)] == []
    assert seen == [part["id"] for part in soup(site, name).select("section")]
    elsewhere = ("file:", "data:", "blob:")
    assert [url for url in projector.requests if not url.startswith(elsewhere)] == []
    assert projector.errors == []


def test_the_list_of_every_month_fits_beside_the_map(projector: Visit, site: Path):
    projector.open((site / "slides" / "lesson-4.html").as_uri() + "#/look-1")
    page = projector.page
    expect(page.locator("#campaign-plot")).to_have_attribute("data-drawn", "true")
    slider = page.get_by_role("slider", name="Month")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(int(slider.get_attribute("max")) + 1):
        month = page.locator("#campaign output").inner_text()
        assert page.evaluate(CROWDED) == [], month
        page.keyboard.press("ArrowRight")
    assert "?" not in page.locator("#campaign-plot").inner_text()


@pytest.mark.parametrize("name", ["lesson-1", "lesson-4"])
def test_quick_presses_are_all_counted_and_home_leads_back(
    projector: Visit, server: str, name: str
):
    projector.open(f"{server}/slides/{name}.html")
    page = projector.page
    number = "Reveal.getIndices().h"
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(number) == 4
    page.keyboard.press("End")
    last = page.evaluate("Reveal.getTotalSlides()") - 1
    assert page.evaluate(number) == last
    for key in ("ArrowRight", "Space", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate(number) == last
    page.keyboard.press("Home")
    assert page.evaluate(number) == 0


def test_after_the_slider_was_moved_by_mouse_the_arrows_turn_the_slides_again(
    projector: Visit, server: str
):
    projector.open(f"{server}/slides/lesson-4.html#/look-1")
    page = projector.page
    expect(page.locator("#campaign-plot")).to_have_attribute("data-drawn", "true")
    page.get_by_role("slider", name="Month").click(position={"x": 20, "y": 8})
    expect(page.locator("#campaign output")).not_to_have_text("August 1921")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "look-2"
    page.keyboard.press("Home")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "question"


def test_slides_follow_the_scheme_of_the_system_and_are_light_on_paper(
    browser: Browser, server: str
):
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{server}/slides/lesson-2.html#/look-1")
    plot = page.locator("#words-and-boots-plot")
    expect(plot).to_have_attribute("data-drawn", "true", timeout=30_000)
    ground, words = page.locator("body"), plot.locator(".xtick text").first
    expect(ground).to_have_css("background-color", "rgb(20, 24, 30)")
    expect(words).to_have_css("fill", "rgb(206, 214, 221)")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(ground).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(words).to_have_css("fill", "rgb(34, 40, 50)")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(ground).to_have_css("background-color", "rgb(20, 24, 30)")
    page.emulate_media(color_scheme="light")
    expect(words).to_have_css("fill", "rgb(34, 40, 50)")
    context.close()


def test_the_ground_of_the_title_reaches_the_edges_of_any_screen(browser: Browser, server: str):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{server}/slides/lesson-1.html")
    title = page.locator("#question").evaluate("part => getComputedStyle(part).backgroundColor")
    expect(page.locator("body")).to_have_css("background-color", title)
    page.keyboard.press("ArrowRight")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.close()


@pytest.mark.parametrize("place", ["folder", "server"])
def test_slides_figures_and_hover_labels_use_the_letters_of_the_book(
    projector: Visit, site: Path, server: str, place: str
):
    start = server if place == "server" else site.as_uri()
    projector.open(f"{start}/slides/lesson-3.html#/look-1")
    page = projector.page
    plot = page.locator("#promises-plot")
    expect(plot).to_have_attribute("data-drawn", "true", timeout=30_000)
    plot.locator(".scatterlayer path.point").first.hover(force=True)
    expect(plot.locator(".hoverlayer text").first).to_be_visible()
    # Before the browser is asked: its answer needs the page once more, which a folder refuses.
    assert projector.errors == []
    for part in (
        "section.present h2",
        "#promises-caption",
        ".slide-number a",
        "#promises-plot .xtick text",
        "#promises-plot .textpoint text",
        "#promises-plot .hoverlayer text",
    ):
        # From a folder each font is given to the page when it has been read, the bold one last.
        for _ in range(50):
            found = letters(page, part)
            if found == {"Treatybook Sans"}:
                break
            page.wait_for_timeout(100)
        assert found == {"Treatybook Sans"}, part


def letters(page: Page, selector: str) -> set[str]:
    """Fonts that the browser really took for the first element that fits."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    found = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"] for font in found}


@pytest.mark.parametrize("name", DECKS)
def test_the_answer_is_not_seen_before_its_turn(projector: Visit, server: str, name: str):
    projector.open(f"{server}/slides/{name}.html#/check")
    page = projector.page
    answer = page.locator("#check .tb-answer p")
    expect(page.locator("#check h2")).to_be_visible()
    expect(answer).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(answer).to_be_visible()
    assert projector.errors == []


@pytest.mark.parametrize("name", DECKS)
def test_without_javascript_all_slides_are_read_one_under_another(
    browser: Browser, server: str, name: str
):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/slides/{name}.html")
    tops = [part.bounding_box()["y"] for part in page.locator("section").all()]
    assert tops == sorted(set(tops))
    for head in page.locator("section :is(h1, h2)").all():
        expect(head).to_be_visible()
    dead = page.locator(".tb-plot:visible, .tb-buttons:visible, .tb-player:visible")
    assert dead.count() == 0
    for figure in page.locator(".tb-figure").all():
        expect(figure.locator(".tb-words")).to_be_visible()
        figure.locator("summary").click()
        expect(figure.locator("tbody tr").first).to_be_visible()
    expect(page.locator(".tb-answer p")).to_be_hidden()
    page.locator(".tb-answer summary").click()
    expect(page.locator(".tb-answer p")).to_be_visible()
    expect(page.locator("aside.notes").first).to_be_hidden()
    context.close()


def faults(page: Page) -> list[str]:
    """What axe finds on the slide that is shown, in the light and in the colours of the dark.

    On slides without a figure words whose contrast axe could not see are faults too.
    """
    plain = not page.locator("section.present .tb-figure").count()
    found = []
    for scheme, rules in (
        ("light", AXE_OPTIONS["runOnly"]),
        ("dark", ["color-contrast"]),
    ):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(0 if plain else 300)  # a figure takes its colours by a second drawing
        answer = Axe().run(page, options={**AXE_OPTIONS, "runOnly": rules}).response
        unseen = [fault for fault in answer["incomplete"] if fault["id"] == "color-contrast"]
        for fault in [*answer["violations"], *(unseen if plain else [])]:
            found += [f"{scheme}, {fault['id']}: {node['html'][:160]}" for node in fault["nodes"]]
    page.emulate_media(color_scheme="light")
    return found


def test_buttons_of_a_figure_work_by_keyboard_and_do_not_turn_the_slide(
    projector: Visit, server: str
):
    projector.open(f"{server}/slides/lesson-2.html#/look-1")
    page = projector.page
    expect(page.locator("#words-and-boots-plot")).to_have_attribute("data-drawn", "true")
    button = page.get_by_role("button", name="1925")
    button.focus()
    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    low = "document.getElementById('words-and-boots-plot').layout.xaxis.range[0]"
    assert page.evaluate(low).startswith("1924")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "look-1"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "look-2"


def test_the_view_of_the_speaker_has_the_expected_answers(projector: Visit, site: Path):
    projector.open((site / "slides" / "lesson-1.html").as_uri() + "#/end")
    page = projector.page
    expect(page.locator("#end h2")).to_be_visible()
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    expect(notes).to_contain_text("Expected.", timeout=15_000)
    assert projector.errors == []


def test_a_lesson_is_read_from_the_plan_with_all_its_steps():
    for name, lesson in LESSONS.items():
        text = (ROOT / "book" / "teach.md").read_text(encoding="utf-8").split(f"({name})=")[1]
        rows = [row for row in text.split("\n(")[0].split("\n## How")[0].split("\n") if "|" in row]
        assert len(lesson.steps) == len(rows) - 2
        assert {"Question", "Aims", "Expected"} <= set(lesson.items)
