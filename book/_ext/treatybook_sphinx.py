"""Sphinx extension of the book: roles, the figure library, page scripts, repository links."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole

BOOK = Path(__file__).resolve().parent.parent
ROOT = BOOK.parent
sys.path.insert(0, str(BOOK))

import treatybook_fresh as fresh  # noqa: E402
from treatybook import exports, refer, tables, workshop  # noqa: E402
from treatybook.show import PAGE_VARIABLE  # noqa: E402

logger = logging.getLogger(__name__)
# Outside _static: Jupyter Book loads every script it finds there on every page.
LIBRARY_FOLDER = ROOT / "_build" / "library"
EXTRA_FOLDER = ROOT / "_build" / "extra"
# No control that does nothing, and the data of figures unfolded. A browser that does not know
# how leaves them folded, with the words to unfold them by.
WITHOUT_SCRIPT = (
    ".tb-plot,.tb-buttons,.tb-player,.tb-quiz button,.tb-quiz output,.tb-quiz input"
    "{display:none!important}.tb-quiz label:has([type=text]){display:none}"
    "@supports selector(::details-content){.tb-data>summary{display:none}"
    ".tb-data::details-content{content-visibility:visible;display:block}}"
)
DATASET_PAGES = ("book/index", "book/data")


class RowRole(ReferenceRole):
    """``{event}`key```: words from a row of the tables, linked to where it is shown."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            found = refer.reference(tables.read(), self.kind, self.target)
        except refer.UnknownReference as error:
            logger.warning("%s", error, location=self.get_location(), type="treatybook")
            return [nodes.problematic(text=self.rawtext)], []
        text = self.title if self.has_explicit_title else found.text
        if not found.page:
            return [nodes.inline(text=text, classes=[f"tb-{self.kind}"])], []
        address = f"{found.page}.html#{found.anchor}"
        return [nodes.reference(text=text, refuri=address, internal=True)], []


class RepositoryRole(ReferenceRole):
    """``{repository}`words <path>```: a link into the repository, or the words where none is known."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        address = repository_url()
        if not address:
            return [nodes.inline(text=self.title)], []
        return [nodes.reference(text=self.title, refuri=f"{address}/{self.target}")], []


def copy_library(app: Sphinx, config) -> None:
    """Copy plotly.js out of the installed Python package, beside the other static files."""
    import plotly

    target = LIBRARY_FOLDER / "plotly" / "plotly.min.js"
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        shutil.copyfile(source, target)
    config.html_static_path.append(_from_root(LIBRARY_FOLDER))


def _from_root(folder: Path) -> str:
    # Sphinx writes a hash of its settings into the site: they must not depend on where it lies.
    return folder.relative_to(ROOT).as_posix()


def write_downloads(app: Sphinx, config) -> None:
    """Write the data in its other forms; they go beside the pages, in ``downloads``."""
    inputs = fresh.files(*fresh.EVIDENCE, *fresh.WRITERS)
    fresh.remake(EXTRA_FOLDER, inputs, _export)
    config.html_extra_path.append(_from_root(EXTRA_FOLDER))


def _export(folder: Path) -> None:
    exports.write(tables.read(), folder / exports.FOLDER, [*exports.EXPORTS, *workshop.DOWNLOADS])


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


def repository_url() -> str:
    """Web address of the repository that builds the book, or an empty text.

    Looked for in ``BOOK_REPOSITORY``, in the variables of GitHub Actions, and in the
    address of the git remote ``origin``.
    """
    if address := os.environ.get("BOOK_REPOSITORY"):
        return address.rstrip("/")
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
    command = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    address = answer.stdout.strip().removesuffix(".git")
    if address.startswith("git@"):
        address = "https://" + address.removeprefix("git@").replace(":", "/", 1)
    return address if address.startswith("https://") and "@" not in address else ""


def repository_branch() -> str:
    """Branch that the launch and edit links name."""
    return os.environ.get("GITHUB_REF_NAME") or "main"


def link_repository(app: Sphinx, config) -> None:
    """Give the theme the repository's address, or take its dead buttons away."""
    options = config.html_theme_options
    address = repository_url()
    for button in ("use_repository_button", "use_edit_page_button", "use_issues_button"):
        options[button] = bool(address)
    options["repository_url"] = address
    options["repository_branch"] = repository_branch()
    if not address:
        options["launch_buttons"] = {}


def page_scripts(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Drop Thebe, whose script comes from another host, and say where the library lies."""
    # The theme and its extensions have no switch for this: the script is always added.
    scripts = context.get("script_files", [])
    context["script_files"] = [s for s in scripts if "thebe" not in _script_text(s)]
    css = context.get("css_files", [])
    context["css_files"] = [s for s in css if "thebe" not in _script_text(s)]
    tags = [f"<noscript><style>{WITHOUT_SCRIPT}</style></noscript>"]
    if "tb-figure" in context.get("body", ""):
        library = context["pathto"]("_static/plotly/plotly.min.js", 1)
        tags.append(f'<meta name="tb-library" content="{library}">')
    if pagename in DATASET_PAGES:
        described = json.dumps(exports.dataset(tables.read()), ensure_ascii=False)
        described = described.replace("</", "<\\/")  # it would end the script element early
        tags.append(f'<script type="application/ld+json">{described}</script>')
    # docutils gives entries of a bibliography a role that has been withdrawn.
    context["body"] = context.get("body", "").replace('role="doc-biblioentry"', 'role="listitem"')
    context["metatags"] = "\n".join([context.get("metatags", ""), *tags])


def _script_text(script) -> str:
    attributes = getattr(script, "attributes", {}) or {}
    return f"{getattr(script, 'filename', '')} {attributes.get('body', '')}".lower()


def setup(app: Sphinx) -> dict:
    os.environ[PAGE_VARIABLE] = "1"
    for kind in refer.KINDS:
        app.add_role(kind, RowRole(kind))
    app.add_role("repository", RepositoryRole())
    app.add_css_file("treatybook.css")
    app.add_js_file("treatybook.js", defer="defer")
    app.connect("config-inited", copy_library)
    app.connect("config-inited", write_downloads)
    app.connect("config-inited", forget_stale_outputs)
    app.connect("config-inited", link_repository)
    app.connect("env-get-outdated", reread_stale_pages)
    app.connect("env-before-read-docs", run_notebooks)
    app.connect("html-page-context", page_scripts, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
