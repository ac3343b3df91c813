"""Build the book in the folder where it is called: check the data, write the notebooks, run Sphinx."""

from __future__ import annotations

import shutil
from pathlib import Path

from jupyter_book.cli.main import main as jupyter_book

from treatybook.evidence import validation, wording
from treatybook.evidence.files import write_text
from treatybook.site import edition, notebooks

# There from the first step of a build to its last.
UNFINISHED = Path("_build/unfinished")
SITE = Path("_build/html")
# Warnings are errors, unknown references too, and all of them are told.
OPTIONS = ("-W", "-n", "--keep-going", "--quiet")


def main() -> int:
    """Build into ``_build/html``, in every language; what is wrong is printed."""
    if wording.spoken() != wording.SOURCE:  # one of the builds that are started below
        return _build()
    if code := validation.main():
        return code
    for language in edition.others():
        shutil.rmtree(SITE / language, ignore_errors=True)
    started = edition.begin(edition.others())
    try:
        _build()
    finally:
        failed = edition.finish(started, SITE)
    if not failed:
        print("The book is built. Open _build/html/index.html, or run: make serve")
    return failed


def _build() -> int:
    # Before the pages: their launch buttons lead to notebooks that are there. A key that no table
    # has is told by Sphinx, with its line.
    notebooks.write()
    shutil.rmtree("_build/html/reports", ignore_errors=True)
    # What Sphinx keeps of pages that failed would pass for read: the next build reads all anew.
    if UNFINISHED.exists():
        shutil.rmtree("_build/.doctrees", ignore_errors=True)
    write_text(UNFINISHED, "")
    # Jupyter Book ends the process itself if the build fails.
    jupyter_book(["build", ".", *OPTIONS], standalone_mode=False)
    UNFINISHED.unlink()
    return 0
