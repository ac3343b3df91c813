"""The looks: light pages, letters from here, icons that are painted, every width, calm on request."""

from __future__ import annotations

import gzip
import html
import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import (
    NO_STORAGE,
    PHONE,
    ROOT,
    WIDE,
    Visit,
    draw,
    every_page,
    letters,
    on_a_phone,
    visiting,
    wait_until,
)
from fontTools.ttLib import TTFont
from playwright.sync_api import Page, Response, expect

sys.path.insert(0, str(ROOT / "book" / "art"))

import fonts
from treatybook.evidence.tables import BOOK_FOLDER
from treatybook.site import fresh, stylesheets

STATIC = ROOT / "book" / "_static"
STYLES = (STATIC / "treatybook-looks.css").read_text(encoding="utf-8")
# What a first visit loads beside the page itself, compressed: three font files of 18 kB, 24 kB of
# Bootstrap's menus, 50 kB of styles and small scripts. The theme alone took 910 kB.
BUDGET = 140_000
FIGURE_LIBRARY = "plotly.min.js"
# Chinese and Japanese names and titles are left to the reader's own fonts.
OTHER_SCRIPTS = [(0x3000, 0x30FF), (0x4E00, 0x9FFF)]


in_both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


def weight(answers: list[Response]) -> int:
    """Bytes of answers as a server sends them, without the figure library."""
    wanted = [answer for answer in answers if FIGURE_LIBRARY not in answer.url]
    packed = (a.body() if "woff2" in a.url else gzip.compress(a.body()) for a in wanted)
    return sum(map(len, packed))


@pytest.mark.parametrize("name", ["run", "teach", "people", "index"])
def test_a_page_is_light(visit: Visit, name: str):
    visit.open(f"book/{name}.html").wait_for_load_state("networkidle")
    assert weight(visit.answers[1:]) < BUDGET
    assert visit.errors == []


def test_a_property_that_nothing_uses_leaves_the_styles_with_what_only_it_needs():
    css = ":root{--a: 1px;--b: var(--c);--c: 2px;--d: url('x;y')}p{top:var(--a)}i{--e:3;left:0}"
    left = stylesheets.without_unused_properties(css, {"--e"})
    assert left == ":root{--a: 1px;--d: url('x;y')}p{top:var(--a)}i{--e:3;left:0}"


def test_scripts_are_sent_without_the_lines_that_only_tell_of_them(site: Path):
    for path in (BOOK_FOLDER / "_static").glob("*.js"):
        sent = (site / "_static" / path.name).read_text("utf-8")
        assert sent and not re.search(r"^ *//", sent, re.MULTILINE), path.name


def test_no_page_names_a_file_that_is_not_there(site: Path, soup):
    wanted = "script[src], img[src], link:is([rel=stylesheet], [rel=icon], [rel=preload])"
    # The page for lost readers is served at any depth, so its addresses are whole.
    named = [
        (page, (tag.get("src") or tag["href"]).split("?")[0])
        for page in every_page(site)
        if page != "404.html"
        for tag in soup(page).select(wanted)
    ]
    assert [(page, name) for page, name in named if not there(site / page, name)] == []
    assert [(page, name) for page, name in named if "thebe" in name.lower()] == []
    for style in (site / "_static").rglob("*.css"):
        for name in re.findall(r'url\(["\']?([^"\')]+)', style.read_text("utf-8")):
            assert there(style, name), (style.name, name)
    assert list(site.rglob("*fontawesome*")) == []
    assert list((site / "_static").rglob("*.map")) == []


def there(file: Path, name: str) -> bool:
    return name.startswith("data:") or (file.parent / name).exists()


# Axe asks for the name of each button on the tour.
BUTTONS = """() => [...document.querySelectorAll('button, .btn')]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('.tb-figure, .tb-table, dialog'))
  .map((e) => {
    const icons = [...e.querySelectorAll('[class*=fa-]')].filter((i) => i.checkVisibility());
    const painted = icons.filter((i) => getComputedStyle(i).maskImage.startsWith('url("data:')
      && !['transparent', 'rgba(0, 0, 0, 0)'].includes(getComputedStyle(i).backgroundColor)
      && Math.min(i.offsetWidth, i.offsetHeight) >= 10);
    const box = e.getBoundingClientRect();
    return {html: e.outerHTML.slice(0, 90), size: Math.min(box.width, box.height),
      shown: icons.length || e.innerText.trim() || e.querySelector('svg'), blank: icons.length - painted.length};
  })"""


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True)
@in_both_themes
def test_every_button_is_large_enough_and_has_something_painted(visit: Visit, theme: str):
    buttons = visit.open("book/people.html", theme).evaluate(BUTTONS)
    assert len(buttons) >= 5
    for button in buttons:
        assert button["size"] >= 24, button["html"]
        assert button["shown"], button["html"]
        assert button["blank"] == 0, button["html"]


def test_every_icon_of_the_theme_has_a_drawing(site: Path, soup):
    tags = [tag for page in every_page(site) for tag in soup(page).select("[class*=fa-]")]
    named = {name for tag in tags for name in tag["class"] if name.startswith("fa-")}
    plain = {"fa-solid", "fa-brands", "fa-lg"}
    assert [name for name in named - plain if f".{name}" not in STYLES] == []


@in_both_themes
def test_the_controls_of_the_theme_work_on_a_wide_screen(visit: Visit, theme: str):
    page = visit.open("book/people.html", theme)
    mode = page.locator("html").get_attribute("data-mode")
    page.get_by_role("button", name="Colours").click()
    expect(page.locator("html")).not_to_have_attribute("data-mode", mode)
    sidebar, toggle = page.locator("#pst-primary-sidebar"), ".bd-header-article .primary-toggle"
    page.locator(toggle).click()
    expect(sidebar).not_to_be_visible()
    page.locator(toggle).click()
    expect(sidebar).to_be_visible()
    for label, item in (("Save", ".md"), ("Run", "Binder")):
        page.get_by_role("button", name=label).press("Enter")
        expect(page.locator(".dropdown-menu.show", has_text=item)).to_be_visible()
        page.keyboard.press("Escape")
    sidebar.locator(".search-button__button").click()
    expect(page.locator("#pst-search-dialog input")).to_be_focused()
    assert visit.errors == []


@on_a_phone
def test_the_controls_of_the_theme_work_on_a_phone(visit: Visit):
    page = visit.open("book/people.html")
    head = page.locator(".bd-header-article")
    head.locator(".primary-toggle").click()
    expect(page.locator("#pst-primary-sidebar-modal nav")).to_be_visible()
    page.keyboard.press("Escape")
    head.locator(".secondary-toggle").click()
    expect(page.locator("#pst-secondary-sidebar-modal")).to_be_visible()
    page.keyboard.press("Escape")
    head.locator(".search-button").click()
    expect(page.locator("#pst-search-dialog input")).to_be_focused()
    assert visit.errors == []


PARTS_OF_PAGES = {
    "book/people.html": "article h1, article p, article em, #people-table td, .bd-links a, .xtick text",
    "slides/lesson-2.html#/sentence-2": "section.present h2, #words-and-boots-headline, .slide-number a, "
    ".xtick text, .hoverlayer text",
}


@pytest.mark.parametrize(
    ("name", "start"), [*zip(PARTS_OF_PAGES, ("folder", "server"), strict=True)], indirect=["start"]
)
def test_the_first_look_at_words_and_figures_has_the_letters_of_the_book(visit: Visit, start, name):
    """Not the stand-in: with nothing kept from before."""
    page = visit.open(f"{start}/{name}")
    draw(page)
    if name.startswith("slides"):
        page.locator(".scatterlayer path.point").first.hover(force=True)
        expect(page.locator(".hoverlayer text").first).to_be_visible()
    # Before the browser is asked: its answer needs the page once more, which a folder refuses.
    assert visit.errors == []
    files = {url for url in visit.asked if url.endswith(".woff2")}
    folder = f"{start}/_static/fonts"
    assert files == {f"{folder}/{face}.woff2" for face in ("bold", "italic", "regular")}
    for part in PARTS_OF_PAGES[name].split(", "):
        # From a folder each font is given to the page when it has been read, the bold one last.
        wait_until(page, lambda part=part: letters(page, part) == [fonts.FAMILY])


@pytest.mark.parametrize("stored", [True, False], ids=["", "without-storage"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_colours_of_the_readers_system_are_known_before_any_script_comes(
    browser, start: str, scheme: str, stored: bool
):
    with visiting(browser, color_scheme=scheme) as visit:
        if not stored:
            visit.page.add_init_script(NO_STORAGE)
        visit.page.route("**/*.js*", lambda route: route.abort())
        visit.page.goto(f"{start}/book/mission.html")
        assert visit.page.evaluate("document.documentElement.dataset.theme") == scheme


def test_little_moves_when_the_letters_arrive_late(page: Page):
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
        " window.shift += e.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    waiting = []
    page.route("**/*.woff2", lambda route: waiting.append(route))
    page.goto("book/run.html", wait_until="commit")
    page.wait_for_timeout(1500)
    assert waiting, "the page does not wait for its letters"
    for route in waiting:
        route.continue_()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.03


def test_the_fonts_have_every_letter_that_a_page_shows(site: Path):
    # Beside the pages of every language, what figures say when a reader acts on them.
    files = [*site.rglob("*.html"), *site.rglob("figures/*.js")]
    shown = {letter for file in files for letter in html.unescape(file.read_text("utf-8"))}
    drawn = re.findall(r'content: "([^"\\]*)"|--pst-icon[^:]*: "([^"]*)"', STYLES)[0]
    wanted = {
        letter
        for letter in shown | set("".join(drawn)) | set("ӨөҮүЁё")
        if letter.isprintable()
        and not any(low <= ord(letter) <= high for low, high in OTHER_SCRIPTS)
    }
    for face in fonts.FACES:
        there = TTFont(STATIC / "fonts" / f"{face}.woff2").getBestCmap()
        assert sorted(letter for letter in wanted if ord(letter) not in there) == [], face


def test_the_fonts_are_small_and_keep_their_licence_but_not_the_reserved_name():
    for face in fonts.FACES:
        path = STATIC / "fonts" / f"{face}.woff2"
        assert path.stat().st_size < 45_000
        names = {record.nameID: str(record) for record in TTFont(path)["name"].names}
        assert "Source" not in names[1] + names[4] + names[6]
        assert "SIL Open Font License" in names[13]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIC / "fonts" / "OFL.txt").read_text()


def test_nothing_moves_by_itself_for_readers_who_ask_for_calm(page: Page):
    page.emulate_media(reduced_motion="reduce")
    page.goto("book/war.html")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e);"
        " return s.transitionDuration !== '0s' || s.animationName !== 'none' || s.scrollBehavior !== 'auto'; })"
        ".map((e) => e.tagName + '.' + e.className)"
    )
    assert moving == []
    draw(page)
    figure = page.locator("#campaign")
    month = figure.get_by_role("status").inner_text()
    page.wait_for_timeout(1500)
    assert figure.get_by_role("status").inner_text() == month
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, colour: s.outlineColor,
          size: r.width * r.height, what: e.outerHTML.slice(0, 90)};
}"""


@in_both_themes
def test_the_keyboard_shows_where_it_is(visit: Visit, theme: str):
    page = visit.open("book/people.html", theme)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    stops = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        stops.add(found["what"])
        assert found["ring"] and found["size"] > 0, found["what"]
    assert len(stops) > 60


def test_the_link_that_skips_the_menu_is_seen_only_when_it_has_the_focus(page: Page):
    page.goto("book/people.html")
    for place in (0, 700):
        page.evaluate(f"scrollTo(0, {place})")
        expect(page.locator(".skip-link")).to_have_css("opacity", "0")
        assert page.evaluate("document.elementFromPoint(640, 3).closest('.skip-link')") is None


def test_logo_icon_and_map_are_there_and_told_to_those_who_do_not_see_them(soup):
    page = soup("book/index.html")
    brand = page.select_one("a.navbar-brand")
    assert brand.get_text(strip=True) == "Moscow–Urga 1921"
    assert all(image["src"].endswith("logo.svg") for image in brand.select("img"))
    assert page.select_one("link[rel=icon]")["href"].endswith("favicon.svg")
    assert len(page.select_one("img.tb-cover")["alt"]) > 80


def test_the_picture_of_a_shared_link_has_the_size_that_sites_ask_for():
    card = (STATIC / "social.png").read_bytes()
    assert len(card) < 100_000
    assert (int.from_bytes(card[16:20], "big"), int.from_bytes(card[20:24], "big")) == (1200, 630)


def test_rules_of_the_theme_stay_unless_nothing_can_use_them():
    css = (
        "/*! licence */.used{a:b}.unused{a:b}.used .unused,h1{c:d}.used:not(.unused){e:f}"
        ".fa-bars:before{content:'x'}@media print{.unused{g:h}}@media print{.used{i:j}}"
        '.tip-left{k:l}[data-x=".unused"]{m:n}'
    )
    # What stands in the text of a page is no name of a style.
    pages = ['<p class="used fa-bars">unused</p><script>add("script-made")</script>']
    words = stylesheets.used_words(pages, ['e.className = "tip-" + side'])
    assert "script-made" in words
    kept = stylesheets.pruned(css, words)
    assert kept == (
        "/*! licence */.used{a:b}h1{c:d}.used:not(.unused){e:f}"
        '@media print{.used{i:j}}.tip-left{k:l}[data-x=".unused"]{m:n}'
    )
    assert stylesheets.pruned(kept, words) == kept


def test_pruned_styles_are_kept_until_a_word_or_the_code_changes(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(stylesheets, "PRUNED", tmp_path)
    css = ".used{a:b}.other{c:d}"
    assert stylesheets._pruned_once(css, {"used", "prose"}, ()) == ".used{a:b}"
    assert stylesheets._pruned_once(css, {"used", "other"}, ()) == css
    monkeypatch.setattr(stylesheets, "pruned", lambda css, words: "made anew")
    assert stylesheets._pruned_once(css, {"used", "more prose"}, ()) == ".used{a:b}"
    monkeypatch.setattr(
        stylesheets, "__file__", str(ROOT / "book" / "treatybook" / "site" / "fresh.py")
    )
    assert stylesheets._pruned_once(css, {"used"}, ()) == "made anew"


@on_a_phone
def test_the_arrows_to_the_next_page_are_no_specks(page: Page):
    page.goto("book/mission.html")
    for arrow in page.locator(".prev-next-area .fa-solid").all():
        assert arrow.bounding_box()["width"] >= 16


def test_a_page_loses_the_icon_library_and_is_light_without_a_script():
    icons = '<script defer src="../_static/scripts/fontawesome.js?digest=1"></script>'
    page = '<html data-content_root="../" data-theme="%s"><head>%s</head><body data-theme="auto">'
    once = stylesheets.lightened(page % ("auto", icons))
    assert once == page % ("light", "")
    assert stylesheets.lightened(once) == once


def test_the_styles_of_a_whole_build_are_those_of_one_that_writes_few_pages(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What only the drafts of the pages hold may keep no rule, or each edit would change them all."""
    monkeypatch.setattr(fresh, "STATE", tmp_path / "state")
    monkeypatch.setattr(stylesheets, "PRUNED", tmp_path / "pruned")
    wanted = shutil.ignore_patterns("ru", "plotly", "downloads", "_sources", "figures")
    again = shutil.copytree(site, tmp_path / "site", ignore=wanted)
    stylesheets.prune_site(SimpleNamespace(outdir=again))
    written = [path.relative_to(again) for path in again.rglob("*.*") if path.is_file()]
    assert [
        name for name in written if (again / name).read_bytes() != (site / name).read_bytes()
    ] == []
