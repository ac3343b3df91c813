"""Try the newest versions of what the project uses: ``make update``.

Asks pip for the newest versions that fit together, installs them into an environment of their
own, runs the whole test suite there, and shows what would change. ``make update WRITE=1`` then
also writes the new pins.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
PRE_COMMIT = ROOT / ".pre-commit-config.yaml"
FOLDER = ROOT / "_build" / "update"
PYTHONS = ("3.11", "3.12", "3.13")
# Direct requirements that do not move, with the reason a contributor is told.
HELD = {"jupyter-book": "version 2 ignores _config.yml and _toc.yml"}
# pip resolves for a Python that is not at hand from wheels only; these come as source only.
SOURCE_ONLY = ("PyMeeus",)
DIRECT, BROUGHT = "# What the project uses directly", "# What those bring"
PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.+!-]+)")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


class ResolutionError(Exception):
    """pip found no set of versions that fits; the message is pip's own."""


@dataclass(frozen=True)
class Pin:
    """One package at one version.

    Attributes
    ----------
    name : str
        The package's name as it is written.
    version : str
        Its version.
    direct : bool
        Whether the project uses it directly.
    """

    name: str
    version: str
    direct: bool = False


@dataclass(frozen=True)
class Change:
    """What an update does to one package; the old or the new version may be missing.

    Attributes
    ----------
    name, old, new : str
        The package, its version until now and the one to come, empty for none.
    direct : bool
        Whether the project uses it directly.
    """

    name: str
    old: str
    new: str
    direct: bool


def canonical(name: str) -> str:
    """A package's name as the registry compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, Pin]:
    """The pins of a requirements file, by canonical name.

    Parameters
    ----------
    text : str
        The file; the part under "What the project uses directly" counts as direct.
    """
    found: dict[str, Pin] = {}
    direct = False
    for line in text.splitlines():
        if line in (DIRECT, BROUGHT):
            direct = line == DIRECT
        elif match := PIN.fullmatch(line.strip()):
            found[canonical(match["name"])] = Pin(match["name"], match["version"], direct)
    return found


def wanted(old: dict[str, Pin]) -> list[str]:
    """What pip is asked for: every direct requirement without its version, but for those held."""
    return [
        f"{pin.name}=={pin.version}" if name in HELD else pin.name
        for name, pin in old.items()
        if pin.direct
    ]


def reported(report: dict) -> dict[str, Pin]:
    """The packages of one of pip's installation reports, by canonical name."""
    found = [item["metadata"] for item in report["install"]]
    return {canonical(one["name"]): Pin(one["name"], one["version"]) for one in found}


def changes(old: dict[str, Pin], new: dict[str, Pin]) -> list[Change]:
    """What differs between two sets of pins: direct requirements first, then by name."""
    rows = []
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before and after and before.version == after.version:
            continue
        shown = (before or after).name  # type: ignore[union-attr]  # one of them is there
        rows.append(
            Change(
                shown,
                before.version if before else "",
                after.version if after else "",
                bool(before and before.direct),
            )
        )
    return sorted(rows, key=lambda row: not row.direct)


def listing(rows: Iterable[Change]) -> str:
    """Changes as a table to read in a terminal."""
    lines = [("package", "pinned", "newest", "")]
    lines += [
        (row.name, row.old or "(new)", row.new or "(gone)", "" if row.direct else "brought along")
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(w) for cell, w in zip(line, widths, strict=False)), line[3]]
        ).rstrip()
        for line in lines
    )


def rewritten(text: str, new: dict[str, Pin]) -> str:
    """A requirements file with new pins; comments, sections and spelling stay.

    Packages that are no longer needed go; new ones are sorted into "What those bring".

    Parameters
    ----------
    text : str
        The file until now.
    new : dict of str to Pin
        The versions to write, by canonical name.
    """
    old = pins(text)
    lines = []
    for line in text.splitlines():
        match = PIN.fullmatch(line.strip())
        if not match:
            lines.append(line)
        elif pin := new.get(canonical(match["name"])):
            lines.append(f"{match['name']}=={pin.version}")
    for name in sorted(set(new) - set(old)):
        lines.insert(_place(lines, name), f"{new[name].name}=={new[name].version}")
    return "\n".join(lines) + "\n"


def _place(lines: Sequence[str], name: str) -> int:
    """Where in "What those bring" a package belongs."""
    start = lines.index(BROUGHT) + 1
    for number, line in enumerate(lines[start:], start):
        match = PIN.fullmatch(line.strip())
        if match and canonical(match["name"]) > name:
            return number
    return len(lines)


def interpreter(version: str) -> str | None:
    """A Python of that version on this machine, if there is one."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    managed = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = sorted(managed.glob(f"{version}.*/bin/python"))
    candidates = [shutil.which(f"python{version}"), *map(str, found)]
    command = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in filter(None, candidates):
        # A name on the path may be a stand-in for a Python that is not installed.
        said = subprocess.run([candidate, "-c", command], capture_output=True, text=True)
        if said.stdout.strip() == version:
            return candidate
    return None


def resolve(requirements: Sequence[str], version: str, *options: str) -> dict:
    """Ask pip what it would install; nothing is installed.

    Parameters
    ----------
    requirements : sequence of str
        Names, with or without versions.
    version : str
        The Python to resolve for, as ``"3.12"``. One that is on this machine is used;
        for any other pip is told its number.
    *options : str
        Further options of ``pip install``.

    Returns
    -------
    dict
        pip's installation report.

    Raises
    ------
    ResolutionError
        If nothing fits together.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "wanted.txt").write_text("\n".join(requirements) + "\n")
        report = folder / "report.json"
        found = interpreter(version)
        command = [*PIP, "--python", found] if found and found != sys.executable else [*PIP]
        command += ["install", "--dry-run", "--ignore-installed", "--quiet"]
        command += ["--report", str(report), "-r", str(folder / "wanted.txt"), *options]
        if not found:
            wheels = [*PIP, "wheel", "--quiet", "--no-deps", "-w", str(folder), *SOURCE_ONLY]
            subprocess.run(wheels, check=True)
            command += ["--python-version", version, "--only-binary=:all:"]
            command += ["--target", str(folder / "nowhere"), "--find-links", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise ResolutionError(f"Python {version}: {done.stderr}")
        return json.loads(report.read_text(encoding="utf-8"))


def try_out(text: str) -> bool:
    """Install a requirements file into an environment of its own and run all tests there."""
    environment = FOLDER / "env"
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    (FOLDER / "requirements.txt").write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*python, "-r", str(FOLDER / "requirements.txt")], check=True)
    # With this mark "make" takes the environment as it is and does not set up the pinned one.
    (environment / "ready").touch()
    name = environment.relative_to(ROOT).as_posix()
    return subprocess.run(["make", "test", f"VENV={name}"], cwd=ROOT).returncode == 0


def write(text: str, new: dict[str, Pin]) -> None:
    """Write the new pins, and the same ruff for the hook that runs before a commit."""
    REQUIREMENTS.write_text(text, encoding="utf-8")
    hooks = PRE_COMMIT.read_text(encoding="utf-8")
    pattern = r"(ruff-pre-commit\n\s+rev: v)[\w.]+"
    PRE_COMMIT.write_text(re.sub(pattern, rf"\g<1>{new['ruff'].version}", hooks), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the update; 0 if the newest versions pass, or are pinned already."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the new pins if they pass")
    chosen = parser.parse_args(arguments)
    text = REQUIREMENTS.read_text(encoding="utf-8")
    old = pins(text)
    for name, reason in HELD.items():
        print(f"{old[name].name} stays at {old[name].version}: {reason}.")
    try:
        # The oldest Python decides: what it cannot have, the others must not have either.
        new = reported(resolve(wanted(old), PYTHONS[0]))
        rows = changes(old, new)
        if not rows:
            print("All pins are the newest versions that fit together.")
            return 0
        print(listing(rows), flush=True)
        updated = rewritten(text, new)
        for version in PYTHONS[1:]:
            extra = changes(pins(updated), reported(resolve(updated.splitlines(), version)))
            if extra:
                print(f"On Python {version} the same versions do not suffice:\n{listing(extra)}")
                return 1
    except ResolutionError as error:
        print(error)
        return 1
    if not try_out(updated):
        print("The tests fail with the versions above; requirements.txt is unchanged.")
        return 1
    if not chosen.write:
        print("The tests pass with the versions above. To pin them: make update WRITE=1")
        return 0
    write(updated, new)
    print("The tests pass; requirements.txt now pins the versions above.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
