"""What lies beside the pages: plotly's library, downloads, sheets and slides."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from functools import partial
from importlib import resources
from pathlib import Path

import plotly
from sphinx.application import Sphinx

from treatybook.evidence import tables
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import ROOT
from treatybook.evidence.wording import spoken
from treatybook.site import fresh, stylesheets
from treatybook.teaching import handouts, slides, workshop
from treatybook.teaching.lessons import Lesson, all_lessons
from treatybook.views import exports

ASSETS = Path(__file__).resolve().parent / "assets"
BUILD = ROOT / "_build"
DECKS, HANDOUTS = BUILD / "decks", BUILD / "handouts"
# The package carries reveal.js with it; its own way of writing slides is not used here.
REVEAL = resources.files("sphinx_revealjs") / "_static" / "revealjs"
REVEAL_FILES = ("LICENSE", "dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js")


def copy_library(app: Sphinx, config) -> None:
    """Copy plotly.js out of the installed Python package, beside the other static files."""
    # Outside _static: Jupyter Book loads every script it finds there on every page.
    target = BUILD / "library" / "plotly" / "plotly.min.js"
    source = Path(plotly.__file__).parent / "package_data" / target.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        shutil.copyfile(source, target)
    config.html_static_path.append(_from_root(BUILD / "library"))


def _from_root(folder: Path) -> str:
    # Sphinx writes a hash of its settings into the site: they must not depend on where it lies.
    return folder.relative_to(ROOT).as_posix()


def _beside_pages(
    app: Sphinx, folder: Path, inputs: Iterable[Path], make: Callable[[Path], None]
) -> None:
    """Make a folder anew if one of its inputs has changed, and copy it where it is not in the site.

    Sphinx would copy it at each build, and each copy would have to be finished once more.
    """
    made, site = fresh.remake(folder, inputs, make), Path(app.outdir)
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    if made or not all((site / file).is_file() for file in files):
        shutil.copytree(folder, site, dirs_exist_ok=True)


def write_downloads(app: Sphinx, config) -> None:
    """Write the data in its other forms; they go beside the pages, in ``downloads``."""
    _beside_pages(app, BUILD / "extra", fresh.files(*fresh.evidence(), *fresh.WRITERS), _export)


def _export(folder: Path) -> None:
    exports.write(tables.read(), folder / exports.FOLDER, [*exports.EXPORTS, *workshop.DOWNLOADS])


def write_sheets(app: Sphinx, config) -> None:
    """Write the sheets and their style; the build copies them beside the pages.

    Those of a lesson have a folder of their own, as its deck has. One tells of every page.
    """
    book, lessons = tables.read(), all_lessons()
    told = {
        f"sheets-{name}": (inputs(lesson), partial(handouts.of_lesson, book, lesson))
        for name, lesson in lessons.items()
    }
    told["overviews"] = inputs(*lessons.values()), partial(handouts.overviews, book)
    every = fresh.files(*fresh.evidence(), *fresh.WRITERS, "book/*.md")
    told["checklist"] = every, lambda: [handouts.checklist()]
    for name, (files, sheets) in told.items() if lessons else ():
        make = partial(_write_sheets, config.html_title, sheets)
        _beside_pages(app, HANDOUTS / name, files, make)


def _write_sheets(title: str, sheets: Callable[[], list[handouts.Sheet]], output: Path) -> None:
    for sheet in sheets():
        page = output / "book" / f"sheet-{sheet.name}.html"
        write_text(page, handouts.page_html(sheet, title))
    # Not among the static files of the book: those are loaded on every page.
    shutil.copytree(ASSETS / "handouts", output / "_static" / "handouts")


def write_decks(app: Sphinx, config) -> None:
    """Write the decks and what they load; they go beside the pages, in ``slides``.

    Each deck has a folder of its own, which is made anew if its lesson or one of its pages was
    changed.
    """
    book = tables.read()
    for name, lesson in all_lessons().items():
        make = partial(write_deck, book, lesson, config.html_title)
        _beside_pages(app, DECKS / f"deck-{name}", inputs(lesson), make)
    _beside_pages(
        app,
        DECKS / "deck-files",
        fresh.files(*fresh.evidence(), *fresh.WRITERS),
        copy_deck_files,
    )


def inputs(*lessons: Lesson) -> list[Path]:
    """All files on which decks and sheets of lessons depend: they explain hard words too."""
    told = {passage.page for one in lessons for step in one.steps for passage in step.passages}
    names = {"glossary", *told, *(lesson.name for lesson in lessons)}
    pages = (f"book/{page}.md" for page in sorted(names))
    return fresh.files(*fresh.evidence(), *fresh.WRITERS, *pages)


def write_deck(book: tables.Book, lesson: Lesson, title: str, output: Path) -> None:
    """Write the page of one deck."""
    from nbconvert.exporters import SlidesExporter  # it takes its time, and few builds need it

    exporter = SlidesExporter(
        template_name="slides", extra_template_basedirs=[str(ASSETS)], exclude_anchor_links=True
    )
    notebook = slides.deck(book, lesson)
    exporter.language_code = spoken()
    notebook.metadata.update(book=title, letters=stylesheets.letters("../_static/fonts"))
    html, _ = exporter.from_notebook_node(notebook)
    write_text(output / slides.FOLDER / f"{lesson.name}.html", html)


def copy_deck_files(output: Path) -> None:
    """Copy what all decks load."""
    folder = output / slides.FOLDER
    (folder / "reveal").mkdir(parents=True)
    for name in REVEAL_FILES:
        (folder / "reveal" / Path(name).name).write_bytes((REVEAL / name).read_bytes())
    for name in ("slides.css", "theme.js", "slides.js"):
        shutil.copyfile(ASSETS / "slides" / name, folder / name)
