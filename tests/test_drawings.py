"""The drawings are made by the command that contributors are told to run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import PAGES, ROOT, copy_repository
from PIL import Image, ImageChops
from treatybook.teaching.lessons import all_lessons

DRAWN, ART = Path("book", "_static"), Path("book", "art")
SVGS = sorted(path.name for path in (ROOT / DRAWN).glob("*.svg"))
STALE = "{} is not what the data give: run python book/art/drawings.py"
CARD = DRAWN / "social.png"
AGREEMENT = "RSFSR-MONGOLIA-1921"
GONE = "soviet-mongolian-agreement-1921"
# Browsers smooth edges in ways of their own, which is lost in a picture of a quarter of the size; a
# mark that came or went is still there.
QUARTER = 4
SMOOTHING = 40  # of 255


def run(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "book/art/drawings.py", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]


def drawing_of(name: str) -> Tag:
    return BeautifulSoup((ROOT / DRAWN / name).read_text("utf-8"), "xml").svg


def difference(one: Path, other: Path) -> int:
    """How far two pictures of the same size differ, from 0 to 255, where they differ most."""
    pictures = [Image.open(path).convert("RGB").reduce(QUARTER) for path in (one, other)]
    return max(high for _, high in ImageChops.difference(*pictures).getextrema())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository without its drawings."""
    folder = copy_repository(tmp_path / "a copy")
    for path in (*(DRAWN / name for name in SVGS), CARD):
        (folder / path).unlink()
    for path in (folder / ART).glob("*/*.svg"):
        path.unlink()
    return folder


def test_the_svg_files_are_drawn_without_a_browser(copy: Path):
    run(copy)
    for name in SVGS:
        assert (copy / DRAWN / name).read_bytes() == (ROOT / DRAWN / name).read_bytes(), (
            STALE.format(name)
        )
    assert sorted(path.name for path in (copy / DRAWN).glob("*.svg")) == SVGS
    assert not (copy / CARD).exists()
    for path in sorted((ROOT / ART).glob("*/*.svg")):
        name = path.relative_to(ROOT)
        assert (copy / name).read_bytes() == path.read_bytes(), STALE.format(name)


@pytest.mark.parametrize("name", SVGS)
def test_a_drawing_says_in_words_what_it_is(name: str):
    drawing = drawing_of(name)
    assert drawing["role"] == "img"
    assert len(drawing.title.text.split()) > 2


def test_the_words_beside_a_drawing_keep_to_the_data():
    title = {name: drawing_of(name).title.text for name in ("sheet.svg", "map.svg")}
    assert f":alt: {title['sheet.svg']}\n" in (ROOT / "book" / "clauses.md").read_text("utf-8")
    (distance,) = re.findall(r"[\d,]+ km", title["map.svg"])
    assert f"Moscow, {distance} away" in (ROOT / "book" / "index.md").read_text("utf-8")


def test_every_chapter_that_tells_or_shows_something_has_a_drawing():
    drawn = {name.removeprefix("chapter-").removesuffix(".svg") for name in SVGS}
    plain = {
        "index",
        "claims",
        "data",
        "glossary",
        "ask",
        "workshop",
        "run",
        "teach",
        *all_lessons(),
    }
    assert set(PAGES) - drawn == plain


def test_the_sheet_shows_what_is_read_after_a_reading(copy: Path):
    table = copy / "data" / "clauses.csv"
    before = (ROOT / DRAWN / "sheet.svg").read_text("utf-8")
    rows = table.read_text("utf-8").splitlines(keepends=True)
    rows = [
        row.replace(",secondary,", ",text,", 1) if row.startswith(f"{AGREEMENT}/4/") else row
        for row in rows
    ]
    table.write_text("".join(rows), encoding="utf-8", newline="\n")
    run(copy)
    after = (copy / DRAWN / "sheet.svg").read_text("utf-8")
    faint = [text.count('fill-opacity="') for text in (before, after)]
    assert faint == [faint[0], faint[0] - 1]


@pytest.mark.built
def test_the_card_is_photographed_as_it_stands_in_the_book(copy: Path):
    run(copy, "card")
    with Image.open(copy / CARD) as new:
        assert new.size == (1200, 630)
    assert difference(copy / CARD, ROOT / CARD) < SMOOTHING


@pytest.mark.rare
@pytest.mark.built
def test_the_card_loses_the_mark_of_an_event_that_is_gone(copy: Path):
    table = copy / "data" / "events.csv"
    kept, number = re.subn(f"^{GONE},.*\n", "", table.read_text("utf-8"), flags=re.MULTILINE)
    assert number == 1
    table.write_text(kept, encoding="utf-8", newline="\n")
    run(copy, "card")
    assert difference(copy / CARD, ROOT / CARD) > SMOOTHING
