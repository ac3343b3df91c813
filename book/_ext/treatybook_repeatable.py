"""Sphinx extension that makes two builds of one commit the same, byte for byte.

Tested by ``tests/test_reliability.py``, which builds twice and compares every file.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from sphinx.application import Sphinx


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


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", name_cells)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
