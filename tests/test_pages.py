"""The built pages, read without a browser; and proof that each fault breaks the build."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, build, copy_repository

# A cell that a reader fills in, and that shows nothing by itself.
FORM = re.compile(r"mine = \{.*\}", re.DOTALL)


@pytest.fixture(scope="session")
def soups(site: Path) -> dict[str, BeautifulSoup]:
    return {
        name: BeautifulSoup((site / "book" / f"{name}.html").read_text("utf-8"), "html.parser")
        for name in PAGES
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_page_exists_with_its_outputs(soups, name):
    soup = soups[name]
    assert soup.select_one("article h1")
    cells = soup.select("div.cell")
    silent = [cell.get_text().strip() for cell in cells if not cell.select(".cell_output")]
    assert [text[:80] for text in silent if not FORM.fullmatch(text)] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_has_caption_alternative_and_data(soups, name):
    for figure in soups[name].select("figure.tb-figure"):
        label = figure["aria-labelledby"]
        assert figure.find(id=label).get_text(strip=True)
        assert re.search(r"\d", figure.select_one(".tb-words").get_text())
        assert len(figure.select("details table tbody tr")) > 0


@pytest.mark.parametrize("name", PAGES)
def test_every_table_has_a_caption_and_scoped_heads(soups, name):
    for table in soups[name].select(".tb-table table"):
        assert table.caption.get_text(strip=True)
        assert all(head.get("scope") in ("col", "row") for head in table.select("th"))


@pytest.mark.parametrize("name", PAGES)
def test_pages_load_nothing_from_other_hosts(soups, name):
    loaded = [tag["src"] for tag in soups[name].select("[src]")]
    loaded += [tag["href"] for tag in soups[name].select("link[rel=stylesheet], link[rel=preload]")]
    assert [address for address in loaded if urlsplit(address).scheme in ("http", "https")] == []
    assert "thebe" not in " ".join(loaded).lower()


def test_every_local_link_and_anchor_leads_somewhere(site: Path, soups):
    ids = {name: {tag["id"] for tag in soup.select("[id]")} for name, soup in soups.items()}
    broken = []
    for name, soup in soups.items():
        for link in soup.select("a[href]"):
            parts = urlsplit(link["href"])
            if parts.scheme or parts.netloc:
                continue
            target = (site / "book" / unquote(parts.path)).resolve() if parts.path else None
            if target and not target.exists():
                broken.append(f"{name}: {link['href']}")
            page = target.stem if target and target.parent.name == "book" else name
            if parts.fragment and page in ids and unquote(parts.fragment) not in ids[page]:
                broken.append(f"{name}: {link['href']}")
    assert broken == []


def test_cyrillic_titles_stand_whole_in_the_bibliography(soups):
    entry = soups["sources"].find(id="source-airapetov")
    assert "Внешняя политика Советской России" in entry.get_text()
    assert "missing in" not in soups["sources"].select_one("main").get_text().lower()


def test_the_dictionary_has_every_column(soups, book):
    text = soups["data"].get_text()
    for name in book.names:
        for field in book.fields(name):
            assert field["description"] in text, f"{name}.{field['name']}"


def test_weak_evidence_is_marked_where_it_is_shown(soups, book):
    weak = book.clauses[
        (book.clauses["treaty_id"] == "RSFSR-MONGOLIA-1921")
        & book.clauses["evidence"].isin(["topic", "unverified"])
    ]
    for clause in weak["clause_id"]:
        row = soups["clauses"].find(id="clause-" + clause.split("/", 1)[1].replace("/", "-"))
        assert row.select(".tb-topic, .tb-unverified")


def test_launch_and_edit_links_follow_the_repository_that_builds(soups):
    for name in ("index", "chronology"):
        links = " ".join(link["href"] for link in soups[name].select("a[href]"))
        assert "mybinder.org/v2/gh/example/fork/main" in links
        assert "github.com/example/fork/edit/main/book" in links.replace("blob", "edit")


PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A page

"""
CELL = "```{code-cell} ipython3\n%s\n```\n"
# A page with one fault each, and what the build says of it; each would break the build alone.
FAULTS = {
    "a-failing-cell": (CELL % "1 / 0", "ZeroDivisionError"),
    "a-wrong-argument": (
        CELL
        % (
            "from treatybook import days, read\n"
            'days.calendar(read(), "1921-09-05", "1921-11-20", "pekng")'
        ),
        "no thread 'pekng'",
    ),
    "a-missing-citation": ("{cite}`NOBODY-1921`\n", "NOBODY-1921"),
    "an-unknown-event": ("{event}`no-such-event`\n", "no event 'no-such-event'"),
    "an-unknown-count": ("{count}`events-of-1921`\n", "no count 'events-of-1921'"),
    "a-broken-link": ("[there](nowhere.md)\n", "nowhere"),
    "a-figure-without-alternative": (
        CELL
        % (
            "import plotly.graph_objects as go, pandas as pd\n"
            "from treatybook import show\nfrom treatybook.display.content import FigureView, TableView\n"
            "table = TableView('t', 'Data', pd.DataFrame({'a': [1]}))\n"
            "show(FigureView('f', go.Figure(layout={'height': 100}), 'Caption', ' ', table))"
        ),
        "a figure needs its alternative",
    ),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Path]:
    """A book of a sound page and one page for each fault: how its build ends, and what it says."""
    folder = copy_repository(tmp_path_factory.mktemp("faulty"))
    for page in (folder / "book").glob("*.md"):
        page.unlink()
    pages = {
        "index": "Text.\n" + CELL % "1 + 1",
        **{name: text for name, (text, _) in FAULTS.items()},
    }
    for name, text in pages.items():
        (folder / "book" / f"{name}.md").write_text(PAGE + text, encoding="utf-8")
    chapters = "".join(f"  - file: book/{name}\n" for name in FAULTS)
    toc = f"format: jb-book\nroot: book/index\nchapters:\n{chapters}"
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    done = build(folder)
    logs = folder.glob("_build/html/reports/**/*.log")
    return (
        done.returncode,
        done.stdout + done.stderr + "".join(log.read_text() for log in logs),
        folder,
    )


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.built
def test_a_fault_on_a_page_breaks_the_build_and_is_told_with_its_page(faulty, name: str):
    code, said, _ = faulty
    assert code != 0
    where = [line for line in said.splitlines() if f"book/{name}.md" in line]
    assert [line for line in where if "WARNING" in line or "ERROR" in line], said[-3000:]
    assert FAULTS[name][1] in said


@pytest.mark.built
def test_a_sound_page_among_faulty_ones_is_written_and_gets_no_warning(faulty):
    _, said, folder = faulty
    assert not re.search(r"book/index\.md.*(WARNING|ERROR)", said)
    page = (folder / "_build" / "html" / "book" / "index.html").read_text(encoding="utf-8")
    assert "mybinder.org" not in page, "a launch button that leads nowhere"


def test_html_in_the_data_is_shown_as_harmless_text():
    import pandas as pd
    from treatybook.display.content import Cell, FigureView, TableView
    from treatybook.display.rendering import figure_html, table_html
    from treatybook.display.style import figure

    bad = "</script><img src=x onerror=alert(1)>"
    table = TableView("t", bad, pd.DataFrame({bad: [bad], "b": [Cell(bad, href=bad, sort=bad)]}))
    soup = BeautifulSoup(table_html(table), "html.parser")
    assert not soup.select("img, script")
    assert soup.caption.get_text() == bad
    plot = figure([{"type": "bar", "x": [1], "name": bad}], 100)
    view = FigureView("f", plot, bad, bad, table)
    soup = BeautifulSoup(figure_html(view), "html.parser")
    assert not soup.select("img")
    assert len(soup.select("script")) == 1
