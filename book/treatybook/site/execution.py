"""Running the notebooks: several at a time, and again only when the evidence has changed."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx

from treatybook.evidence.tables import ROOT
from treatybook.site import fresh


def forget_stale_outputs(app: Sphinx, config) -> None:
    """Drop cached cell outputs when the data or the package they came from has changed."""
    now = fresh.digest(fresh.files(*fresh.EVIDENCE))
    app.tb_stale = not fresh.is_fresh("outputs", now)
    if app.tb_stale:
        cache = config.nb_execution_cache_path or ROOT / "_build" / ".jupyter_cache"
        shutil.rmtree(cache, ignore_errors=True)
        fresh.keep("outputs", now)


def reread_stale_pages(app: Sphinx, env, added, changed, removed) -> set[str]:
    """Read every page again when the evidence has changed."""
    return set(env.found_docs) if app.tb_stale else set()


def run_notebooks(app: Sphinx, env, docnames) -> None:
    """Run the notebooks that are to be read, several at a time, before Sphinx reads them.

    MyST-NB would run one after the other while it reads; what stands in the cache it takes from
    there. A notebook that fails is left to it, so that its report is the one it always gives, and
    so is one whose kernel did not start: two programs may have been given the same free port.
    """
    cache = get_cache(env.mystnb_config.execution_cache_path)
    waiting = _not_in_cache(cache, env, docnames)
    timeout = env.mystnb_config.execution_timeout
    # One more than there are processors: a kernel that starts waits more than it works.
    processors = os.cpu_count() or 1

    def run(path: Path) -> ExecutionResult | None:
        with suppress(RuntimeError):
            return single_nb_execution(waiting[path], str(path.parent), timeout, allow_errors=False)
        return None

    with ThreadPoolExecutor(processors + 1) as pool:
        for path, done in zip(waiting, pool.map(run, waiting), strict=True):
            if done is not None and done.err is None:
                seconds = {"execution_seconds": done.time}
                bundle = CacheBundleIn(done.nb, str(path), data=seconds)
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _not_in_cache(
    cache: JupyterCacheAbstract, env, docnames: list[str]
) -> dict[Path, NotebookNode]:
    found = {}
    for path in (Path(env.doc2path(name)) for name in docnames):
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
        if reader is not None:
            notebook = reader.read(text)
            with suppress(KeyError):
                cache.match_cache_notebook(notebook)
                continue
            found[path] = notebook
    return found


def name_cells(app: Sphinx, exception: Exception | None) -> None:
    """Number the cells of the notebooks that readers can download.

    A page in Markdown has no cell ids, so that each build would draw random ones.
    """
    if exception is not None or app.builder.format != "html":
        return
    for path in sorted((Path(app.outdir) / "_sources").rglob("*.ipynb")):
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
