"""Build the book in the folder where it is called: check the data, write the notebooks, run Sphinx."""

from __future__ import annotations

import shutil

from jupyter_book.cli.main import main as jupyter_book

from treatybook.evidence import validation
from treatybook.site import notebooks

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
    # Jupyter Book ends the process itself if the build fails.
    jupyter_book(["build", ".", *OPTIONS], standalone_mode=False)
    print("The book is built. Open _build/html/index.html, or run: make serve")
    return 0
