"""Running the notebooks: several at a time, and again only when the evidence has changed."""

from __future__ import annotations

import os
import re
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_client import AsyncKernelManager
from jupyter_core.utils import run_sync
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from sphinx.application import Sphinx

from treatybook.display.markdown import number_cells
from treatybook.evidence import wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import ROOT
from treatybook.site import fresh

AFRESH = "get_ipython().reset()"
DRAWN_BY_CHANCE = re.compile(r'^ *"id": "(?!cell-\d+")', re.MULTILINE)  # the id of a cell
QUIET = "--log-level=ERROR"  # a kernel warns that its line is not encrypted: it leads nowhere
Run = tuple[Path, NotebookNode, float]  # a notebook that has run, and the seconds that it took


def forget_stale_outputs(app: Sphinx, config) -> None:
    """Drop cached cell outputs when the data or the package they came from has changed."""
    cache = Path(config.nb_execution_cache_path or ROOT / "_build" / ".jupyter_cache")
    fresh.remake(cache, fresh.files(*fresh.evidence()), lambda folder: None)


def run_notebooks(app: Sphinx, env, docnames) -> None:
    """Run the notebooks that are to be read, several at a time, before Sphinx reads them.

    MyST-NB would run one after the other while it reads; what stands in the cache it takes from
    there. A notebook that fails is left to it, so that its report is the one it always gives, and
    so is one whose kernel did not start: two programs may have been given the same free port.
    """
    cache = get_cache(env.mystnb_config.execution_cache_path)
    waiting = _not_in_cache(cache, env, docnames)
    left = deque(waiting.items())
    timeout = env.mystnb_config.execution_timeout
    # The books of all languages run theirs at the same time.
    kernels = min(len(left), max(1, (os.cpu_count() or 1) // len(wording.LANGUAGES)))
    with ThreadPoolExecutor(kernels or 1) as pool:
        for served in pool.map(_serve, [left] * kernels, [timeout] * kernels):
            for path, notebook, seconds in served:
                bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _serve(left: deque[tuple[Path, NotebookNode]], timeout: int) -> list[Run]:
    """Run notebooks until none is left, all in one kernel: to start it takes longer than to run.

    Each begins with an empty namespace and at the first number, as in a kernel of its own.
    """
    done: list[Run] = []
    manager = AsyncKernelManager(kernel_name="python3")
    settings = {"timeout": timeout, "record_timing": False, "extra_arguments": [QUIET]}
    client = NotebookClient(NotebookNode(), km=manager, **settings)
    # The kernel may not start, and another may have taken the last notebook.
    with suppress(RuntimeError, IndexError):
        client.resources["metadata"] = {"path": str(left[0][0].parent)}
        with client.setup_kernel():
            while left:
                client.nb = new_notebook(cells=[new_code_cell(AFRESH)])
                client.execute_cell(client.nb.cells[0], 0, store_history=False)
                path, client.nb = left.popleft()
                begun = time.monotonic()
                with suppress(CellExecutionError, CellTimeoutError):
                    client.execute()
                    done.append((path, client.nb, time.monotonic() - begun))
    if manager.has_kernel:
        client.kc.stop_channels()
        run_sync(manager.shutdown_kernel)(now=True)
    return done


def _not_in_cache(cache: JupyterCacheAbstract, env, docnames) -> dict[Path, NotebookNode]:
    found = {}
    for path in map(Path, map(env.doc2path, docnames)):
        text = path.read_text("utf-8")
        if reader := create_nb_reader(str(path), env.myst_config, env.mystnb_config, text):
            notebook = reader.read(text)
            try:
                cache.match_cache_notebook(notebook)
            except KeyError:
                found[path] = notebook
    return found


def name_cells(app: Sphinx) -> None:
    """Number the cells of the notebooks that readers can download.

    A page in Markdown has no cell ids, so that each build would draw random ones.
    """
    for path in (Path(app.outdir) / "_sources").rglob("*.ipynb"):
        if not DRAWN_BY_CHANCE.search(path.read_text("utf-8")):
            continue
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        number_cells(notebook.cells)
        write_text(path, nbformat.writes(notebook) + "\n")
