"""What differs between two built sites: ``python tests/compare_sites.py BEFORE AFTER``.

Digests of assets are masked, so a change of the code can be shown to change nothing that a
reader sees. ``--mask REGEX REPLACEMENT`` masks more in names and texts of both sites, for example
what was renamed on purpose: ``--mask 'treatybook-looks' looks``. The exit status is 1 if a
difference is left.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from zipfile import ZipFile

MASKS = (
    (r"\?(v|digest)=\w+", ""),
    # The digest in a name. A name that is nothing but a digest changes with what a reader sees.
    (r"(?<=[.-])[0-9a-f]{16,64}(?=\.)", "DIGEST"),
    # The security policy lists a digest of each script of the page.
    (r"('sha\d+-[\w+/=]+'\s*)+", "'DIGESTS'"),
    (r'\sintegrity="[^"]*"', ""),
    # Versions of the extensions, in the index of the search.
    (r'"?envversion"?:\s*\{[^}]*\}', ""),
)
UNSEEN = ".buildinfo"
LINES = 10  # of a page that are shown
BEFORE, WIDTH = 40, 160  # characters shown of a line: before the difference, and in all

Masks = Sequence[tuple[str, str]]


def masked(text: str, masks: Masks) -> str:
    for pattern, replacement in masks:
        text = re.sub(pattern, replacement, text)
    return text


def files(site: Path, masks: Masks) -> dict[str, str | bytes]:
    """What each file of a site, and each in a zip of it, holds, under its masked name."""
    found = {}
    for path in filter(Path.is_file, site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".zip":
            with ZipFile(path) as packed:
                found |= {f"{name}/{inner}": packed.read(inner) for inner in packed.namelist()}
        elif path.name != UNSEEN:
            found[name] = path.read_bytes()
    return {masked(name, masks): readable(content, masks) for name, content in found.items()}


def readable(content: bytes, masks: Masks) -> str | bytes:
    try:
        return masked(content.decode(), masks)
    except UnicodeDecodeError:
        return content


def changes(before: str, after: str) -> Iterator[str]:
    """The lines that differ, each cut to what lies around its first difference."""
    old, new = before.splitlines(), after.splitlines()
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        replaced = zip_longest(old[start:end], new[new_start:new_end], fillvalue="")
        for pair in replaced if kind != "equal" else ():
            letters = enumerate(zip(*pair, strict=False))
            alike = next((n for n, (a, b) in letters if a != b), min(map(len, pair)))
            first = max(0, alike - BEFORE)
            for sign, line in zip("-+", pair, strict=True):
                if line:
                    yield f"  {sign} {line[first : first + WIDTH]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every difference that is left; 0 if there is none."""
    parser = argparse.ArgumentParser(description="list what differs between two built sites")
    parser.add_argument("sites", type=Path, nargs=2, metavar=("BEFORE", "AFTER"))
    mask = {"nargs": 2, "action": "append", "default": [], "metavar": ("REGEX", "REPLACEMENT")}
    parser.add_argument("--mask", **mask)
    wanted = parser.parse_args(arguments)
    before, after = (files(site, (*MASKS, *wanted.mask)) for site in wanted.sites)
    gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    both = sorted(before.keys() & after.keys())
    differing = [name for name in both if before[name] != after[name]]
    for name in differing:
        print(f"differs: {name}")
        if name.endswith(".html"):
            lines = list(changes(str(before[name]), str(after[name])))
            print("\n".join(lines[:LINES]))
            if len(lines) > LINES:
                print(f"  and {len(lines) - LINES} lines more")
    for name in gone:
        print(f"only before: {name}")
    for name in new:
        print(f"only after: {name}")
    alike = len(both) - len(differing)
    print(f"{alike} alike, {len(differing)} differ, {len(gone)} only before, {len(new)} only after")
    return int(bool(differing or gone or new))


if __name__ == "__main__":
    raise SystemExit(main())
