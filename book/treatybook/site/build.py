"""Build the book in the folder where it is called: check the data, write the notebooks, run Sphinx."""

from __future__ import annotations

import shutil
from pathlib import Path

from jupyter_book.cli.main import main as jupyter_book

from treatybook.evidence import validation
from treatybook.evidence.files import write_text
from treatybook.site import notebooks

# There from the first step of a build to its last.
UNFINISHED = Path("_build/unfinished")
# Warnings are errors, unknown references too, and all of them are told.
OPTIONS = ("-W", "-n", "--keep-going", "--quiet")


def main() -> int:
    """Build into ``_build/html``; what is wrong is printed."""
    if code := validation.main():
        return code
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
    print("The book is built. Open _build/html/index.html, or run: make serve")
    return 0
