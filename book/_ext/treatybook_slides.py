"""Sphinx extension for slides: one deck for each lesson of the teacher's page."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from importlib import resources
from pathlib import Path

from nbconvert.exporters import SlidesExporter
from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import treatybook_fresh as fresh  # noqa: E402
import treatybook_looks as looks  # noqa: E402
from treatybook import pages, slides, tables  # noqa: E402

ROOT = HERE.parent.parent
OUTPUT = ROOT / "_build" / "decks"
SHARED = (*fresh.EVIDENCE, *fresh.WRITERS)
TEMPLATE = "slides"
# The package carries reveal.js with it; its own way of writing slides is not used here.
REVEAL = resources.files("sphinx_revealjs") / "_static" / "revealjs"
REVEAL_FILES = ("LICENSE", "dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js")


def write_decks(app: Sphinx, config) -> None:
    """Write the decks and what they load; they go beside the pages, in ``slides``.

    Each deck has a folder of its own, which is made anew if its lesson or one of its pages was
    changed.
    """
    book, lessons = tables.read(), pages.lessons()
    for name in slides.DECKS:
        if name in lessons:
            lesson = lessons[name]
            write = partial(write_deck, book, lesson, config.html_title)
            fresh.remake(OUTPUT / f"deck-{name}", inputs(lesson), write)
            config.html_extra_path.append(_from_root(OUTPUT / f"deck-{name}"))
    fresh.remake(OUTPUT / "deck-files", fresh.files(*SHARED), copy_files)
    config.html_extra_path.append(_from_root(OUTPUT / "deck-files"))


def inputs(lesson: pages.Lesson) -> list[Path]:
    """All files on which the deck of a lesson depends."""
    told = [f"book/{page}.md" for page in slides.pages_of(lesson)]
    return fresh.files(*SHARED, "book/teach.md", *told)


def _from_root(folder: Path) -> str:
    return folder.relative_to(ROOT).as_posix()


def write_deck(book: tables.Book, lesson: pages.Lesson, title: str, output: Path) -> None:
    """Write the page of one deck."""
    exporter = SlidesExporter(
        template_name=TEMPLATE, extra_template_basedirs=[str(HERE)], exclude_anchor_links=True
    )
    notebook = slides.deck(book, lesson)
    notebook.metadata.update(book=title, letters=looks.letters("../_static/fonts"))
    html, _ = exporter.from_notebook_node(notebook)
    (output / slides.FOLDER).mkdir()
    (output / slides.FOLDER / f"{lesson.name}.html").write_text(
        html, encoding="utf-8", newline="\n"
    )


def copy_files(output: Path) -> None:
    """Copy what all decks load."""
    folder = output / slides.FOLDER
    (folder / "reveal").mkdir(parents=True)
    for name in REVEAL_FILES:
        (folder / "reveal" / Path(name).name).write_bytes((REVEAL / name).read_bytes())
    for name in ("slides.css", "theme.js", "slides.js"):
        shutil.copyfile(HERE / TEMPLATE / name, folder / name)


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", write_decks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
