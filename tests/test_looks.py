"""The looks: light pages, letters from here, icons that are painted, every width, calm on request."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(ROOT / "book" / "art"))

import drawings
import fonts
from treatybook.site import styles

STATIC = ROOT / "book" / "_static"
STYLES = (STATIC / "treatybook-looks.css").read_text(encoding="utf-8")
# What a first visit loads beside the page itself, compressed, before a figure is near: three font
# files of 30 kB, 24 kB of Bootstrap's menus, 50 kB of styles and small scripts. The theme alone
# took 910 kB.
BUDGET = 180_000
FIGURE_LIBRARY = "plotly.min.js"
# Chinese and Japanese names and titles are left to the reader's own fonts.
OTHER_SCRIPTS = [(0x3000, 0x30FF), (0x4E00, 0x9FFF)]


class Seen:
    """A page with what it asked for and what it complained of."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        self.responses: list = []
        self.errors: list[str] = []
        page.on("response", lambda response: self.responses.append(response))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))

    def open(self, name: str, theme: str = "light") -> Page:
        for key in ("mode", "theme"):
            self.page.add_init_script(f"localStorage.setItem('{key}', '{theme}')")
        self.page.goto(f"{self.server}/book/{name}.html")
        return self.page

    def weight(self) -> int:
        """Bytes of all answers but the page and the figure library, as a server sends them."""
        total = 0
        for response in self.responses[1:]:
            if FIGURE_LIBRARY not in response.url:
                body = response.body()
                total += len(body) if "woff2" in response.url else len(gzip.compress(body))
        return total


@pytest.fixture
def seen(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Seen]:
    options = {"viewport": {"width": 1280, "height": 800}, **getattr(request, "param", {})}
    context = browser.new_context(**options)
    yield Seen(context.new_page(), server)
    context.close()


def width(pixels: int) -> dict:
    return {"viewport": {"width": pixels, "height": 800}}


@pytest.mark.parametrize("name", ["run", "teach", "people", "index"])
def test_a_page_is_light_and_asks_for_no_icon_library(seen: Seen, name: str):
    seen.open(name)
    seen.page.wait_for_load_state("networkidle")
    addresses = [response.url for response in seen.responses]
    assert [a for a in addresses if "fontawesome" in a or "searchindex" in a] == []
    assert [r.url for r in seen.responses if r.status >= 400] == []
    assert seen.weight() < BUDGET
    assert seen.errors == []


def test_no_page_names_a_file_that_is_not_there(site: Path):
    missing = []
    for path in site.rglob("*.html"):
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for tag in soup.select("script[src], img[src], link[rel=stylesheet], link[rel=icon]"):
            name = (tag.get("src") or tag["href"]).split("?")[0]
            # The page for lost readers is served at any depth, so its addresses are whole.
            if (
                path.name != "404.html"
                and not name.startswith("data:")
                and not (path.parent / name).exists()
            ):
                missing.append(f"{path.name}: {name}")
    assert missing == []
    assert list(site.rglob("*fontawesome*")) == []
    assert list((site / "_static").rglob("*.map")) == []
    for style in (site / "_static").rglob("*.css"):
        for name in re.findall(r'url\(["\']?([^"\')]+)', style.read_text("utf-8")):
            assert name.startswith("data:") or (style.parent / name).exists(), (style.name, name)


def test_the_search_page_still_finds(seen: Seen):
    seen.page.goto(f"{seen.server}/search.html?q=Danzan")
    expect(seen.page.locator("#search-results li").first).to_be_visible(timeout=15_000)
    assert seen.errors == []


ICONS = """() => [...document.querySelectorAll('button, a.btn, .btn')].filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('.tb-figure, .tb-table, dialog'))
  .map((e) => {
    const box = e.getBoundingClientRect();
    const icons = [...e.querySelectorAll('[class*=fa-]')].filter((i) => i.checkVisibility()).map((i) => {
      const style = getComputedStyle(i), size = i.getBoundingClientRect();
      return {drawn: style.maskImage.startsWith('url("data:'), colour: style.backgroundColor, width: size.width, height: size.height};
    });
    return {name: (e.getAttribute('aria-label') || e.innerText || e.title || e.querySelector('svg title')?.textContent || '').trim(),
      words: e.innerText.trim() || e.querySelector('svg')?.outerHTML || '', width: box.width, height: box.height, icons, html: e.outerHTML.slice(0, 90)};
  })"""


@pytest.mark.parametrize("seen", [width(1280), width(360)], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_button_has_a_name_and_something_painted(seen: Seen, theme: str):
    page = seen.open("people", theme)
    page.wait_for_function("document.readyState === 'complete'")
    buttons = page.evaluate(ICONS)
    assert len(buttons) >= 5
    for button in buttons:
        assert button["name"], button["html"]
        assert button["width"] >= 24, button["html"]
        assert button["height"] >= 24, button["html"]
        assert button["icons"] or button["words"], button["html"]
        for icon in button["icons"]:
            assert icon["drawn"], button["html"]
            assert icon["colour"] not in ("rgba(0, 0, 0, 0)", "transparent"), button["html"]
            assert min(icon["width"], icon["height"]) >= 10, button["html"]


def test_every_icon_of_the_theme_has_a_drawing(site: Path):
    named = set()
    for path in site.rglob("*.html"):
        for tag in BeautifulSoup(path.read_text("utf-8"), "html.parser").select("[class*=fa-]"):
            named |= {name for name in tag["class"] if name.startswith("fa-")}
    plain = {"fa-solid", "fa-brands", "fa-lg"}
    assert [name for name in named - plain if f".{name}" not in STYLES] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_controls_of_the_theme_work_on_a_wide_screen(seen: Seen, theme: str):
    page = seen.open("people", theme)
    before = page.evaluate("document.documentElement.dataset.mode")
    page.get_by_role("button", name="Color mode").click()
    assert page.evaluate("document.documentElement.dataset.mode") != before
    sidebar = page.locator("#pst-primary-sidebar")
    page.locator(".bd-header-article .primary-toggle").click()
    expect(sidebar).not_to_be_visible()
    page.locator(".bd-header-article .primary-toggle").click()
    expect(sidebar).to_be_visible()
    for label, item in (("Download this page", ".md"), ("Launch interactive content", "Binder")):
        page.get_by_role("button", name=label).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".dropdown-menu.show", has_text=item)).to_be_visible()
        page.keyboard.press("Escape")
    page.locator("#pst-primary-sidebar .search-button__button").click()
    expect(page.locator("#pst-search-dialog input")).to_be_focused()
    assert seen.errors == []


@pytest.mark.parametrize("seen", [width(360)], indirect=True)
def test_the_controls_of_the_theme_work_on_a_phone(seen: Seen):
    page = seen.open("people")
    page.locator(".bd-header-article .primary-toggle").click()
    expect(page.locator("#pst-primary-sidebar-modal nav")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".bd-header-article .secondary-toggle").click()
    expect(page.locator("#pst-secondary-sidebar-modal")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".bd-header-article .search-button").click()
    expect(page.locator("#pst-search-dialog input")).to_be_focused()
    assert seen.errors == []


def test_letters_come_from_here_for_text_headings_and_figures(seen: Seen):
    page = seen.open("people")
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)"
    )
    assert sum("Treatybook Sans" in family for family in loaded) == 3
    files = [r.url for r in seen.responses if r.request.resource_type == "font"]
    assert sorted(Path(url).name for url in files) == [
        "bold.woff2",
        "italic.woff2",
        "regular.woff2",
    ]
    assert all(url.startswith(f"{seen.server}/_static/fonts/") for url in files)
    plot = page.locator(".tb-plot").first
    plot.scroll_into_view_if_needed()
    expect(page.locator(".tb-plot[data-drawn]").first).to_be_attached(timeout=20_000)
    for selector in (
        "article h1",
        "article p",
        "article td",
        ".bd-links a",
        ".tb-plot .xtick text",
    ):
        family = page.locator(selector).first.evaluate("(e) => getComputedStyle(e).fontFamily")
        assert family.split(",")[0].strip("\"'") == fonts.FAMILY, selector


def test_little_moves_when_the_letters_arrive_late(seen: Seen):
    page = seen.page
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
        " window.shift += e.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    waiting = []
    page.route("**/*.woff2", lambda route: waiting.append(route))
    page.goto(f"{seen.server}/book/run.html", wait_until="commit")
    page.wait_for_timeout(1500)
    assert waiting, "the page does not wait for its letters"
    for route in waiting:
        route.continue_()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.03


def shown_text(path: Path) -> str:
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    shown = [soup.get_text()]
    shown += [
        str(tag.get(name, ""))
        for tag in soup.find_all(True)
        for name in ("title", "alt", "placeholder", "aria-label", "data-update", "data-quiz")
    ]
    # The words of figures stand in JSON, where letters may be written as numbers.
    return re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), "".join(shown))


def test_the_fonts_have_every_letter_that_a_page_shows(site: Path):
    letters = {letter for path in site.rglob("*.html") for letter in shown_text(path)}
    letters |= set(
        "".join(re.findall(r'content: "([^"\\]*)"|--pst-icon[^:]*: "([^"]*)"', STYLES)[0])
    )
    letters |= set("ӨөҮүЁё")
    wanted = {
        letter
        for letter in letters
        if letter.isprintable()
        and not any(low <= ord(letter) <= high for low, high in OTHER_SCRIPTS)
    }
    for face in fonts.FACES:
        there = TTFont(STATIC / "fonts" / f"{face}.woff2").getBestCmap()
        assert sorted(letter for letter in wanted if ord(letter) not in there) == [], face


def test_the_first_look_at_a_page_has_the_letters_of_the_book(browser, site: Path, server: str):
    """Not the stand-in: from a server and from a folder, with nothing kept from before."""
    for base in (server, site.as_uri()):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{base}/book/war.html")
        page.wait_for_timeout(1500)
        tool = context.new_cdp_session(page)
        tool.send("DOM.enable")
        tool.send("CSS.enable")
        root = tool.send("DOM.getDocument")["root"]["nodeId"]
        for part in ("article h1", "article p", "article em"):
            node = tool.send("DOM.querySelector", {"nodeId": root, "selector": part})["nodeId"]
            used = tool.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert [font["familyName"] for font in used] == ["Treatybook Sans"], (base, part)
        context.close()


def test_the_fonts_are_small_and_keep_their_licence_but_not_the_reserved_name():
    for face in fonts.FACES:
        path = STATIC / "fonts" / f"{face}.woff2"
        assert path.stat().st_size < 45_000
        names = {record.nameID: str(record) for record in TTFont(path)["name"].names}
        assert "Source" not in names[1] + names[4] + names[6]
        assert "SIL Open Font License" in names[13]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIC / "fonts" / "OFL.txt").read_text()


@pytest.mark.parametrize("seen", [{"reduced_motion": "reduce"}], indirect=True)
def test_nothing_moves_by_itself_for_readers_who_ask_for_calm(seen: Seen):
    page = seen.open("war")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e);"
        " return s.transitionDuration !== '0s' || s.animationName !== 'none' || s.scrollBehavior !== 'auto'; })"
        ".map((e) => e.tagName + '.' + e.className)"
    )
    assert moving == []
    figure = page.locator("#campaign")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".tb-plot[data-drawn]")).to_be_attached(timeout=20_000)
    month = figure.get_by_role("status").inner_text()
    page.wait_for_timeout(1500)
    assert figure.get_by_role("status").inner_text() == month
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, colour: s.outlineColor,
          size: r.width * r.height, what: e.outerHTML.slice(0, 90)};
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keyboard_shows_where_it_is(seen: Seen, theme: str):
    page = seen.open("people", theme)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    stops = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        stops.add(found["what"])
        assert found["ring"], found["what"]
        assert found["size"] > 0, found["what"]
    assert len(stops) > 60


def test_the_link_that_skips_the_menu_is_seen_only_when_it_has_the_focus(seen: Seen):
    page = seen.open("people")
    for place in (0, 700):
        page.evaluate(f"scrollTo(0, {place})")
        style = page.locator(".skip-link").evaluate("(e) => getComputedStyle(e).opacity")
        assert style == "0"
        top = page.evaluate("document.elementFromPoint(640, 3).closest('.skip-link')")
        assert top is None


def test_logo_icon_and_cover_are_there_and_told_to_those_who_do_not_see_them(site: Path):
    soup = BeautifulSoup((site / "book" / "index.html").read_text("utf-8"), "html.parser")
    brand = soup.select_one("a.navbar-brand")
    assert brand.get_text(strip=True) == "Moscow–Urga 1921"
    assert all(image["src"].endswith("logo.svg") for image in brand.select("img"))
    assert soup.select_one("link[rel=icon]")["href"].endswith("favicon.svg")
    assert len(soup.select_one("img.tb-cover")["alt"]) > 80


def test_the_drawings_are_those_of_the_data(book):
    for name, text in drawings.drawings(book).items():
        said = "run: .venv/bin/python book/art/drawings.py card"
        assert (STATIC / name).read_text("utf-8") == text, said


def test_the_words_beside_the_cover_are_true(book):
    sizes = [len(month) for month in drawings.marks(book)]
    tallest = sorted(range(12), key=lambda number: -sizes[number])[:4]
    assert sorted(tallest) == [6, 7, 8, 10], "the alternative text names the tallest columns"
    assert sizes[0] == 0
    assert min(sizes[number] for number in tallest) > max(
        size for number, size in enumerate(sizes) if number not in tallest
    )
    assert drawings.AGREEMENT in [key for key, _ in drawings.marks(book)[10]]


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
    words = styles.used_words(['<p class="used fa-bars">', 'e.className = "tip-" + side'])
    kept = styles.pruned(css, words)
    assert kept == (
        "/*! licence */.used{a:b}h1{c:d}.used:not(.unused){e:f}"
        '@media print{.used{i:j}}.tip-left{k:l}[data-x=".unused"]{m:n}'
    )
    assert styles.pruned(kept, words) == kept


def test_pruned_styles_are_kept_until_a_word_or_the_code_changes(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(styles, "PRUNED", tmp_path)
    css = ".used{a:b}.other{c:d}"
    assert styles._pruned_once(css, {"used", "prose"}) == ".used{a:b}"
    assert styles._pruned_once(css, {"used", "other"}) == css
    monkeypatch.setattr(styles, "pruned", lambda css, words: "made anew")
    assert styles._pruned_once(css, {"used", "more prose"}) == ".used{a:b}"
    monkeypatch.setattr(styles, "__file__", str(ROOT / "book" / "treatybook" / "site" / "fresh.py"))
    assert styles._pruned_once(css, {"used"}) == "made anew"


def test_a_page_without_a_script_is_light(tmp_path: Path):
    page = '<html lang="en" data-content_root="../" data-theme="auto"><body data-theme="auto">'
    assert styles.lightened(page, tmp_path) == page.replace('"auto"', '"light"', 1)


@pytest.mark.parametrize("seen", [width(360)], indirect=True)
def test_the_arrows_to_the_next_page_are_no_specks(seen: Seen):
    page = seen.open("mission")
    for arrow in page.locator(".prev-next-area .fa-solid").all():
        assert arrow.bounding_box()["width"] >= 16


def test_a_page_loses_the_icon_library_once_and_for_all(tmp_path: Path):
    page = '<head><script defer src="../_static/scripts/fontawesome.js?digest=1"></script></head>'
    once = styles.lightened(page, tmp_path)
    assert "fontawesome" not in once
    assert styles.lightened(once, tmp_path) == once
