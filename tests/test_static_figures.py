"""Figures that the build draws: at once there, in the colours of the page, the same every time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import kaleido
import pytest
from conftest import every_page
from treatybook.display.rendering import figure_html
from treatybook.site import browser, static_figures
from treatybook.views import sources


@pytest.fixture
def app(tmp_path: Path, book) -> SimpleNamespace:
    """A site of one page with one figure, as Sphinx leaves it."""
    page = tmp_path / "book" / "page.html"
    page.parent.mkdir()
    page.write_text(f"<body>{figure_html(sources.read_extent(book))}</body>", encoding="utf-8")
    return SimpleNamespace(outdir=tmp_path, config=SimpleNamespace(tb_site=False))


def text(app: SimpleNamespace) -> str:
    return (app.outdir / "book" / "page.html").read_text("utf-8")


def test_a_drawing_keeps_what_is_seen_and_takes_the_inks_of_the_page():
    chance = '<clipPath id="clip3fa9"><rect width="3.14159"/></clipPath>'
    mark = '<path class="point" d="M0.26,1.999Z" style="opacity: 0.5; fill: rgb(51, 51, 51);"/>'
    svg = f'<svg class="main-svg"><g class="empty"><g/></g>{chance}<g clip-path="url(#clip3fa9)">{mark}</g></svg>'
    assert static_figures.tidied(svg, 300, 200) == (
        '<svg viewBox="0 0 300 200"><clipPath id="0"><rect width="3.1"/></clipPath>'
        '<g clip-path="url(#0)"><path d="M0.3,2Z" style="fill:var(--tb-ink);fill-opacity:0.5;'
        'stroke-opacity:0.5"/></g></svg>'
    )


def test_white_words_stay_white_and_outlines_follow_the_page():
    words = '<text style="fill: rgb(255, 255, 255);">88</text>'
    mark = '<path d="M0,0" style="stroke: rgb(255, 255, 255);"/>'
    made = static_figures.tidied(f"<svg>{words}{mark}</svg>", 300, 200)
    assert '<text style="fill:rgb(255, 255, 255)">' in made
    assert 'style="stroke:var(--tb-ground)"' in made


@pytest.mark.parametrize(
    ("does", "patience", "said"),
    [("sleep 600", 4, "it did not answer"), ("exit 3", 60, "[^ ]*Error.*|.*closed.*")],
    ids=["hangs", "dies"],
)
def test_a_browser_that_does_not_answer_ends_the_drawing(
    app, tmp_path, monkeypatch, does, patience, said
):
    engine = tmp_path / "engine"
    engine.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    engine.chmod(0o755)
    monkeypatch.setattr(static_figures, "DRAWN", tmp_path / "drawn")
    monkeypatch.setattr(static_figures, "TRIES", 1)
    monkeypatch.setattr(static_figures, "PATIENCE", patience)
    monkeypatch.setattr(browser, "at_hand", lambda: str(engine))
    app.config.tb_site = True
    with pytest.raises(browser.NoBrowser, match=rf"engine left 2 of 2 undrawn: ({said})"):
        static_figures.draw_figures(app)


def test_without_a_browser_the_description_stays_in_the_page(app, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(static_figures, "DRAWN", tmp_path / "drawn")
    monkeypatch.setattr(browser, "at_hand", lambda: None)
    before = text(app)
    static_figures.draw_figures(app)
    assert text(app) == before
    assert "not drawn in the pages (no browser was found)" in capsys.readouterr().out
    app.config.tb_site = True
    with pytest.raises(browser.NoBrowser):
        static_figures.draw_figures(app)


def test_what_was_drawn_is_kept(app, tmp_path, monkeypatch):
    before = text(app)
    monkeypatch.setattr(static_figures, "DRAWN", tmp_path / "drawn")
    static_figures.draw_figures(app)
    drawn = text(app)
    assert drawn != before
    # The drawing is kept now: no browser is asked again.
    monkeypatch.setattr(browser, "at_hand", lambda: pytest.fail("drawn once more"))
    (app.outdir / "book" / "page.html").write_text(before, encoding="utf-8")
    static_figures.draw_figures(app)
    assert text(app) == drawn
    static_figures.draw_figures(app)
    assert text(app) == drawn, "a page that is drawn already stays as it is"


def test_the_library_that_draws_still_has_the_step_that_is_left_out():
    """Else every figure would load library and fonts anew again, and nothing would tell."""
    assert callable(kaleido.Kaleido._return_kaleido_tab)


def test_every_figure_of_the_site_is_drawn_and_described_beside_its_page(site: Path):
    found = 0
    for name in every_page(site):
        page = (site / name).read_text("utf-8")
        assert "tb-drawings" not in page, f"a figure of {name} is not drawn"
        for address in re.findall(r'data-source="([^"]+)"', page):
            described = (site / name).parent / address
            told = re.fullmatch(
                r"tbDescribed\((\"[\w-]+\"), (.*)\);\n", described.read_text("utf-8")
            )
            assert json.loads(told[1]) == described.stem
            assert json.loads(told[2])["drawings"].keys() >= {"narrow", "wide"}
            found += 1
    assert found > 30


def test_the_parts_of_a_drawing_have_names_of_their_own(site: Path):
    for name in every_page(site):
        page = (site / name).read_text("utf-8")
        ids = re.findall(r'<clipPath[^>]* id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), name
        assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids) | set(
            re.findall(r'\bid="([^"]+)"', page)
        )


def test_neighbours_of_one_style_tell_it_once_and_others_keep_their_own():
    red, thin = 'style="fill: red"', 'style="stroke-width: 1px"'
    lines = f'<path d="M0,0" {red}/><path d="M1,1" {red}/><path d="M2,2" {thin}/>'
    made = static_figures.tidied(f"<svg>{lines}</svg>", 9, 9)
    together = '<g style="fill:red"><path d="M0,0"/><path d="M1,1"/></g>'
    assert (
        made == f'<svg viewBox="0 0 9 9">{together}<path d="M2,2" style="stroke-width:1px"/></svg>'
    )
