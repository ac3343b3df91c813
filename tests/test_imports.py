"""Modules of the package import each other in one direction, and only some read files."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import treatybook
from conftest import ROOT

PACKAGE = ROOT / "book" / "treatybook"
# Files that are no table: pages, the learner's own notebook, the form of a notebook.
READERS = {"evidence": set(), "views": set(), "teaching": {"workshop"}}
READERS |= {"display": {"markdown", "mistakes"}}
READING = {"open", "read_text", "read_bytes", "parse_file", "load", "DictReader"}
# Plotly has bold words and line breaks of its own.
HTML = re.compile(r"(?<!\?P)</?(?!b>|br>)[a-z][a-z0-9]*[ >]")


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
        ("evidence/errors", "from treatybook.display.output import show"),
        ("evidence/dates", "from treatybook.evidence.tables import read"),
        ("display/style", "def late():\n    from treatybook.views import timeline"),
        ("views/timeline", "from treatybook.views.forces import group"),
        ("views/forces", "import sphinx.application"),
        ("newcomer", "from treatybook.evidence.tables import Book"),
    ],
)
def test_an_import_against_the_order_or_a_module_without_a_room_is_told(tmp_path, module, line):
    shutil.copytree(PACKAGE, tmp_path / "treatybook")
    if module == "views/timeline":
        with open(tmp_path / "treatybook/views/forces.py", "a", encoding="utf-8") as file:
            file.write("\nfrom treatybook.views import timeline\n")
    with open(tmp_path / "treatybook" / f"{module}.py", "a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert module.rpartition("/")[2] in done.stdout


def room(name: str) -> dict[str, ast.Module]:
    """The modules of a room."""
    paths = sorted((PACKAGE / name).glob("*.py"))
    return {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def test_no_two_modules_answer_to_one_word():
    names = [path.stem for path in PACKAGE.rglob("*.py") if path.stem != "__init__"]
    taken = Counter([*names, *treatybook.NAMES, *treatybook.ROOMS])
    assert [name for name, number in taken.items() if number > 1] == []


def test_a_module_of_the_package_takes_nothing_by_the_way_of_learners():
    """The package itself offers every room, so whoever takes from it may climb unseen."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module != "treatybook", path
            elif isinstance(node, ast.Import):
                assert "treatybook" not in {name.name for name in node.names}, path


def reads(tree: ast.Module) -> set[str]:
    """Names in a module that read a file: calls, and imports under another name."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}
    return {n for n in names if n in READING or (n.startswith("read_") and hasattr(pd, n))}


@pytest.mark.parametrize("name", ["display", "views", "teaching"])
def test_only_the_evidence_opens_files_of_the_data(name):
    readers = {module for module, tree in room(name).items() if reads(tree)}
    assert readers == READERS[name]


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


def written_html(tree: ast.Module) -> list[str]:
    """Strings of a module that hold a tag, without its docstrings and patterns."""
    said = [node for node in ast.walk(tree) if isinstance(node, ast.Expr | ast.Call)]
    unread = {id(node.value) for node in said if isinstance(node, ast.Expr)}
    for call in said:
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re."):
            unread |= {id(part) for part in ast.walk(call)}
    strings = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in unread]
    return [n.value for n in strings if isinstance(n.value, str) and HTML.search(n.value)]


@pytest.mark.parametrize("name", ["evidence", "views", "teaching"])
def test_only_the_display_writes_html(name):
    assert {
        module: found for module, tree in room(name).items() if (found := written_html(tree))
    } == {}


def test_nobody_escapes_by_hand():
    """The site changes finished pages, but what it adds to them are elements."""
    for path in PACKAGE.rglob("*.py"):
        assert "from html import escape" not in path.read_text(encoding="utf-8"), path


def test_html_is_seen_wherever_it_is_written():
    assert written_html(ast.parse("page = f'<p>{words}</p>'"))
    assert written_html(ast.parse("page = '<li class=\\'a\\'>' + words"))
    assert not written_html(
        ast.parse("def f():\n    '<p>'\n    return re.sub('<p>', '', x) + '<br>'")
    )
