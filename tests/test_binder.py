"""What a reader meets in Binder: the builder's plan, postBuild, and every page run in JupyterLab."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import sysconfig
import time
import urllib.parse
import venv
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT, copy_repository, made_once, visiting
from playwright.sync_api import Browser, Page, TimeoutError, expect
from treatybook.evidence import wording

# One notebook tells whether JupyterLab and the book get on; that every notebook runs is told faster
# without it (test_notebooks.py).
SAMPLE = ("ru/disagreements",)
TOKEN = "only-for-this-test"


def environment(**more: str) -> dict[str, str]:
    """The environment as it is, without what pytest or a reader has set for the package."""
    ours = ("PYTHONPATH", "TREATYBOOK_PAGE")
    return {name: value for name, value in os.environ.items() if name not in ours} | more


def launch(folder: Path) -> str:
    """Make what Binder makes: an environment, and a clean copy in which postBuild has run."""
    venv.create(folder / "environment")
    # It has all packages of this one, and can be changed.
    (packages,) = folder.glob("environment/lib/python*/site-packages")
    (packages / "all.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    copy = copy_repository(folder / "checkout")
    known = environment(PATH=f"{folder / 'environment/bin'}{os.pathsep}{os.environ['PATH']}")
    done = subprocess.run(["./postBuild"], cwd=copy, env=known, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy in which postBuild has run, as Binder does it."""
    return made_once(tmp_path_factory, "binder", launch) / "checkout"


@pytest.fixture(scope="session")
def programs(checkout: Path) -> Path:
    """Programs of the environment in which postBuild has run."""
    return checkout.parent / "environment" / "bin"


def test_after_postbuild_a_notebook_finds_the_package_from_any_folder(
    checkout: Path, programs: Path, tmp_path: Path
):
    line = "from treatybook import read, show, timeline; print(timeline.__file__)"
    command = [str(programs / "python"), "-c", line]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).is_relative_to(checkout / "book")
    # Every kernel of this environment tells mistakes in one line.
    assert (programs.parent / "etc" / "ipython" / "ipython_config.json").is_file()


def test_binders_builder_plans_the_right_python_and_steps(tmp_path: Path):
    folder = copy_repository(tmp_path)
    program = Path(sys.executable).parent / "jupyter-repo2docker"
    command = [str(program), "--no-build", "--no-run", "--debug", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    plan = done.stdout + done.stderr
    assert done.returncode == 0, plan[-3000:]
    wanted = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    assert f"Building conda environment for python={wanted}\n" in plan
    assert 'pip install --no-cache-dir -r "requirements.txt"' in plan
    assert plan.index("requirements.txt") < plan.index("RUN ./postBuild")
    assert "tests/requirements.txt" not in plan, "readers get no tool of the tests"


def test_postbuild_writes_a_notebook_for_every_page_with_code(checkout: Path):
    folder = checkout / "notebooks"
    # A list of files has the book's order, and nothing but notebooks, those of each other language
    # in a folder of its own.
    # JupyterLab, which another test may have opened here, keeps files of its own.
    there = [path for place in (folder, folder / "ru") for path in place.glob("[!.]*")]
    assert {path.suffix or path.name for path in there} == {".ipynb", "ru"}
    notebooks = [
        path for place in (folder, folder / "ru") for path in sorted(place.glob("*.ipynb"))
    ]
    assert [path.stem[3:] for path in notebooks] == [*NOTEBOOKS, *NOTEBOOKS]
    assert list((checkout / "book").glob("*.ipynb")) == []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
        assert outputs and not any(outputs)
        text = "".join(cell.source for cell in notebook.cells if cell.cell_type != "code")
        assert not re.search(r"\{[a-z]+\}`", text), "a role is left that JupyterLab cannot show"
        assert not re.search(r":::|```\{", text)
        # Pages without cells have no notebook: links lead to what is there.
        linked = re.findall(r"\]\(((?:\.\./book/)?[\w-]+\.(?:ipynb|md))", text)
        assert [name for name in linked if not (path.parent / name).is_file()] == []


def launch_path(page: Path) -> str:
    """The path inside JupyterLab that the launch button of a page names."""
    link = re.search(r'<a [^>]*href="(https://mybinder\.org/[^"]*)"', page.read_text("utf-8"))
    assert link, "the page has no launch button"
    address = urllib.parse.urlsplit(html.unescape(link[1]))
    assert address.path == "/v2/gh/example/fork/main"
    return urllib.parse.parse_qs(address.query)["urlpath"][0]


@pytest.mark.parametrize("folder", ["", *(f"{language}/" for language in wording.FURTHER)])
def test_every_launch_button_names_a_notebook_that_postbuild_has_written(checkout, site, folder):
    for name in NOTEBOOKS:
        path = launch_path(site / folder / "book" / f"{name}.html")
        tree, _, file = path.partition("/tree/")
        assert tree == "lab" and (checkout / file).is_file(), path


@pytest.fixture(scope="session")
def lab(checkout: Path) -> Iterator[str]:
    """JupyterLab on loopback, started in the root of the checkout as Binder starts it."""
    options = [
        "--no-browser", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}", "--allow-root", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    # A fresh user, as in Binder; and every cell kept on the page, so that the test can see it.
    settings, spaces = checkout / "lab-settings", checkout / "lab-workspaces"
    user = {"JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(spaces)}
    tracker = settings / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}')
    command = [sys.executable, "-m", "jupyterlab", *options]
    with open(checkout / "lab.log", "w") as log:
        server = subprocess.Popen(
            command, cwd=checkout, env=environment(**user), stdout=log, stderr=subprocess.STDOUT
        )
        # It tells its address when it is ready to answer.
        for _ in range(240):
            said = (checkout / "lab.log").read_text()
            if told := re.search(r"http://127[.\d]+:\d+", said):
                break
            assert server.poll() is None, said
            time.sleep(0.25)
        yield told[0]
        server.terminate()
        server.wait(20)


def run_all(page: Page, address: str) -> list[str]:
    """Open a notebook, choose "Run All Cells" as a reader does, and return the prompts of its cells.

    Once in a while the server refuses the first connection to a kernel (jupyter_server 2.21) or
    loses it, and cells that were waiting are dropped without a word; a reader loads the page
    again, and so does this, unless a cell has failed.
    """
    for _ in range(4):
        page.goto(address)
        page.wait_for_selector(f"{NOTEBOOK} .jp-CodeCell", timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']:visible")
        code = page.locator(f"{NOTEBOOK} .jp-CodeCell")
        code.locator(".jp-InputPrompt").first.click()
        for item in ("Run", "Run All Cells"):
            page.get_by_role("menuitem", name=item, exact=True).click()
        try:
            page.wait_for_function(STARTED, timeout=8_000)
            page.wait_for_function(NONE_WAITS, timeout=60_000)
        except TimeoutError:
            continue
        prompts = code.locator(".jp-InputPrompt").all_inner_texts()
        if all(RUN.fullmatch(prompt) for prompt in prompts) or page.locator(WRONG).count():
            return prompts
    pytest.fail("JupyterLab did not run the notebook")


NOTEBOOK = ".jp-NotebookPanel:visible"
WRONG = "[data-mime-type$='jupyter.stderr'], [data-mime-type$='jupyter.error']"
RUN = re.compile(r"\[\d+\]:")
PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map((p) => p.textContent)"
STARTED = f"{PROMPTS}[0] !== '[ ]:'"
NONE_WAITS = f"!{PROMPTS}.includes('[*]:')"


@pytest.mark.parametrize(
    "name",
    [
        *SAMPLE,
        *(pytest.param(name, marks=pytest.mark.rare) for name in NOTEBOOKS if name not in SAMPLE),
    ],
)
def test_the_launch_button_opens_a_notebook_that_runs(
    browser: Browser, lab: str, site, soup, name: str
):
    *language, page = name.split("/")
    file = "/".join([*language, "book", f"{page}.html"])
    with visiting(browser, viewport={"width": 1280, "height": 6000}) as visit:
        page = visit.page
        prompts = run_all(page, f"{lab}/{launch_path(site / file)}?token={TOKEN}&reset")
        assert page.locator(WRONG).all_inner_texts() == []
        assert [prompt for prompt in prompts if not RUN.fullmatch(prompt)] == []
        plots = page.locator(".jp-OutputArea .js-plotly-plot")
        # A page with several figures draws them one after the other.
        expect(plots).to_have_count(len(soup(file).select("figure.tb-figure")), timeout=60_000)
        for plot in plots.all():
            expect(plot.locator(".point path, path.point").first).to_be_attached(timeout=60_000)
