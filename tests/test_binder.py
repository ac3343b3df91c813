"""What a reader meets in Binder: the builder's plan, postBuild, and every page run in JupyterLab."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import NOTEBOOKS, ROOT, copy_repository
from playwright.sync_api import Browser, Page, TimeoutError, expect

# Three pages, from the first to the last, tell whether JupyterLab and the book get on; that every
# notebook runs is told faster without it (test_notebooks.py).
SAMPLE = NOTEBOOKS[:: len(NOTEBOOKS) // 2]
TOKEN = "only-for-this-test"


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy in which postBuild has run, as Binder does it."""
    folder = copy_repository(tmp_path_factory.mktemp("binder"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PATH": path}
    done = subprocess.run(
        ["./postBuild"], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


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
    assert {path.stem for path in (checkout / "book").glob("*.ipynb")} == set(NOTEBOOKS)
    for path in (checkout / "book").glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert code
        assert all(cell["outputs"] == [] for cell in code)
        text = "".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] != "code")
        assert not re.search(r"\{[a-z]+\}`", text), "a role is left that JupyterLab cannot show"
        assert ":::" not in text
        assert "```{" not in text
        # Pages without cells have no notebook: links lead to what is there.
        linked = re.findall(r"\]\(([\w-]+\.(?:ipynb|md))", text)
        assert [name for name in linked if not (path.parent / name).is_file()] == []


def launch_path(site: Path, name: str) -> str:
    """The path inside JupyterLab that the page's launch button names."""
    soup = BeautifulSoup(
        (site / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser"
    )
    links = [link["href"] for link in soup.select("a[href*='mybinder.org']")]
    assert links, f"{name} has no launch button"
    address = urllib.parse.urlsplit(links[0])
    assert address.path == "/v2/gh/example/fork/main"
    return urllib.parse.parse_qs(address.query)["urlpath"][0]


@pytest.fixture(scope="session")
def lab(checkout: Path) -> Iterator[str]:
    """JupyterLab on loopback, started in the root of the checkout as Binder starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "TREATYBOOK_PAGE")
    }
    options = [
        "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}", "--allow-root", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    # A fresh user, as in Binder; and every cell kept on the page, so that the test can see it.
    home = checkout / "lab-user"
    environment |= {
        f"JUPYTERLAB_{name}_DIR": str(home / name) for name in ("SETTINGS", "WORKSPACES")
    }
    settings = home / "SETTINGS" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    log = open(checkout / "lab.log", "w")  # noqa: SIM115 - closed below
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=checkout, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api?token={TOKEN}")
            break
        except OSError:
            assert server.poll() is None, (checkout / "lab.log").read_text()
            time.sleep(0.25)
    yield address
    server.terminate()
    server.wait(20)
    log.close()


def open_notebook(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(".jp-NotebookPanel:visible .jp-CodeCell", timeout=60_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']:visible")


def run_all(page: Page, address: str) -> None:
    """Open a notebook and choose "Run All Cells" as a reader does.

    Once in a while the server refuses the first connection to a kernel (jupyter_server 2.21);
    a reader loads the page again, and so does this.
    """
    for _ in range(4):
        open_notebook(page, address)
        page.locator(".jp-NotebookPanel:visible .jp-CodeCell .jp-InputPrompt").first.click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            page.wait_for_function(STARTED, timeout=8_000)
        except TimeoutError:
            continue
        return
    pytest.fail("JupyterLab did not start to run the notebook")


STARTED = "document.querySelector('.jp-CodeCell .jp-InputPrompt').textContent !== '[ ]:'"
ALL_RUN = r"""(count) => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
  return prompts.length >= count && prompts.every((prompt) => /^\[\d+\]:$/.test(prompt.textContent));
}"""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in SAMPLE else pytest.mark.rare) for name in NOTEBOOKS],
)
def test_the_launch_button_opens_a_notebook_that_runs(
    browser: Browser, lab: str, site: Path, name: str
):
    context = browser.new_context(viewport={"width": 1280, "height": 6000})
    page = context.new_page()
    run_all(page, f"{lab}/{launch_path(site, name)}?token={TOKEN}&reset")
    code = page.locator(".jp-NotebookPanel:visible .jp-CodeCell")
    try:
        page.wait_for_function(ALL_RUN, arg=code.count(), timeout=60_000)
    except TimeoutError:
        prompts = code.locator(".jp-InputPrompt").all_inner_texts()
        outputs = page.locator(".jp-OutputArea-output").all_inner_texts()
        pytest.fail(f"not every cell was run: {prompts}; {outputs}")
    stderr = "[data-mime-type='application/vnd.jupyter.stderr']"
    errors = page.locator(f"{stderr}, [data-mime-type='application/vnd.jupyter.error']")
    assert errors.all_inner_texts() == []
    plots = page.locator(".jp-OutputArea .js-plotly-plot")
    built = (site / "book" / f"{name}.html").read_text(encoding="utf-8")
    # A page with several figures draws them one after the other.
    expect(plots).to_have_count(built.count('<figure class="tb-figure'), timeout=60_000)
    for plot in plots.all():
        expect(plot.locator(".point path, path.point").first).to_be_attached(timeout=60_000)
    context.close()
