"""Sphinx extension for handouts: one print-ready page for each sheet, beside the other pages."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUTPUT = ROOT / "_build" / "handouts"
sys.path.insert(0, str(HERE.parent))

import treatybook_fresh as fresh  # noqa: E402
from treatybook import handouts, tables  # noqa: E402


def write_sheets(app: Sphinx, config) -> None:
    """Write the sheets and their style; the build copies them beside the pages."""
    inputs = fresh.files(*fresh.EVIDENCE, *fresh.WRITERS, "book/*.md")
    fresh.remake(OUTPUT, inputs, partial(_write, config.html_title))
    config.html_extra_path.append(OUTPUT.relative_to(ROOT).as_posix())


def _write(title: str, output: Path) -> None:
    # Not among the static files of the book: those are loaded on every page.
    style = output / "_static" / "handouts"
    style.mkdir(parents=True)
    (output / "book").mkdir()
    for sheet in handouts.sheets(tables.read()):
        html = handouts.page_html(sheet, title)
        (output / "book" / f"sheet-{sheet.name}.html").write_text(
            html, encoding="utf-8", newline="\n"
        )
    shutil.copyfile(HERE / "handouts" / "handouts.css", style / "handouts.css")


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", write_sheets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
