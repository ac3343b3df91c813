"""Sphinx extension for slides: one deck for each lesson of the teacher's page."""

from __future__ import annotations

import shutil
import sys
from importlib import resources
from pathlib import Path

from nbconvert.exporters import SlidesExporter
from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from treatybook import pages, slides, tables  # noqa: E402

ROOT = HERE.parent.parent
OUTPUT = ROOT / "_build" / "decks"
TEMPLATE = "slides"
# The package carries reveal.js with it; its own way of writing slides is not used here.
REVEAL = resources.files("sphinx_revealjs") / "_static" / "revealjs"
REVEAL_FILES = ("LICENSE", "dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js")


def write_decks(app: Sphinx, config) -> None:
    """Write the decks and what they load; they go beside the pages, in ``slides``."""
    folder = OUTPUT / slides.FOLDER
    shutil.rmtree(OUTPUT, ignore_errors=True)
    (folder / "reveal").mkdir(parents=True)
    book, lessons = tables.read(), pages.lessons()
    exporter = SlidesExporter(
        template_name=TEMPLATE, extra_template_basedirs=[str(HERE)], exclude_anchor_links=True
    )
    for name in slides.DECKS:
        if name in lessons:
            notebook = slides.deck(book, lessons[name])
            notebook.metadata["book"] = config.html_title
            html, _ = exporter.from_notebook_node(notebook)
            (folder / f"{name}.html").write_text(html, encoding="utf-8")
    for name in REVEAL_FILES:
        (folder / "reveal" / Path(name).name).write_bytes((REVEAL / name).read_bytes())
    for name in ("slides.css", "slides.js"):
        shutil.copyfile(HERE / TEMPLATE / name, folder / name)
    config.html_extra_path.append(OUTPUT.relative_to(ROOT).as_posix())


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", write_decks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
