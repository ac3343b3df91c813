"""Pages in a real browser: figures drawn, nothing fetched from elsewhere, both themes, any width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

WIDTHS = {"desktop": 1280, "phone": 360}


class Visit:
    """One page in the browser, with everything it asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, address: str, theme: str = "light") -> None:
        self.page.add_init_script(f"localStorage.setItem('mode', '{theme}')")
        self.page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
        self.page.goto(address)

    def draw(self) -> int:
        """Scroll to each figure and wait for it; give their number."""
        figures = self.page.locator(".tb-plot")
        for number in range(figures.count()):
            plot = figures.nth(number)
            plot.scroll_into_view_if_needed()
            plot.page.wait_for_selector(f"#{plot.get_attribute('id')}[data-drawn]", timeout=30_000)
        return figures.count()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    width = WIDTHS[getattr(request, "param", "desktop")]
    context = browser.new_context(viewport={"width": width, "height": 800})
    yield Visit(context.new_page())
    context.close()


def page_address(server: str, name: str) -> str:
    return f"{server}/book/{name}.html"


def test_the_figure_library_waits_until_it_is_needed(visit: Visit, server: str):
    visit.open(page_address(server, "data"))
    visit.page.wait_for_load_state("networkidle")
    assert not any("plotly" in url for url in visit.requests)
    visit.open(page_address(server, "sources"))
    visit.draw()
    assert sum("plotly.min.js" in url for url in visit.requests) == 1


def test_the_chronology_can_be_searched_filtered_sorted_and_linked_to(visit: Visit, server: str):
    visit.open(page_address(server, "chronology") + "#event-soviet-mongolian-agreement-1921")
    page = visit.page
    row = page.locator("#event-soviet-mongolian-agreement-1921")
    assert row.is_visible()
    rows = page.locator("#chronology-table tbody tr")
    total = rows.count()
    page.get_by_label("Search this table").fill("bakich")
    visible = page.locator("#chronology-table tbody tr:visible")
    assert 0 < visible.count() < total
    assert all("bakich" in text.lower() for text in visible.all_inner_texts())
    assert (
        page.locator(".tb-tools").get_by_role("status").inner_text()
        == f"{visible.count()} of {total} rows"
    )
    page.get_by_label("Search this table").fill("")
    page.get_by_label("People").select_option("Soliin Danzan")
    assert all("Danzan" in text for text in visible.all_inner_texts())
    page.get_by_label("People").select_option("")
    head = page.locator("#chronology-table thead th", has_text="Date")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    keys = page.locator("#chronology-table tbody td[data-sort]:nth-child(2)")
    order = [cell.get_attribute("data-sort") for cell in keys.all()]
    assert order == sorted(order)
    head.get_by_role("button").press("Enter")
    order = [cell.get_attribute("data-sort") for cell in keys.all()]
    assert order == sorted(order, reverse=True)


def test_the_buttons_of_the_timeline_change_its_range(visit: Visit, server: str):
    visit.open(page_address(server, "index"))
    visit.draw()
    button = visit.page.get_by_role("button", name="The weeks of the agreement")
    button.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    low = visit.page.evaluate("document.getElementById('timeline-plot').layout.xaxis.range[0]")
    assert low.startswith("1921-09")


def test_the_war_can_be_played_month_by_month_with_the_keyboard(visit: Visit, server: str):
    visit.open(page_address(server, "war"))
    page = visit.page
    figure = page.locator("#campaign")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".tb-plot[data-drawn]")).to_be_attached(timeout=20_000)
    slider, month = figure.get_by_role("slider", name="Month"), figure.get_by_role("status")
    slider.focus()
    page.keyboard.press("Home")
    expect(month).to_have_text("October 1920")
    assert slider.get_attribute("aria-valuetext") == "October 1920"
    expect(figure.locator(".tb-plot")).to_contain_text("Ungern's division crosses into Mongolia")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(month).to_have_text("February 1921")
    expect(figure.locator(".tb-plot")).not_to_contain_text("division crosses")
    figure.get_by_role("button", name="Play").click()
    expect(month).to_have_text("March 1921", timeout=10_000)
    figure.get_by_role("button", name="Stop").click()
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


def test_the_row_that_an_address_names_is_not_hidden_under_the_heads(visit: Visit, server: str):
    visit.open(page_address(server, "clauses") + "#clause-6-all")
    page = visit.page
    row, head = page.locator("#clause-6-all"), page.locator("#clause-table thead")
    expect(row).to_be_in_viewport()
    # Heads stick in their cells, so it is a cell that tells where they end.
    cell = head.locator("th").first.bounding_box()
    top, bottom = row.bounding_box()["y"], cell["y"] + cell["height"]
    assert top >= bottom - 2


def test_an_article_leads_to_like_clauses_of_other_treaties(visit: Visit, server: str):
    visit.open(page_address(server, "clauses"))
    page = visit.page
    page.locator("#clause-3-1 a", has_text="Persia 1921, 5(1)").click()
    expect(page.locator("#clause-rsfsr-persia-1921-5-1")).to_be_in_viewport()


def test_a_question_checks_itself_by_keyboard_and_does_not_give_the_answer_away(
    visit: Visit, server: str
):
    visit.open(page_address(server, "mission"))
    page = visit.page
    form = page.locator("#quiz-mission-head")
    group = form.get_by_role("group", name="Who led the delegation?")
    said = form.get_by_role("status")
    group.get_by_role("radio", name="Damdin Sükhbaatar").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Not yet")
    expect(said).not_to_contain_text("Danzan")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Right.")
    written = page.locator("#quiz-mission-month")
    written.get_by_label("Your answer").fill(" 1921-10 ")
    page.keyboard.press("Enter")
    expect(written.get_by_role("status")).to_contain_text("Right.")


def test_printing_opens_the_data_but_not_the_answers(visit: Visit, server: str):
    visit.open(page_address(server, "mission"))
    page = visit.page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.tb-data[open]").count() > 0
    assert page.locator(".tb-quiz details[open]").count() == 0


def test_a_link_into_a_hub_is_made_from_two_addresses(visit: Visit, server: str):
    visit.open(page_address(server, "run"))
    form = visit.page.locator(".tb-hub")
    form.get_by_label("Address of your hub").fill("https://hub.example.org/")
    form.get_by_label("Address of the repository").fill("https://github.com/example/fork")
    form.get_by_role("button", name="Make the link").press("Enter")
    expect(form.get_by_role("status")).to_have_text(
        "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com"
        "%2Fexample%2Ffork&branch=main&urlpath=lab%2Ftree%2Ffork"
    )


@pytest.mark.parametrize(
    ("name", "table"),
    [("people", "people-table"), ("places", "places-table"), ("verification", "checks")],
)
def test_no_row_fills_the_box_of_its_table(visit: Visit, server: str, name: str, table: str):
    visit.open(page_address(server, name))
    high = visit.page.locator(f"#{table}").bounding_box()["height"]
    rows = visit.page.locator(f"#{table} tbody tr").all()
    assert max(row.bounding_box()["height"] for row in rows) < high / 3


def test_a_folded_list_opens_by_keyboard_by_a_search_and_on_paper(visit: Visit, server: str):
    visit.open(page_address(server, "places"))
    page = visit.page
    fold = page.locator("#place-urga details")
    title = "The Bogd Khan is enthroned"
    told = fold.locator("a", has_text=title).first
    expect(told).to_be_hidden()
    fold.locator("summary").press("Enter")
    expect(told).to_be_visible()
    fold.locator("summary").press("Enter")
    search = page.get_by_label("Search this table")
    search.fill(title)
    expect(told).to_be_visible()
    search.fill("")
    expect(told).to_be_hidden()
    page.emulate_media(media="print")
    expect(told).to_be_visible()
    expect(fold.locator("summary")).to_be_hidden()


def test_folded_lists_are_sorted_by_their_words(visit: Visit, server: str):
    visit.open(page_address(server, "places"))
    head = visit.page.locator("#places-table thead th", has_text="Events")
    head.get_by_role("button").click()
    column = visit.page.evaluate(
        """() => [...document.querySelectorAll('#places-table tbody td:nth-child(7)')]
          .map((cell) => (cell.querySelector('.tb-more > div') ?? cell).textContent.trim())
          .filter((text) => /^[A-Z]/.test(text))"""
    )
    assert column == sorted(column, key=str.casefold)


def test_a_wide_table_keeps_its_caption_its_first_column_and_its_dates_readable(
    visit: Visit, server: str
):
    visit.open(page_address(server, "chronology"))
    page = visit.page
    box, caption = page.locator("#chronology-table"), page.locator("#chronology-table caption")
    before = caption.bounding_box()
    box.evaluate("(box) => { box.scrollLeft = 400; }")
    assert abs(caption.bounding_box()["x"] - before["x"]) < 2
    assert before["width"] <= box.bounding_box()["width"]
    head = page.locator("#chronology-table tbody th").first
    size = head.evaluate("(cell) => parseFloat(getComputedStyle(cell).fontSize)")
    assert head.bounding_box()["width"] >= 11 * size
    date = page.locator("#chronology-table td[data-sort]", has_text="30 November 1911").first
    assert (
        date.evaluate(
            "(cell) => { const r = document.createRange(); r.selectNodeContents(cell); return r.getClientRects().length; }"
        )
        == 1
    )


@pytest.mark.parametrize("visit", ["phone"], indirect=True)
def test_rows_of_long_texts_are_cards_on_a_phone(visit: Visit, server: str):
    visit.open(page_address(server, "recognition"))
    page = visit.page
    box = page.locator("#side-by-side")
    assert box.evaluate("(box) => box.scrollWidth - box.clientWidth") <= 0
    cell = box.locator("td").first
    assert cell.bounding_box()["width"] > 250
    label = cell.evaluate("(cell) => getComputedStyle(cell, '::before').content")
    assert "Mongolia 1921" in label
    expect(box.get_by_role("row").nth(1).get_by_role("rowheader")).to_be_visible()
    visit.open(page_address(server, "disagreements"))
    box = page.locator("#tested")
    rows = box.locator("tbody tr")
    page.locator(".tb-tools:has(+ #tested)").get_by_label("Search this table").fill("Sükhbaatar")
    assert 0 < rows.locator("visible=true").count() < rows.count()
    box.get_by_role("button", name="Verdict").click()
    expect(box.get_by_role("columnheader", name="Verdict")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_a_tap_on_a_mark_shows_its_label_and_leaves_the_range_alone(browser: Browser, server: str):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(page_address(server, "chronology"))
    plot = page.locator("#timeline-plot")
    plot.scroll_into_view_if_needed()
    page.wait_for_selector("#timeline-plot[data-drawn]", timeout=30_000)
    plot.evaluate("(plot) => plot.scrollIntoView({block: 'center', behavior: 'instant'})")
    expect(plot.locator(".modebar-btn")).to_have_count(0)
    span = "document.getElementById('timeline-plot')._fullLayout.xaxis.range.join()"
    before = page.evaluate(span)
    spot = page.evaluate(
        """() => [...document.querySelectorAll('#timeline-plot .scatterlayer path.point')]
          .map((mark) => mark.getBoundingClientRect()).filter((box) => box.top > 150 && box.bottom < 600)
          .map((box) => [box.left + box.width / 2, box.top + box.height / 2])[5]"""
    )
    # Labels are counted as they come: a browser without windows takes them away again at once.
    page.evaluate(
        """() => { window.labels = 0; new MutationObserver((changes) => {
          for (const change of changes) for (const node of change.addedNodes)
            window.labels += node.matches?.('.hovertext') ?? 0;
        }).observe(document.getElementById('timeline-plot'), {childList: true, subtree: true}); }"""
    )
    for number in (1, 2):
        page.touchscreen.tap(*spot)
        page.wait_for_timeout(600)
        assert page.evaluate("window.labels") >= number
        assert page.evaluate(span) == before
    context.close()


def test_a_table_of_pandas_looks_like_those_of_the_book(visit: Visit, server: str):
    visit.open(page_address(server, "data"))
    table = visit.page.locator("table.dataframe:not(.table)").first
    style = table.locator("td").first.evaluate(
        "(cell) => { const s = getComputedStyle(cell); return [s.textAlign, parseFloat(s.paddingLeft)]; }"
    )
    assert style[0] == "left" and style[1] >= 8
    assert table.bounding_box()["x"] == visit.page.locator("article h1").bounding_box()["x"]


def test_a_task_keeps_away_from_its_rule(visit: Visit, server: str):
    visit.open(page_address(server, "mission"))
    task = visit.page.locator(".tb-task").first
    inner = task.locator("p").first.bounding_box()["x"]
    assert inner - task.bounding_box()["x"] >= 12


def test_little_is_left_blank_below_folded_code(visit: Visit, server: str):
    visit.open(page_address(server, "mission"))
    fold = visit.page.locator("details.hide:has(+ .cell_output .tb-figure)").first
    figure = visit.page.locator("details.hide + .cell_output .tb-figure").first
    box = fold.bounding_box()
    assert figure.bounding_box()["y"] - box["y"] - box["height"] < 30
