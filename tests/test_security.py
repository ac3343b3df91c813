"""The policy that each page carries: it stops what does not belong there and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from treatybook.site import policy as security

NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""
EVIL = (
    "<script>window.reached = 'script'</script><img src='x' onerror=\"window.reached = 'handler'\">"
)
PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8" /><script>let a = "</b>é";</script></head>'
    '<body><button onclick="go(&quot;x&quot;)">Go</button><script src="a.js"></script>'
    '<script type="application/json">{"b": 1}</script><article>%s</article></body></html>'
)


def files(site: Path) -> list[str]:
    """Every page of the site, whoever wrote it; the theme's templates are none."""
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    return [name for name in names if not name.startswith("_static/")]


def policies(html: str) -> list[str]:
    wanted = "meta[http-equiv='Content-Security-Policy']"
    return [tag["content"] for tag in BeautifulSoup(html, "html.parser").select(wanted)]


def test_every_page_has_one_policy_before_anything_it_governs(site: Path):
    names = files(site)
    assert {"index.html", "search.html", "genindex.html", "book/index.html"} <= set(names)
    for name in names:
        html = (site / name).read_text(encoding="utf-8")
        assert len(policies(html)) == 1, name
        before = BeautifulSoup(html.split("Content-Security-Policy")[0], "html.parser")
        governed = before.select("script, style, link, img, base, form, [style], [src]")
        assert governed == [], name


def test_no_policy_lets_unknown_scripts_or_other_hosts_in(site: Path):
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    listed = settings["sphinx"]["config"].get("policy_additions", {})
    names = [name for name in files(site) if not security.additions_for(name, listed)]
    assert {"index.html", "search.html", "book/index.html"} <= set(names)
    for name in names:
        (policy,) = policies((site / name).read_text(encoding="utf-8"))
        parts = dict(part.split(" ", 1) for part in policy.split("; "))
        assert parts["default-src"] == parts["object-src"] == parts["base-uri"] == "'none'"
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(parts["script-src"].split())
        assert "http" not in policy, name


def test_the_policy_allows_exactly_the_scripts_outside_the_article():
    html = security.secured(PAGE % f"{EVIL}</article>{EVIL}")
    (policy,) = policies(html)
    # Each computed apart, as `printf '…' | openssl dgst -sha256 -binary | base64` gives it.
    assert policy.count("sha256-") == 2
    assert security._hash('let a = "</b>é";') in policy
    assert security._hash('go("x")') in policy
    assert security._hash("alert(1)") == "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    assert html.index("charset") < html.index("Content-Security-Policy") < html.index("<script>")
    assert "'unsafe-hashes'" not in security.policy("<p>No handler.</p>")


def test_a_page_that_is_secured_again_stays_the_same():
    once = security.secured(PAGE % "")
    assert security.secured(once) == once
    changed = once.replace("let a", "let b")
    assert security.secured(changed) == security.secured((PAGE % "").replace("let a", "let b"))
    redirect = '<meta http-equiv="Refresh" content="0; url=book/index.html" />\n'
    assert security.secured(redirect).startswith('<meta http-equiv="Content-Security-Policy"')


def test_a_folder_of_pages_can_be_allowed_more():
    listed = {"lab/*": {"worker-src": "'self'", "script-src": "'wasm-unsafe-eval'"}}
    assert security.additions_for("book/index.html", listed) == {}
    more = security.additions_for("lab/tree/index.html", listed)
    (policy,) = policies(security.secured(PAGE % "", more))
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    assert parts["worker-src"] == "'self'"
    assert parts["script-src"].startswith("'self' ")
    assert parts["script-src"].endswith(" 'wasm-unsafe-eval'")
    assert security.secured(PAGE % "", {"base-uri": "'self'"}).count("base-uri 'self'") == 1


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(NOTE_VIOLATIONS)
    yield context
    context.close()


@pytest.fixture(params=["http", "file"])
def base(request: pytest.FixtureRequest, server: str, site: Path) -> str:
    return server if request.param == "http" else site.as_uri()


def violations(page: Page) -> list[str]:
    return page.evaluate("window.violations")


def draw(page: Page) -> int:
    # On slides only the figure of the slide that is shown can be reached.
    plots = page.locator(".tb-plot:visible")
    for plot in plots.all():
        plot.scroll_into_view_if_needed()
        page.wait_for_selector(f"#{plot.get_attribute('id')}[data-drawn]", timeout=30_000)
    return plots.count()


def test_the_search_finds_pages_under_its_policy(context: BrowserContext, base: str):
    page = context.new_page()
    page.goto(f"{base}/search.html?q=bakich")
    expect(page.locator("main a", has_text="What happened, and when?").first).to_be_visible()
    assert violations(page) == []


def test_the_buttons_of_theme_and_figure_work_under_the_policy(context: BrowserContext, base: str):
    context.add_init_script("window.print = () => { window.printed = true; };")
    page = context.new_page()
    page.goto(f"{base}/book/sources.html")
    page.locator(".btn-download-pdf-button, [onclick='window.print()']").first.dispatch_event(
        "click"
    )
    # The page draws its figures first. Playwright's own waiting would need "unsafe-eval".
    for _ in range(100):
        if page.evaluate("window.printed === true"):
            break
        page.wait_for_timeout(100)
    assert page.evaluate("window.printed === true")
    draw(page)
    page.locator("#read-extent-plot").hover()
    with page.expect_download() as download:
        page.locator("#read-extent-plot .modebar-btn[data-title^='Download']").click()
    assert download.value.suggested_filename.endswith(".png")
    assert violations(page) == []


def wait_for_violations(page: Page, number: int) -> None:
    """Wait until the browser has refused so much (the policy forbids playwright's own waiting)."""
    for _ in range(100):
        if page.evaluate("window.violations.length") >= number:
            return
        page.wait_for_timeout(100)
    raise AssertionError("too little was refused")


def test_a_script_that_gets_into_a_page_does_not_run(context: BrowserContext, base: str):
    page = context.new_page()
    page.goto(f"{base}/book/glossary.html")
    page.evaluate(
        """evil => {
          document.querySelector('article').insertAdjacentHTML('beforeend', evil);
          const script = document.createElement('script');
          script.textContent = "window.reached = 'element'";
          document.head.append(script);
          const link = document.createElement('a');
          link.href = "javascript:window.reached = 'link'";
          document.body.append(link);
          link.click();
        }""",
        EVIL,
    )
    wait_for_violations(page, 3)
    assert page.evaluate("window.reached") is None


def test_a_script_that_the_build_lets_into_an_article_does_not_run(
    context: BrowserContext, server: str, site: Path
):
    html = (site / "book" / "glossary.html").read_text(encoding="utf-8")
    changed = security.secured(html.replace("</article>", f"{EVIL}</article>"))
    assert changed != html

    def answer(route: Route) -> None:
        route.fulfill(body=changed, content_type="text/html; charset=utf-8")

    page = context.new_page()
    page.route("**/glossary.html", answer)
    page.goto(f"{server}/book/glossary.html")
    wait_for_violations(page, 2)
    assert page.evaluate("window.reached") is None


def test_nothing_is_sent_or_loaded_from_elsewhere(context: BrowserContext, server: str):
    asked = []
    context.route("**/*", lambda route: (asked.append(route.request.url), route.continue_()))
    page = context.new_page()
    page.goto(f"{server}/book/glossary.html")
    page.evaluate(
        """() => {
          fetch('http://127.0.0.2:9/').catch(() => {});
          document.body.insertAdjacentHTML('beforeend',
            '<img src="http://127.0.0.2:9/a.png"><iframe src="http://127.0.0.2:9/b"></iframe>');
        }"""
    )
    wait_for_violations(page, 3)
    assert [url for url in asked if "127.0.0.2" in url] == []
