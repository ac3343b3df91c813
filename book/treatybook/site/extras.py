"""What lies beside the pages: plotly's library, downloads, sheets and slides."""

from __future__ import annotations

import shutil
from functools import partial
from importlib import resources
from pathlib import Path

import plotly
from nbconvert.exporters import SlidesExporter
from sphinx.application import Sphinx

from treatybook.evidence import tables
from treatybook.evidence.tables import ROOT
from treatybook.site import fresh, styles
from treatybook.teaching import handouts, slides, workshop
from treatybook.teaching.lessons import Lesson, all_lessons
from treatybook.views import exports

ASSETS = Path(__file__).resolve().parent / "assets"


# Outside _static: Jupyter Book loads every script it finds there on every page.
LIBRARY_FOLDER = ROOT / "_build" / "library"


EXTRA_FOLDER = ROOT / "_build" / "extra"


SHEETS = ROOT / "_build" / "handouts"


DECKS = ROOT / "_build" / "decks"


SHARED = (*fresh.EVIDENCE, *fresh.WRITERS)


TEMPLATE = "slides"


# The package carries reveal.js with it; its own way of writing slides is not used here.
REVEAL = resources.files("sphinx_revealjs") / "_static" / "revealjs"


REVEAL_FILES = ("LICENSE", "dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js")


def copy_library(app: Sphinx, config) -> None:
    """Copy plotly.js out of the installed Python package, beside the other static files."""
    target = LIBRARY_FOLDER / "plotly" / "plotly.min.js"
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        shutil.copyfile(source, target)
    config.html_static_path.append(_from_root(LIBRARY_FOLDER))


def _from_root(folder: Path) -> str:
    # Sphinx writes a hash of its settings into the site: they must not depend on where it lies.
    return folder.relative_to(ROOT).as_posix()


def write_downloads(app: Sphinx, config) -> None:
    """Write the data in its other forms; they go beside the pages, in ``downloads``."""
    inputs = fresh.files(*fresh.EVIDENCE, *fresh.WRITERS)
    fresh.remake(EXTRA_FOLDER, inputs, _export)
    config.html_extra_path.append(_from_root(EXTRA_FOLDER))


def _export(folder: Path) -> None:
    exports.write(tables.read(), folder / exports.FOLDER, [*exports.EXPORTS, *workshop.DOWNLOADS])


def write_sheets(app: Sphinx, config) -> None:
    """Write the sheets and their style; the build copies them beside the pages."""
    inputs = fresh.files(*fresh.EVIDENCE, *fresh.WRITERS, "book/*.md")
    fresh.remake(SHEETS, inputs, partial(_write_sheets, config.html_title))
    config.html_extra_path.append(_from_root(SHEETS))


def _write_sheets(title: str, output: Path) -> None:
    # Not among the static files of the book: those are loaded on every page.
    style = output / "_static" / "handouts"
    style.mkdir(parents=True)
    (output / "book").mkdir()
    for sheet in handouts.sheets(tables.read()):
        html = handouts.page_html(sheet, title)
        (output / "book" / f"sheet-{sheet.name}.html").write_text(
            html, encoding="utf-8", newline="\n"
        )
    shutil.copyfile(ASSETS / "handouts" / "handouts.css", style / "handouts.css")


def write_decks(app: Sphinx, config) -> None:
    """Write the decks and what they load; they go beside the pages, in ``slides``.

    Each deck has a folder of its own, which is made anew if its lesson or one of its pages was
    changed.
    """
    book, lessons = tables.read(), all_lessons()
    for name in slides.DECKS:
        if name in lessons:
            lesson = lessons[name]
            write = partial(write_deck, book, lesson, config.html_title)
            fresh.remake(DECKS / f"deck-{name}", deck_inputs(lesson), write)
            config.html_extra_path.append(_from_root(DECKS / f"deck-{name}"))
    fresh.remake(DECKS / "deck-files", fresh.files(*SHARED), copy_deck_files)
    config.html_extra_path.append(_from_root(DECKS / "deck-files"))


def deck_inputs(lesson: Lesson) -> list[Path]:
    """All files on which the deck of a lesson depends."""
    told = [f"book/{page}.md" for page in slides.pages_of(lesson)]
    return fresh.files(*SHARED, "book/teach.md", *told)


def _from_root(folder: Path) -> str:
    return folder.relative_to(ROOT).as_posix()


def write_deck(book: tables.Book, lesson: Lesson, title: str, output: Path) -> None:
    """Write the page of one deck."""
    exporter = SlidesExporter(
        template_name=TEMPLATE, extra_template_basedirs=[str(ASSETS)], exclude_anchor_links=True
    )
    notebook = slides.deck(book, lesson)
    notebook.metadata.update(book=title, letters=styles.letters("../_static/fonts"))
    html, _ = exporter.from_notebook_node(notebook)
    (output / slides.FOLDER).mkdir()
    (output / slides.FOLDER / f"{lesson.name}.html").write_text(
        html, encoding="utf-8", newline="\n"
    )


def copy_deck_files(output: Path) -> None:
    """Copy what all decks load."""
    folder = output / slides.FOLDER
    (folder / "reveal").mkdir(parents=True)
    for name in REVEAL_FILES:
        (folder / "reveal" / Path(name).name).write_bytes((REVEAL / name).read_bytes())
    for name in ("slides.css", "theme.js", "slides.js"):
        shutil.copyfile(ASSETS / TEMPLATE / name, folder / name)
