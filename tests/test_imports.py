"""Modules of the package import each other in one direction, and only some read files."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

PACKAGE = ROOT / "book" / "treatybook"
# They fetch what a view shows: the tables, the pages, files of a reader, the printed book.
READERS = {"tables", "check", "notebooks", "pages", "printing", "workshop"}
READING = {"open", "read_text", "read_bytes", "parse_file", "load", "DictReader"}


LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Ask import-linter whether the package in a folder keeps to the order in .importlinter."""
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_imports_of_the_package_go_one_way():
    done = lint(ROOT / "book")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("keys", "from treatybook import show"),
        ("dates", "from treatybook.tables import read"),
        ("tables", "import treatybook.view, treatybook.timeline"),
        ("timeline", "def late():\n    from treatybook.show import figure_html"),
        ("newcomer", "from treatybook.tables import Book"),
    ],
)
def test_an_import_against_the_order_or_a_module_without_a_place_is_told(tmp_path, module, line):
    shutil.copytree(PACKAGE, tmp_path / "treatybook")
    with open(tmp_path / "treatybook" / f"{module}.py", "a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert module in done.stdout


def trees() -> dict[str, ast.Module]:
    return {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.glob("*.py")}


def imported_from_the_package(tree: ast.Module) -> set[str]:
    """What a module takes from ``treatybook`` itself: a name, or all of it."""
    found = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    whole = {"treatybook"} & found
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return whole | {n.name for node in froms if node.module == "treatybook" for n in node.names}


def test_only_the_slides_take_the_package_as_a_whole():
    """The package offers ``show`` and ``read``, so whoever takes it has taken all of them."""
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    taken = {name: imported_from_the_package(tree) - modules for name, tree in trees().items()}
    assert {name for name, names in taken.items() if names} <= {"slides"}


def reads(tree: ast.Module) -> set[str]:
    """Names in a module that read a file: calls, and imports under another name."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}
    return {n for n in names if n in READING or (n.startswith("read_") and hasattr(pd, n))}


def test_views_read_no_files():
    found = {name: reads(tree) for name, tree in trees().items()}
    # The download of all data packs its files as they are.
    assert found.pop("exports") <= {"read_bytes"}
    assert {name for name, names in found.items() if names} <= READERS


@pytest.mark.parametrize(
    "line",
    [
        "rows = pd.read_csv('data/events.csv')",
        "from pandas import read_csv as rows",
        "texts = list(map(Path.read_text, paths))",
        "rows = json.load(file)",
        "with path.open() as file: ...",
    ],
)
def test_the_ways_to_read_a_file_are_known(line):
    assert reads(ast.parse(line))
    assert not reads(ast.parse("book = read(); sources.read_extent(json.loads(text))"))
