"""Build the book in the folder where it is called: check the data, write the notebooks, run Sphinx."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

from treatybook.evidence import validation, wording
from treatybook.evidence.files import write_text
from treatybook.site import fresh, further

# There from the first step of a build to its last.
UNFINISHED = Path("_build/unfinished")
SITE = Path("_build/html")
# Warnings are errors, unknown references too, and all of them are told.
OPTIONS = ("-W", "-n", "--keep-going", "--quiet")


def main() -> int:
    """Build into ``_build/html``, in every language; what is wrong is printed."""
    # A tree of a page has a hundred thousand nodes that all live: to look for dead ones costs a
    # fifth of the time.
    gc.set_threshold(200_000)
    if wording.spoken() != wording.SOURCE:  # one of the builds that are started below
        return _build()
    try:
        started = further.begin(wording.others(), SITE)
    except Exception:
        # If the data are at fault, the check says it better.
        if code := validation.main():
            return code
        raise
    if code := _check_data():
        further.stop(started, SITE)
        return code
    try:
        _build()
    finally:
        failed = further.finish(started, SITE)
    if not failed:
        print("The book is built. Open _build/html/index.html, or run: make serve")
    return failed


def _check_data() -> int:
    """Check the data, unless they were in order the last time and nothing has changed."""
    now, kept = fresh.digest(fresh.files(*fresh.evidence())), fresh.STATE / "in-order.sha256"
    if kept.is_file() and kept.read_text("utf-8") == now:
        return 0
    if not (code := validation.main()):
        write_text(kept, now)
    return code


def _build() -> int:
    from treatybook.site import notebooks  # the builds of other languages do not wait for it

    # Before the pages: their launch buttons lead to notebooks that are there. A key that no table
    # has is told by Sphinx, with its line.
    notebooks.write()
    shutil.rmtree("_build/html/reports", ignore_errors=True)
    # What Sphinx keeps of pages that failed would pass for read: the next build reads all anew.
    if UNFINISHED.exists():
        shutil.rmtree("_build/.doctrees", ignore_errors=True)
    write_text(UNFINISHED, "")
    jupyter_book()
    UNFINISHED.unlink()
    return 0


def jupyter_book() -> None:
    """Run Jupyter Book, which ends the process itself if the build fails."""
    from jupyter_book.cli.main import main as command  # it takes its time, as above

    command(["build", ".", *OPTIONS], standalone_mode=False)
