"""The books in the further languages: each is made by a process of its own, in a tree of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from treatybook.evidence import wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import NOTEBOOK_FOLDER
from treatybook.site import translation

# What the pages of all languages load from one place.
SHARED = ("_static/plotly",)


def write_notebooks(language: str) -> None:
    """Write the notebooks of a language into its folder below those of the book."""
    folder = translation.write(language)
    started = _start(language, "notebooks")
    told = started.communicate()[0]
    if started.returncode:
        raise RuntimeError(told)
    target = NOTEBOOK_FOLDER / language
    shutil.rmtree(target, ignore_errors=True)
    # Links to pages without cells lead to their sources, which lie where they were written.
    book = Path(os.path.relpath(folder / "book", target)).as_posix()
    for path in sorted((folder / NOTEBOOK_FOLDER.name).glob("*.ipynb")):
        write_text(target / path.name, path.read_text("utf-8").replace("](../book/", f"]({book}/"))


def begin(languages: Sequence[str], site: Path) -> dict[str, subprocess.Popen[str]]:
    """Start the builds of other languages, each a process of its own in a tree of its own.

    The pages that they made the last time go back there from the site.
    """
    for language in languages:
        built = _built(translation.write(language))
        if (site / language).is_dir():
            _move(site / language, built)
    return {language: _start(language, "build") for language in languages}


def _built(folder: Path) -> Path:
    """Where the build of a tree writes its pages."""
    return folder / "_build" / "html"


def _move(folder: Path, target: Path) -> None:
    """Move a folder to where another may stand: to copy a thousand files takes a while."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.replace(target)


def _start(language: str, command: str) -> subprocess.Popen[str]:
    folder = translation.tree(language)
    own = {wording.VARIABLE: language, "PYTHONPATH": str(folder / "book")}
    return subprocess.Popen(
        [sys.executable, "-m", "treatybook", command],
        cwd=folder,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def stop(started: dict[str, subprocess.Popen[str]], site: Path) -> None:
    """End builds that nobody waits for; the site has the pages that it had."""
    for language, process in started.items():
        process.terminate()
        process.communicate()
        if (built := _built(translation.tree(language))).is_dir():
            _move(built, site / language)


def finish(started: dict[str, subprocess.Popen[str]], site: Path) -> int:
    """Wait for those builds and put their pages into the site; what is wrong is printed."""
    failed = 0
    for language, process in started.items():
        told = process.communicate()[0]
        if process.returncode:
            print(f"The book in {wording.LANGUAGES[language]} was not built:\n{told}")
            failed = process.returncode
            continue
        _move(_built(translation.tree(language)), site / language)
        for part in SHARED:
            shutil.rmtree(site / language / part, ignore_errors=True)
    return failed
