"""What is made beside the pages is made again when, and only when, something has changed."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from conftest import ROOT
from jupyter_cache import get_cache
from jupyter_client import AsyncKernelManager
from myst_nb.core.config import NbParserConfig
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from treatybook.display import output
from treatybook.evidence import wording
from treatybook.site import build, execution, extension, extras, fresh, further, notebooks
from treatybook.teaching.lessons import all_lessons


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fresh, "ROOT", tmp_path)
    monkeypatch.setattr(fresh, "STATE", tmp_path / "state")
    (tmp_path / "table.csv").write_text("a")
    (tmp_path / "page.md").write_text("b")
    return tmp_path


def made(root: Path) -> bool:
    """Whether the folder was made by this call."""
    calls = []
    fresh.remake(root / "out", fresh.files("*.csv", "*.md"), calls.append)
    return bool(calls)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "table.csv").write_text("c"),
        lambda root: (root / "more.csv").write_text("a"),
        lambda root: (root / "page.md").unlink(),
        lambda root: (root / "page.md").rename(root / "other.md"),
        lambda root: (root / "out").rename(root / "elsewhere"),
    ],
    ids=["edited", "added", "removed", "renamed", "gone itself"],
)
def test_a_folder_is_made_once_and_anew_after_a_change(root: Path, change):
    assert made(root)
    assert not made(root)
    old = root / "out" / "left-over"
    old.touch()
    change(root)
    assert made(root)
    assert not old.exists()
    assert not made(root)


@pytest.mark.parametrize("changed", ["site/heads.py", "views/war.py", "../../data/events.csv"])
def test_all_pages_are_read_anew_when_a_table_changes_or_what_writes_pages(
    root: Path, changed: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(output.PAGE_VARIABLE, "")  # which the setting up of a build writes

    def told() -> tuple[str, str]:
        app = MagicMock()
        extension.setup(app)
        values = {name: more for (name, *more), _ in app.add_config_value.call_args_list}
        digest, rebuild, _ = values["tb_made_of"]
        return digest, rebuild

    before = told()
    file = root / "book" / "treatybook" / changed
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    assert told() != before == (before[0], "env")  # for Sphinx a change of it is one of all pages


def test_words_of_another_language_are_what_its_cells_are_made_of(monkeypatch: pytest.MonkeyPatch):
    words = ROOT / "locale" / "ru" / "package.po"
    assert words not in fresh.files(*fresh.evidence())
    monkeypatch.setattr(wording, "_spoken", "ru")
    assert words in fresh.files(*fresh.evidence())


def test_a_making_that_broke_off_is_done_again(root: Path):
    made(root)
    (root / "table.csv").write_text("c")

    def broken(folder: Path) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        fresh.remake(root / "out", fresh.files("*.csv"), broken)
    (root / "table.csv").write_text("a")
    assert made(root)


def test_after_a_build_that_failed_all_pages_are_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Else a page whose cell has failed would be built without its outputs the next time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fresh, "STATE", tmp_path)
    monkeypatch.setattr(build.validation, "main", lambda: 0)
    monkeypatch.setattr(notebooks, "write", lambda: None)
    monkeypatch.setattr(build.further, "begin", lambda languages, site: {})
    kept = tmp_path / "_build" / ".doctrees" / "page.doctree"
    kept.parent.mkdir(parents=True)
    kept.touch()
    monkeypatch.setattr(build, "jupyter_book", lambda *_, **__: None)
    build.main()
    assert kept.exists()

    def failing(*_, **__) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(build, "jupyter_book", failing)
    with pytest.raises(SystemExit):
        build.main()
    monkeypatch.setattr(build, "jupyter_book", lambda *_, **__: None)
    build.main()
    assert not kept.exists()


def test_data_are_checked_until_they_are_in_order_and_again_when_they_have_changed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[int] = []
    codes = iter([1, 0, 0])
    monkeypatch.setattr(fresh, "EVIDENCE", ["*.csv"])
    monkeypatch.setattr(build.validation, "main", lambda: asked.append(next(codes)) or asked[-1])
    assert [build._check_data() for _ in range(4)] == [1, 0, 0, 0]
    assert asked == [1, 0]
    (root / "table.csv").write_text("another row")
    assert build._check_data() == 0
    assert asked == [1, 0, 0]


def test_what_is_wrong_with_the_data_is_told_by_the_check_and_all_else_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fresh, "STATE", tmp_path)

    def fails(languages, site):
        raise KeyError("subject_ru")

    monkeypatch.setattr(build.further, "begin", fails)
    monkeypatch.setattr(build.validation, "main", lambda: 1)
    assert build.main() == 1
    monkeypatch.setattr(build.validation, "main", lambda: 0)
    with pytest.raises(KeyError):
        build.main()


def test_a_build_that_is_given_up_leaves_the_pages_of_other_languages_in_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site, tree = tmp_path / "site", tmp_path / "tree"
    page = site / "ru" / "book" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("Москва")
    process = MagicMock(returncode=0)
    process.communicate.return_value = ("",)
    monkeypatch.setattr(further.translation, "write", lambda language: tree)
    monkeypatch.setattr(further.translation, "tree", lambda language: tree)
    monkeypatch.setattr(further, "_start", lambda language, command: process)
    for end in (further.stop, further.finish):
        started = further.begin(["ru"], site)
        # There the next build finds what it need not write anew.
        assert (tree / "_build" / "html" / "book" / "index.html").read_text() == "Москва"
        end(started, site)
        assert page.read_text() == "Москва"


def test_a_page_is_finished_until_it_or_what_its_last_steps_read_has_changed(
    root: Path, tmp_path: Path
):
    site = tmp_path / "site"
    pages = [site / "a.html", site / "ru" / "b.html"]
    style = site / "_static" / "book.css"
    for path in [*pages, style]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was")
    assert fresh.unfinished(site) == pages
    fresh.finished(site)
    assert fresh.unfinished(site) == []
    pages[0].write_text("written anew")
    assert fresh.unfinished(site) == pages[:1]
    style.write_text("p { color: red }")
    assert fresh.unfinished(site) == pages


def test_deck_and_sheets_are_made_anew_if_their_lesson_page_or_table_changes():
    inputs = set(extras.inputs(all_lessons()["lesson-1"]))
    package = "book/treatybook"
    pages = {"_config.yml", "book/lesson-1.md", "book/glossary.md", "data/answers.csv"}
    made_by = {f"{package}/teaching/slides.py", f"{package}/site/assets/slides/slides.css"}
    assert {ROOT / name for name in pages | made_by} <= inputs
    assert ROOT / "book/war.md" not in inputs


def notebook(*cells: str) -> NotebookNode:
    return new_notebook(cells=[new_code_cell(cell) for cell in cells])


def test_a_notebook_finds_nothing_that_one_before_it_in_its_kernel_has_left(tmp_path: Path):
    cells = ("import os as system", "'system' in globals()", "1 / 0")
    paths = [tmp_path / f"{number}.md" for number in range(4)]
    books = [notebook(*cells[:2]), notebook(cells[1]), notebook(cells[2]), notebook(*cells[:2])]
    done = execution._serve(deque(zip(paths, books, strict=True)), 60)
    # The one that fails is left to the build, which tells of it.
    assert [path for path, _, _ in done] == [paths[0], paths[1], paths[3]]
    first, second, _ = [made.cells[-1] for _, made, _ in done]
    assert (first.outputs[0].data["text/plain"], first.execution_count) == ("True", 2)
    assert (second.outputs[0].data["text/plain"], second.execution_count) == ("False", 1)
    assert second.outputs[0].execution_count == 1


@pytest.mark.parametrize("starts", [True, False])
def test_a_kernel_that_does_not_start_leaves_its_notebook_to_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starts: bool
):
    async def fails(*arguments, **options):
        raise RuntimeError("Kernel died before replying to kernel_info")

    if not starts:
        monkeypatch.setattr(AsyncKernelManager, "start_kernel", fails)
    page = tmp_path / "page.md"
    head = "jupytext: {text_representation: {extension: .md, format_name: myst}}"
    page.write_text(
        f"---\n{head}\nkernelspec: {{name: python3}}\n---\n\n```{{code-cell}}\n1 + 1\n```\n"
    )
    cache = str(tmp_path / "cache")
    env = SimpleNamespace(
        mystnb_config=NbParserConfig(execution_mode="cache", execution_cache_path=cache),
        myst_config=MdParserConfig(),
        doc2path=lambda name: str(tmp_path / f"{name}.md"),
    )
    execution.run_notebooks(None, env, ["page"])
    assert len(get_cache(cache).list_cache_records()) == starts
