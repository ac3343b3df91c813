"""What lasts: the same commit gives the same book, and its environment fits together everywhere."""

from __future__ import annotations

import datetime
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import update
from conftest import ROOT, SITE, build, copy_repository
from packaging.requirements import Requirement
from test_binder import BUILDER, builder_program

# What Binder's image has that our pins do not suit, and why that does no harm.
KNOWN_CONFLICTS = {
    # The older interface, which no launch button opens: they all name JupyterLab.
    ("notebook", "jupyterlab"),
}
# Packages whose name in the image's list is not the one on the Python Package Index.
INDEX_NAMES = {
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
}
NO_PACKAGES = {"cpython", "pip"}
LOCKED = re.compile(
    r"^https://\S+/(?P<name>[^/]+)-(?P<version>[^-/]+)-py[^-/]*\.(?:conda|tar\.bz2)", re.MULTILINE
)


def another_day() -> str:
    """A time zone where the date is not the one of the machine."""
    now = datetime.datetime.now(datetime.UTC)
    today = datetime.datetime.now().date()
    # In POSIX's names of zones the sign says what to add to reach UTC.
    zones = {hours: f"Etc/GMT{-hours:+d}" for hours in (14, -12)}
    return next(
        zone
        for hours, zone in zones.items()
        if (now + datetime.timedelta(hours=hours)).date() != today
    )


def contents(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def test_a_second_build_in_another_place_on_another_day_is_the_same(site: Path, tmp_path: Path):
    folder = copy_repository(tmp_path / "elsewhere" / "deeper")
    done = build(
        folder,
        BOOK_REPOSITORY="https://github.com/example/fork",
        BOOK_SITE=SITE,
        PYTHONHASHSEED="1",
        TZ=another_day(),
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    one, other = contents(site), contents(folder / "_build" / "html")
    assert len(one) > 100
    assert set(one) ^ set(other) == set()
    assert [name for name in one if one[name] != other[name]] == []


@pytest.fixture(scope="module")
def pinned() -> dict[str, update.Pin]:
    return update.pins(update.REQUIREMENTS.read_text(encoding="utf-8"))


def resolved(version: str) -> str:
    """What a newcomer's pip would install beside the pins, or pip's complaint."""
    text = update.REQUIREMENTS.read_text(encoding="utf-8")
    try:
        report = update.resolve(text.splitlines(), version)
    except update.ResolutionError as error:
        return str(error)
    found = update.changes(update.pins(text), update.reported(report))
    return update.listing(found) if found else ""


def test_the_pins_are_the_whole_environment_on_every_supported_python():
    with ThreadPoolExecutor() as threads:
        answers = dict(zip(update.PYTHONS, threads.map(resolved, update.PYTHONS), strict=True))
    assert answers == dict.fromkeys(update.PYTHONS, "")


def test_a_python_that_is_not_at_hand_is_resolved_for_by_its_number(monkeypatch):
    monkeypatch.setattr(update, "interpreter", lambda version: None)
    text = update.REQUIREMENTS.read_text(encoding="utf-8")
    calendars = [line for line in text.splitlines() if line.startswith("convertdate")]
    found = update.reported(update.resolve(calendars, "3.12"))
    assert set(found) == {"convertdate", "pymeeus"}
    with pytest.raises(update.ResolutionError, match=r"Python 3\.9"):
        update.resolve(["pandas==3.1.1"], "3.9")


def test_the_supported_pythons_are_those_that_are_tested_and_launched():
    workflows = [path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml")]
    listed = json.dumps(update.PYTHONS)
    assert all(listed in workflow for workflow in workflows)
    assert (ROOT / "runtime.txt").read_text().strip().removeprefix("python-") in update.PYTHONS
    words = f"Python {', '.join(update.PYTHONS[:-1])} or {update.PYTHONS[-1]}"
    assert words in (ROOT / "README.md").read_text(encoding="utf-8")


def image_packages(version: str) -> dict[str, str]:
    """The Python packages of Binder's image, as its builder pins them."""
    builder_program()
    place = "lib/*/site-packages/repo2docker/buildpacks/conda"
    (lock,) = BUILDER.glob(f"{place}/environment.py-{version}-linux-64.lock")
    found = {match["name"]: match["version"] for match in LOCKED.finditer(lock.read_text())}
    return {
        update.canonical(INDEX_NAMES.get(name, name)): number
        for name, number in found.items()
        if name not in NO_PACKAGES
    }


def test_the_pins_suit_what_binders_image_brings(pinned: dict[str, update.Pin]):
    """pip replaces what both have; what only the image has must work with the pins."""
    version = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    image = image_packages(version)
    assert len(set(image) & set(pinned)) > 50
    kept = {name: number for name, number in image.items() if name not in pinned}
    assert {"jupyterhub", "notebook"} <= set(kept)
    have = {**image, **{name: pin.version for name, pin in pinned.items()}}
    wanted = [f"{name}=={number}" for name, number in kept.items()]
    marks = {"python_version": version, "python_full_version": f"{version}.0", "extra": ""}
    conflicts = set()
    for item in update.resolve(wanted, version, "--no-deps")["install"]:
        for line in item["metadata"].get("requires_dist", []):
            needed = Requirement(line)
            if needed.marker and not needed.marker.evaluate(marks):
                continue
            name = update.canonical(needed.name)
            if not needed.specifier.contains(have.get(name, "0"), prereleases=True):
                conflicts.add((update.canonical(item["metadata"]["name"]), name))
    assert conflicts == KNOWN_CONFLICTS
