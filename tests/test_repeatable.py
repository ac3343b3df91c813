"""What lasts: the same commit gives the same book, and its environment fits together everywhere."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, build_site
from packaging.utils import canonicalize_name

PINS = {"book": ROOT / "requirements.txt", "test": ROOT / "tests" / "requirements.txt"}
PYTHONS = re.search(r"^PYTHONS := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BINDER_PYTHON = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
# What Binder's image has that the pins do not suit, and why that does no harm.
KNOWN_CONFLICTS = {"notebook"}  # the older interface: every launch button names JupyterLab
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


# ---- the same book twice ----


def digests(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


@pytest.mark.rare
def test_a_second_build_in_another_place_on_another_day_is_the_same(site: Path, tmp_path: Path):
    """Also with another seed of hashes."""
    second = tmp_path / "elsewhere" / "deeper"
    assert build_site(second, 1) == ""
    one, other = digests(site), digests(second / "_build" / "html")
    assert len(one) > 100
    assert set(one) ^ set(other) == set()
    assert [name for name in one if one[name] != other[name]] == []


# ---- the environment ----


def pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([\w.]+)", PINS[name].read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def declared(name: str) -> set[str]:
    lists = {"book": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}
    return {canonicalize_name(re.match(r"[\w.-]+", item)[0]) for item in lists[name]}


@pytest.mark.parametrize("name", PINS)
def test_every_requirement_is_pinned_exactly(name: str):
    lines = PINS[name].read_text(encoding="utf-8").splitlines()
    known = r"[\w.-]+==[\w.]+( ; .+)?|#.*|"
    assert [line for line in lines if not re.fullmatch(known, line)] == []
    assert declared(name) <= set(pins(name))


def test_the_readers_environment_has_no_tool_of_the_tests():
    both = {"myst-parser", "packaging", "psutil"}  # needed by way of others
    assert declared("test") & set(pins("book")) == both


@pytest.mark.parametrize(
    "options",
    [[], ["tests", "book", "--exclude", r"\.venv", "--ignore", "DEP002,DEP004"]],
    ids=["the book", "with its tests, which may use both lists"],
)
def test_every_import_is_declared(options: list[str]):
    command = [sys.executable, "-m", "deptry", *(options or ["."])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_supported_pythons_are_named_alike_everywhere():
    after = f"3.{int(PYTHONS[-1].removeprefix('3.')) + 1}"
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]},<{after}"
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            assert job.get("strategy", {}).get("matrix", {}).get("python", PYTHONS) == PYTHONS
    assert BINDER_PYTHON in PYTHONS
    words = f"Python {', '.join(PYTHONS[:-1])} or {PYTHONS[-1]}"
    for name in ("README.md", "book/run.md"):
        assert words in (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    described = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert PROJECT["project"]["version"] == cited["version"] == described["version"]


def uv(*arguments: str) -> str:
    """What uv answers; an error if it finds that something does not fit."""
    command = [sys.executable, "-m", "uv", "pip", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.rare
@pytest.mark.parametrize("python", PYTHONS)
def test_the_pins_are_the_whole_environment_and_wheels_on_every_python(python: str, tmp_path: Path):
    files = [option for path in PINS.values() for option in ("-r", str(path))]
    wheels = ["--only-binary", ":all:", "--python-version", python]
    told = uv("install", "--dry-run", "--target", str(tmp_path / "none"), *wheels, *files)
    installed = set(re.findall(r"^ \+ ([\w.-]+)==", told, re.MULTILINE))
    assert len(installed) > 150
    assert installed - {*pins("book"), *pins("test")} == set()


@pytest.mark.rare
def test_the_pins_suit_what_binders_image_brings(tmp_path: Path):
    """pip replaces what both have; what only the image has must work with the pins."""
    (folder,) = importlib.util.find_spec("repo2docker").submodule_search_locations
    lock = Path(folder, "buildpacks", "conda", f"environment.py-{BINDER_PYTHON}-linux-64.lock")
    image = {
        canonicalize_name(INDEX_NAMES.get(match["name"], match["name"])): match["version"]
        for match in LOCKED.finditer(lock.read_text())
        if match["name"] not in NO_PACKAGES
    }
    ours = pins("book")
    assert len(set(image) & set(ours)) > 50
    kept = {name: version for name, version in image.items() if name not in ours}
    assert {"jupyterhub", "notebook"} <= set(kept)
    wanted = tmp_path / "image.txt"
    lines = [f"{name}=={version}" for name, version in kept.items() if name not in KNOWN_CONFLICTS]
    wanted.write_text("\n".join(lines))
    pinned = ["--constraint", str(PINS["book"]), "--python-version", BINDER_PYTHON]
    assert "jupyterhub==" in uv("compile", "--quiet", str(wanted), *pinned)
