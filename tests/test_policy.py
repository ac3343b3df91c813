"""The policy that each page carries: it stops what does not belong there and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from conftest import ROOT, Visit, draw, every_page, wait_until
from treatybook.site import policy as security

EVIL = (
    "<script>window.reached = 'script'</script><img src='x' onerror=\"window.reached = 'handler'\">"
)
PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8" /><script>let a = "</b>é";</script></head>'
    '<body><button onclick="go(&quot;x&quot;)">Go</button><script src="a.js"></script>'
    '<script type="application/json">{"b": 1}</script><article>%s</article></body></html>'
)


def policies(html: str) -> list[str]:
    return re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', html)


def parts(policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_every_page_has_one_strict_policy_before_anything_it_governs(site: Path):
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    listed = settings["sphinx"]["config"].get("policy_additions", {})
    names = every_page(site)
    strict = {name for name in names if not security.additions_for(name, listed)}
    assert {"index.html", "search.html", "book/index.html"} <= strict
    for name in names:
        html = (site / name).read_text(encoding="utf-8")
        (policy,) = policies(html)
        before = BeautifulSoup(html.split("Content-Security-Policy")[0], "lxml")
        governed = "script, style, link, img, base, form, [style], [src]"
        assert before.select(governed) == [], name
        if name in strict:
            allowed = parts(policy)
            nothing = {allowed[key] for key in ("default-src", "object-src", "base-uri")}
            assert nothing == {"'none'"}, name
            loose = {"'unsafe-inline'", "'unsafe-eval'", "*"}
            assert not loose & set(allowed["script-src"].split()), name
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
    assert parts(policy)["worker-src"] == "'self'"
    assert parts(policy)["script-src"].startswith("'self' ")
    assert parts(policy)["script-src"].endswith(" 'wasm-unsafe-eval'")
    assert security.secured(PAGE % "", {"base-uri": "'self'"}).count("base-uri 'self'") == 1


def wait_for_violations(visit: Visit, number: int) -> None:
    wait_until(visit.page, lambda: len(visit.violations()) >= number)


def test_the_buttons_of_theme_and_figure_work_under_the_policy(visit: Visit, start: str):
    visit.page.add_init_script("window.print = () => { window.printed = true; };")
    page = visit.open(f"{start}/book/sources.html")
    printer = page.locator(".btn-download-pdf-button, [onclick='window.print()']").first
    printer.dispatch_event("click")
    wait_until(page, lambda: page.evaluate("window.printed === true"))
    draw(page)
    page.locator("#read-extent-plot").hover()
    with page.expect_download() as download:
        page.locator("#read-extent-plot .modebar-btn[data-title^='Download']").click()
    assert download.value.suggested_filename.endswith(".png")
    assert visit.violations() == []


def test_a_script_that_gets_into_a_page_does_not_run(visit: Visit, start: str):
    page = visit.open(f"{start}/book/glossary.html")
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
    wait_for_violations(visit, 3)
    assert page.evaluate("window.reached") is None


def test_a_script_that_the_build_lets_into_an_article_does_not_run(visit: Visit, site: Path):
    html = (site / "book" / "glossary.html").read_text(encoding="utf-8")
    changed = security.secured(html.replace("</article>", f"{EVIL}</article>"))
    assert changed != html
    answer = {"body": changed, "content_type": "text/html; charset=utf-8"}
    visit.page.route("**/glossary.html", lambda route: route.fulfill(**answer))
    page = visit.open("book/glossary.html")
    wait_for_violations(visit, 2)
    assert page.evaluate("window.reached") is None


def test_nothing_is_sent_or_loaded_from_elsewhere(visit: Visit):
    asked = []
    visit.page.route("**/*", lambda route: (asked.append(route.request.url), route.continue_()))
    page = visit.open("book/glossary.html")
    page.evaluate(
        """() => {
          fetch('http://127.0.0.2:9/').catch(() => {});
          document.body.insertAdjacentHTML('beforeend',
            '<img src="http://127.0.0.2:9/a.png"><iframe src="http://127.0.0.2:9/b"></iframe>');
        }"""
    )
    wait_for_violations(visit, 3)
    assert [url for url in asked if "127.0.0.2" in url] == []
