"""What is made beside the pages is made again only when something that it comes from has changed."""

from __future__ import annotations

import hashlib
import json
import os.path
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from treatybook.evidence import wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import ROOT

STATE = ROOT / "_build" / "fresh"
PAGES = "pages.json"  # the finished pages
# The tables, the package, and what stands in the cells of every page.
EVIDENCE = """
data/*.* data/basemap/*.geojson book/treatybook/*.py book/treatybook/[!s]*/**/*.*
book/*.bib book/_static/* requirements.txt
""".split()
CODE = "book/treatybook/site/**/*.*"  # what writes the pages
# What writes the sheets, the slides and the downloads, and names the book.
WRITERS = (CODE, "_config.yml", "_toc.yml")


def evidence() -> tuple[str, ...]:
    """What every cell's output depends on; of another language also its catalogues."""
    return (*EVIDENCE, f"locale/{wording.spoken()}/*.po")


def files(*patterns: str) -> list[Path]:
    """Files of the repository that fit the patterns, without what Python compiles."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path for path in found if path.is_file() and path.suffix != ".pyc")


def digest(paths: Iterable[Path], *more: str) -> str:
    """One text for the names and the content of files, and for further words."""
    total = hashlib.sha256("\n".join(more).encode())
    for path in paths:
        total.update(os.path.relpath(path, ROOT).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def unfinished(site: Path) -> list[Path]:
    """Pages of a site that are not as the last steps of a build have left them."""
    path = STATE / PAGES
    kept = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return [site / name for name, now in _pages(site).items() if kept.get(name) != now]


def finished(site: Path) -> None:
    """Keep what the pages are now: the next build leaves alone what it does not write anew."""
    write_text(STATE / PAGES, json.dumps(_pages(site), indent=0))


def _pages(site: Path) -> dict[str, str]:
    """A digest of each page with all that the last steps of a build take into account."""
    static = [path for kind in ("css", "js") for path in sorted(site.glob(f"_static/**/*.{kind}"))]
    common = digest([*files(*WRITERS), *static])
    names = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return {name: digest([site / name], common) for name in names}


def remake(folder: Path, inputs: Iterable[Path], make: Callable[[Path], None]) -> bool:
    """Make a folder of files anew if what they are made from is not as it was.

    Parameters
    ----------
    folder : pathlib.Path
        The folder; it is emptied first.
    inputs : iterable of pathlib.Path
        All files that its content depends on.
    make : callable
        Writes the files into the folder that it is given.

    Returns
    -------
    bool
        Whether it was made.
    """
    kept, now = STATE / f"{folder.name}.sha256", digest(inputs)
    if folder.is_dir() and kept.is_file() and kept.read_text("utf-8") == now:
        return False
    # Forgotten first, so that a build that breaks off here is not taken for a whole one.
    kept.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make(folder)
    write_text(kept, now)
    return True
