"""Pages in a real browser: tables, figures, questions and forms do what a reader wants of them."""

from __future__ import annotations

import pytest
from conftest import PHONE, Visit, draw, on_a_phone
from playwright.sync_api import Page, expect


def test_the_chronology_can_be_searched_filtered_sorted_and_linked_to(page: Page):
    page.goto("book/chronology.html#event-soviet-mongolian-agreement-1921")
    expect(page.locator("#event-soviet-mongolian-agreement-1921")).to_be_visible()
    rows = page.locator("#chronology-table tbody tr")
    visible = rows.locator("visible=true")
    page.get_by_label("Search this table").fill("bakich")
    assert 0 < visible.count() < rows.count()
    assert all("bakich" in text.lower() for text in visible.all_text_contents())
    said = page.locator(".tb-tools").get_by_role("status").inner_text()
    assert said == f"{visible.count()} of {rows.count()} rows"
    page.get_by_label("Search this table").fill("")
    page.get_by_label("People").select_option("Soliin Danzan")
    assert all("Danzan" in text for text in visible.all_text_contents())
    page.get_by_label("People").select_option("")
    head = page.locator("#chronology-table thead th", has_text="Date")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    keys = rows.locator("td[data-sort]:nth-child(2)")
    order = [cell.get_attribute("data-sort") for cell in keys.all()]
    assert order == sorted(order)
    head.get_by_role("button").press("Enter")
    again = [cell.get_attribute("data-sort") for cell in keys.all()]
    assert again == sorted(order, reverse=True)


def test_a_row_is_chosen_by_each_of_the_values_that_its_cell_lists(page: Page, start: str):
    page.goto(f"{start}/book/comparison.html")
    rows = page.locator("#other-clauses tbody tr:visible")
    choice = page.locator("#other-clauses").locator("xpath=preceding-sibling::div[1]")
    choice.get_by_label("Topics").select_option("trade and duties")
    told = [row.split("; ") for row in rows.locator("[data-label='Topics']").all_inner_texts()]
    assert all("trade and duties" in topics for topics in told)
    assert {len(topics) for topics in told} > {1}, "alone and with others"


def test_the_buttons_of_the_timeline_change_its_range(page: Page):
    page.goto("book/index.html")
    draw(page)
    button = page.get_by_role("button", name="The weeks of the agreement")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    low = page.evaluate("document.querySelector('#timeline-plot > .tb-live').layout.xaxis.range[0]")
    assert low.startswith("1921-09")


def test_the_war_can_be_played_month_by_month_with_the_keyboard(page: Page):
    page.goto("book/war.html")
    draw(page)
    figure = page.locator("#campaign")
    slider, month = figure.get_by_role("slider", name="Month"), figure.get_by_role("status")
    slider.press("Home")
    expect(month).to_have_text("October 1920")
    expect(slider).to_have_attribute("aria-valuetext", "October 1920")
    expect(figure.locator(".tb-plot")).to_contain_text("Ungern's division crosses into Mongolia")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(month).to_have_text("February 1921")
    expect(figure.locator(".tb-plot")).not_to_contain_text("division crosses")
    figure.get_by_role("button", name="Play").click()
    expect(month).to_have_text("March 1921", timeout=10_000)
    figure.get_by_role("button", name="Stop").click()
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


def test_the_row_that_an_address_names_is_not_hidden_under_the_heads(page: Page):
    page.goto("book/clauses.html#clause-6-all")
    row = page.locator("#clause-6-all")
    expect(row).to_be_in_viewport()
    # Heads stick in their cells, so it is a cell that tells where they end.
    cell = page.locator("#clause-table thead th").first.bounding_box()
    assert row.bounding_box()["y"] >= cell["y"] + cell["height"] - 2


@on_a_phone
@pytest.mark.parametrize("name", ["people.html#person-bakich", "claims.html#claim-c230"])
def test_a_link_lands_on_its_card_far_down_a_long_table(visit: Visit, name: str):
    page = visit.open(f"book/{name}")
    page.wait_for_timeout(500)
    row = page.locator(f"#{name.partition('#')[2]}").bounding_box()
    assert -50 < row["y"] < 300


def test_the_old_address_of_a_claim_leads_to_its_page(page: Page):
    page.goto("book/disagreements.html#claim-c061")
    page.wait_for_url("**/book/claims.html#claim-c061")
    expect(page.locator("#claim-c061")).to_be_in_viewport()


def test_an_article_leads_to_like_clauses_of_other_treaties(page: Page):
    page.goto("book/clauses.html")
    page.locator("#clause-3-1 a", has_text="Persia 1921, 5(1)").click()
    expect(page.locator("#clause-rsfsr-persia-1921-5-1")).to_be_in_viewport()


def test_a_question_checks_itself_by_keyboard_and_does_not_give_the_answer_away(page: Page):
    page.goto("book/mission.html")
    form = page.locator("#quiz-mission-head")
    group = form.get_by_role("group", name="Who led the delegation?")
    said = form.get_by_role("status")
    group.get_by_role("radio", name="Damdin Sükhbaatar").press("Space")
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


def test_a_link_into_a_hub_is_made_from_two_addresses(page: Page):
    page.goto("book/run.html")
    form = page.locator(".tb-hub")
    form.get_by_label("Address of your hub").fill("https://hub.example.org/")
    form.get_by_label("Address of the repository").fill("https://github.com/example/fork")
    form.get_by_role("button", name="Make the link").press("Enter")
    expect(form.get_by_role("status")).to_have_text(
        "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com"
        "%2Fexample%2Ffork&branch=main&urlpath=lab%2Ftree%2Ffork"
    )


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("people", "people-table"),
        *(
            pytest.param(*other, marks=pytest.mark.rare)
            for other in (("places", "places-table"), ("verification", "checks"))
        ),
    ],
)
def test_no_row_fills_the_screen(page: Page, name: str, table: str):
    page.goto(f"book/{name}.html")
    expect(page.locator(f"#{table} tbody tr").last).to_be_visible()
    rows = page.locator(f"#{table} tbody tr")
    heights = rows.evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)")
    assert 0 < max(heights) < page.viewport_size["height"] / 2


def test_a_folded_list_opens_by_keyboard_by_a_search_and_on_paper(page: Page):
    page.goto("book/places.html")
    fold = page.locator("#place-urga details")
    summary = fold.locator("summary")
    title = "The Bogd Khan is enthroned"
    told = fold.locator("a", has_text=title).first
    expect(told).to_be_hidden()
    # The cards of a long table come a few at a time.
    expect(summary).to_be_visible()
    summary.press("Enter")
    expect(told).to_be_visible()
    summary.press("Enter")
    search = page.get_by_label("Search this table")
    search.fill(title)
    expect(told).to_be_visible()
    search.fill("")
    expect(told).to_be_hidden()
    page.emulate_media(media="print")
    expect(told).to_be_visible()
    expect(summary).to_be_hidden()


def test_folded_lists_are_sorted_by_their_words(page: Page):
    page.goto("book/places.html")
    page.locator("#places-table thead th", has_text="Events").get_by_role("button").click()
    column = page.evaluate(
        """() => [...document.querySelectorAll('#places-table tbody td:nth-child(7)')]
          .map((cell) => (cell.querySelector('.tb-more > div') ?? cell).textContent.trim())
          .filter((text) => /^[A-Z]/.test(text))"""
    )
    assert column == sorted(column, key=str.casefold)


def test_the_heads_of_a_table_stay_on_the_screen(page: Page):
    page.goto("book/data.html")
    box = page.locator("#columns-claims")
    row = box.locator("tbody tr").last
    expect(row).to_be_visible()
    row.evaluate("(row) => row.scrollIntoView({block: 'center', behavior: 'instant'})")
    head = box.locator("thead th").first.bounding_box()
    assert 0 <= head["y"] < row.bounding_box()["y"]


@on_a_phone
def test_a_link_above_a_long_table_leads_to_what_is_shown_of_a_year(page: Page):
    page.goto("book/chronology.html")
    link = page.locator("#chronology-table .tb-jump").get_by_role("link", name="1924", exact=True)
    link.click()
    first = page.locator("#chronology-table tr[data-group='1924']").first
    expect(first).to_be_in_viewport()
    heading = "(row) => getComputedStyle(row, '::before').content"
    assert "1924" in first.evaluate(heading)
    page.get_by_label("Search this table").fill("bakich")
    expect(link).to_be_hidden()
    page.locator("#chronology-table .tb-jump a:visible").last.click()
    expect(page.locator("#chronology-table tr.tb-first").last).to_be_in_viewport()


@on_a_phone
def test_cards_that_have_not_come_yet_come_with_a_link_to_them_or_a_few_at_a_time(page: Page):
    # As if the reader were faster than the page.
    page.route("**/treatybook.js*", lambda route: route.abort())
    page.goto("book/chronology.html")
    rows = page.locator("#chronology-table tbody tr")
    expect(rows.nth(5)).to_be_visible()
    expect(rows.last).to_be_hidden()
    page.unroute("**/treatybook.js*")
    page.add_script_tag(url="../_static/treatybook.js")
    page.locator("#chronology-table .tb-jump a").last.click()
    expect(page.locator("#chronology-table tr.tb-first").last).to_be_in_viewport()
    expect(page.locator("#chronology-table tbody tr:visible")).to_have_count(rows.count())


@on_a_phone
def test_a_long_table_is_whole_at_once_for_an_address_of_its_row_and_without_script(page: Page):
    page.route("**/treatybook.js*", lambda route: route.abort())
    page.goto("book/chronology.html#event-mpr-proclaimed-1924")
    rows = page.locator("#chronology-table tbody tr")
    expect(page.locator("#chronology-table tbody tr:visible")).to_have_count(rows.count())
    page.goto("book/people.html")
    page.goto("book/chronology.html")
    expect(rows.last).to_be_hidden()
    expect(rows.last).to_be_visible(timeout=10_000)  # the script never came


@on_a_phone
def test_rows_of_long_texts_are_cards_on_a_phone(page: Page):
    page.goto("book/recognition.html")
    box = page.locator("#side-by-side")
    assert box.evaluate("(box) => box.scrollWidth - box.clientWidth") <= 0
    cell = box.locator("td").first
    assert cell.bounding_box()["width"] > 250
    label = "(cell) => getComputedStyle(cell, '::before').content"
    assert "Mongolia 1921" in cell.evaluate(label)
    expect(box.get_by_role("row").nth(1).get_by_role("rowheader")).to_be_visible()
    page.goto("book/disagreements.html")
    box = page.locator("#tested")
    rows = box.locator("tbody tr")
    page.locator(".tb-tools:has(+ #tested)").get_by_label("Search this table").fill("Sükhbaatar")
    assert 0 < rows.locator("visible=true").count() < rows.count()
    head = box.get_by_role("columnheader", name="Verdict")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")


@pytest.mark.parametrize("visit", [{**PHONE, "has_touch": True}], indirect=True)
def test_a_tap_on_a_mark_shows_its_label_and_a_second_leads_to_its_row(page: Page):
    page.goto("book/chronology.html")
    draw(page)
    plot = page.locator("#timeline-plot > .tb-live")
    plot.evaluate("(plot) => plot.scrollIntoView({block: 'center', behavior: 'instant'})")
    expect(plot.locator(".modebar-btn")).to_have_count(0)
    span = "(plot) => plot._fullLayout.xaxis.range.join()"
    before = plot.evaluate(span)
    spot = plot.evaluate(
        """(plot) => [...plot.querySelectorAll('.scatterlayer path.point')]
          .map((mark) => mark.getBoundingClientRect()).filter((box) => box.top > 150 && box.bottom < 600)
          .map((box) => [box.left + box.width / 2, box.top + box.height / 2])[5]"""
    )
    # Labels are counted as they come: a browser without windows takes them away again at once.
    plot.evaluate(
        """(plot) => { window.labels = 0; new MutationObserver((changes) => {
          for (const change of changes) for (const node of change.addedNodes)
            window.labels += node.matches?.('.hovertext') ?? 0;
        }).observe(plot, {childList: true, subtree: true}); }"""
    )
    here = page.url
    plot.evaluate("(plot) => plot.on('plotly_click', (told) => { window.told = told; })")
    page.touchscreen.tap(*spot)
    page.wait_for_timeout(600)
    # Plotly tells twice of one tap, on a slow phone late.
    plot.evaluate("(plot) => { plot.emit('plotly_click', window.told); }")
    page.wait_for_timeout(100)
    assert page.evaluate("window.labels") >= 1
    assert plot.evaluate(span) == before
    assert page.url == here
    page.touchscreen.tap(*spot)
    page.wait_for_url("**#event-*")
    assert plot.evaluate(span) == before


def test_a_task_keeps_away_from_its_rule(page: Page):
    page.goto("book/mission.html")
    task = page.locator(".tb-task").first
    inner = task.locator("p").first.bounding_box()["x"]
    assert inner - task.bounding_box()["x"] >= 12


def test_little_is_left_blank_below_folded_code(page: Page):
    page.goto("book/index.html")
    fold = page.locator("details.hide:has(+ .cell_output .tb-figure)").first.bounding_box()
    figure = page.locator("details.hide + .cell_output .tb-figure").first.bounding_box()
    assert figure["y"] - fold["y"] - fold["height"] < 30
