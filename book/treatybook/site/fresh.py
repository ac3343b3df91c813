"""What is made beside the pages is made again only when something that it comes from has changed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from treatybook.evidence.tables import ROOT

STATE = ROOT / "_build" / "fresh"
# The tables, the package, and what stands in the cells of every page.
EVIDENCE = (
    "data/*.*",
    "data/basemap/*.geojson",
    "book/treatybook/*.py",
    "book/treatybook/[!s]*/**/*.*",
    "book/*.bib",
    "book/_static/*",
    "requirements.txt",
)
# What writes the sheets, the slides and the downloads, and names the book.
WRITERS = ("book/treatybook/site/**/*.*", "_config.yml", "_toc.yml")


def files(*patterns: str) -> list[Path]:
    """Files of the repository that fit the patterns, without what Python compiles."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path for path in found if path.is_file() and path.suffix != ".pyc")


def digest(paths: Iterable[Path], *more: str) -> str:
    """One text for the names and the content of files, and for further words."""
    total = hashlib.sha256("\n".join(more).encode())
    for path in paths:
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def is_fresh(name: str, now: str) -> bool:
    """Whether a digest is the one that was kept under a name."""
    kept = STATE / f"{name}.sha256"
    return kept.is_file() and kept.read_text(encoding="utf-8") == now


def keep(name: str, now: str) -> None:
    """Keep a digest under a name."""
    STATE.mkdir(parents=True, exist_ok=True)
    (STATE / f"{name}.sha256").write_text(now, encoding="utf-8")


def remake(folder: Path, inputs: Iterable[Path], make: Callable[[Path], None]) -> None:
    """Make a folder of files anew if what they are made from is not as it was.

    Parameters
    ----------
    folder : pathlib.Path
        The folder; it is emptied first.
    inputs : iterable of pathlib.Path
        All files that its content depends on.
    make : callable
        Writes the files into the folder that it is given.
    """
    now = digest(inputs)
    if folder.is_dir() and is_fresh(folder.name, now):
        return
    # Forgotten first, so that a build that breaks off here is not taken for a whole one.
    (STATE / f"{folder.name}.sha256").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make(folder)
    keep(folder.name, now)
